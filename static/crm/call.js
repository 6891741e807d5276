// What is typed during a call is kept twice: in this browser at once, and at the server a moment later.
const form = document.querySelector("form[data-call]");
const state = document.querySelector("[data-call-state]");
const key = `call:${form?.dataset.call}`;
const WAIT = 700;
let timer = 0;
let isSending = false;
const csrf = () => form.querySelector("[name=csrfmiddlewaretoken]").value;
const isKept = (field) => field.name && !["file", "hidden", "submit", "button"].includes(field.type) && field.tagName !== "BUTTON";

function typed() {
  const pairs = [];
  for (const field of form.elements) {
    if (!isKept(field)) continue;
    if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
    if (field.value !== "") pairs.push([field.name, field.value]);
  }
  return pairs;
}

function putBack(pairs) {
  for (const field of form.elements) {
    if (!isKept(field)) continue;
    const mine = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "radio" || field.type === "checkbox") field.checked = mine.includes(field.value);
    else field.value = mine[0] ?? "";
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

const say = (text) => {
  if (state && state.textContent !== text) state.textContent = text;
};

async function send() {
  if (isSending) return later();
  isSending = true;
  const response = await fetch(form.dataset.draft, {
    method: "POST",
    headers: { "X-CSRFToken": csrf() },
    body: new URLSearchParams(typed()),
  }).catch(() => null);
  isSending = false;
  if (response?.ok && !response.redirected) {
    localStorage.removeItem(key);
    return say(form.dataset.kept);
  }
  say(response?.status === 409 ? form.dataset.lost : form.dataset.offline);
}
const later = () => {
  clearTimeout(timer);
  timer = setTimeout(send, WAIT);
};

if (form) {
  // Only what never reached the server is still here; it is newer than the server's draft.
  const stored = JSON.parse(localStorage.getItem(key) || "null");
  const hasErrors = form.querySelector(".summary, .has-error");
  if (stored && !hasErrors && stored.at > (form.dataset.draftAt || "")) {
    putBack(stored.pairs);
    later();
  }
  form.addEventListener("input", () => {
    localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), pairs: typed() }));
    later();
  });
  window.addEventListener("online", later);
  form.addEventListener("submit", () => clearTimeout(timer));
  // Digits answer the question in which the focus is, as on a telephone.
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[0-9]$/.test(event.key)) return;
    if (!event.target.matches("input[type=radio], input[type=checkbox]")) return;
    const group = event.target.closest("fieldset");
    const choice = group?.querySelectorAll("input")[Number(event.key) - 1];
    if (!choice) return;
    event.preventDefault();
    choice.click();
    choice.focus();
  });
  if (!hasErrors) form.querySelector(".asking:not([data-off]) input, .asking:not([data-off]) textarea")?.focus({ preventScroll: true });
}
