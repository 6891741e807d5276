// The clock of a test: shows what is left, and hands in when the time is up. The server has the last word.
const exam = document.querySelector("#exam");
// Whoever left something out is asked once more; nobody is when the time is up.
exam?.querySelector(".btn.go").addEventListener("click", () => {
  const open = [...exam.querySelectorAll("fieldset")].filter((one) => ![...one.querySelectorAll("input")].some((field) => (field.type === "text" ? field.value.trim() : field.checked)));
  if (open.length) exam.dataset.confirm = exam.dataset.open.replace("{count}", open.length);
  else delete exam.dataset.confirm;
});
const form = exam?.dataset.left ? exam : null;
if (form) {
  const shown = form.querySelector("[data-left-shown]");
  const end = performance.now() + Number(form.dataset.left) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    shown.classList.toggle("late", left < 60);
    if (left === 0) {
      delete form.dataset.confirm;
      return form.requestSubmit();
    }
    setTimeout(tick, 1000);
  };
  tick();
}
