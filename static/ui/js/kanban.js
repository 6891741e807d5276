// Cards of a board are dragged to another column. What is pressed then is the entry of the card's own menu.
const board = document.querySelector("[data-kanban]");
const said = document.querySelector("[data-kanban-said]");
let held = null;
board?.addEventListener("dragstart", (event) => {
  held = event.target.closest("[data-card]");
  if (!held) return;
  said.hidden = true;
  held.classList.add("is-held");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", held.dataset.card);
});
board?.addEventListener("dragend", () => {
  held?.classList.remove("is-held");
  held = null;
});
for (const column of document.querySelectorAll("[data-kanban] [data-state]")) {
  column.addEventListener("dragover", (event) => {
    if (!held || column.contains(held)) return;
    event.preventDefault();
    column.classList.add("is-target");
  });
  column.addEventListener("dragleave", (event) => column.contains(event.relatedTarget) || column.classList.remove("is-target"));
  column.addEventListener("drop", (event) => {
    event.preventDefault();
    column.classList.remove("is-target");
    if (!held) return;
    const ways = [...held.querySelectorAll("[data-to]")].filter((one) => one.dataset.to === column.dataset.state);
    const open = ways.find((one) => !one.dataset.blocked);
    const button = open?.querySelector("a, button");
    if (button) button.click();
    else {
      said.textContent = ways[0]?.dataset.blocked || board.dataset.refused;
      said.hidden = false;
      said.scrollIntoView({ block: "nearest" });
    }
  });
}
