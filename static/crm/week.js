// Visits of the week plan are dragged to another day. The buttons of each do the same without this.
const form = document.querySelector("[data-week-form]");
let held = null;
for (const call of document.querySelectorAll("[data-move]")) {
  call.addEventListener("dragstart", (event) => {
    held = call;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", call.id);
  });
  call.addEventListener("dragend", () => (held = null));
}
for (const day of document.querySelectorAll("[data-day]")) {
  day.addEventListener("dragover", (event) => {
    if (!held || day.contains(held)) return;
    event.preventDefault();
    day.classList.add("is-target");
  });
  day.addEventListener("dragleave", (event) => day.contains(event.relatedTarget) || day.classList.remove("is-target"));
  day.addEventListener("drop", (event) => {
    event.preventDefault();
    day.classList.remove("is-target");
    if (!held || !form) return;
    form.action = held.dataset.move;
    form.elements.to.value = day.dataset.day;
    form.requestSubmit();
  });
}
