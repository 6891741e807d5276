// Questions are dragged to another place. The arrows beside them do the same without a mouse and without this file.
const csrf = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
const list = document.querySelector("[data-order]");
const error = document.getElementById("order-error");
let dragged = null;

list?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("li[data-key]");
  dragged?.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
});
list?.addEventListener("dragover", (event) => {
  if (!dragged) return;
  event.preventDefault();
  const over = event.target.closest("li[data-key]");
  if (!over || over === dragged) return;
  const box = over.getBoundingClientRect();
  list.insertBefore(dragged, event.clientY < box.top + box.height / 2 ? over : over.nextSibling);
});
list?.addEventListener("drop", (event) => event.preventDefault());
list?.addEventListener("dragend", async () => {
  if (!dragged) return;
  dragged.classList.remove("is-dragged");
  dragged = null;
  const order = [...list.querySelectorAll("li[data-key]")].map((item) => item.dataset.key).join(",");
  const response = await fetch(list.dataset.order, {
    method: "POST",
    headers: { "X-CSRFToken": csrf(), "X-Order": "1" },
    body: new URLSearchParams({ order }),
  }).catch(() => null);
  if (response?.status === 409) {
    sessionStorage.setItem("order-error", await response.text());
  }
  location.reload(); // numbers and conditions are worded by the server
});
const said = sessionStorage.getItem("order-error");
if (said && error) {
  sessionStorage.removeItem("order-error");
  error.textContent = said;
  error.hidden = false;
}
