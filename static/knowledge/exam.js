// The clock of a test: shows what is left, and hands in when the time is up. The server has the last word.
const form = document.querySelector("#exam[data-left]");
if (form) {
  const shown = form.querySelector("[data-left-shown]");
  const end = performance.now() + Number(form.dataset.left) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    shown.classList.toggle("late", left < 60);
    if (left === 0) return form.requestSubmit();
    setTimeout(tick, 1000);
  };
  tick();
}
