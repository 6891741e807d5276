// The editor of message words: a placeholder goes where the cursor was. Without this file the names are read and typed.
const form = document.querySelector("[data-words]");
let field = null;

form?.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea, input[type=text]")) field = event.target;
});
form?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const into = field?.isConnected && field.id !== "record-number" ? field : form.querySelector("details[open] textarea");
  if (!into) return;
  into.focus();
  into.setRangeText(button.dataset.insert, into.selectionStart, into.selectionEnd, "end");
  into.dispatchEvent(new Event("input", { bubbles: true }));
});
