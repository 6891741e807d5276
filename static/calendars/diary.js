// The calendar: entries are dragged, or moved with Shift and the arrow keys. The form behind "Move to …" does the same without this.
const el = (name, attributes, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
};
const diary = document.querySelector("[data-diary]");
const said = diary.querySelector("[data-diary-said]");
const grid = diary.querySelector(".diary-grid");
const QUARTER = 15 * 60000;
const pad = (number) => String(number).padStart(2, "0");
const written = (date) => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
const spoken = (date, isDay) => new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long", ...(isDay ? {} : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) }).format(date);
// Wall clocks only: the server knows the reader's zone.
const read = (text) => new Date(text.length === 10 ? `${text}T00:00` : text);

// ---- where something goes ----
async function move(entry, start) {
  const isDay = entry.dataset.start.length === 10;
  const values = new FormData(diary.querySelector("[data-diary-form]"));
  values.set("drop", "1");
  values.set("back", diary.dataset.here);
  if (isDay) values.set("day", written(start).slice(0, 10));
  else {
    values.set("start", written(start));
    if ("hasEnd" in entry.dataset) values.set("end", written(new Date(start.getTime() + entry.dataset.minutes * 60000)));
  }
  const response = await fetch(entry.dataset.move, { method: "POST", body: values, headers: { "X-Dialog": "1" } }).catch(() => null);
  if (response?.headers.has("X-Location")) return go(response.headers.get("X-Location"));
  if (response?.headers.has("X-Ask")) {
    // Something must be asked: who is told, or whether it is meant although something does not fit.
    const link = el("a", { href: response.headers.get("X-Ask"), "data-dialog": "", class: "sr" });
    diary.append(link);
    link.click();
    link.remove();
    return;
  }
  if (response?.ok || (response && response.status < 500)) return location.reload();
  document.getElementById("messages").append(el("p", { class: "message error" }, diary.dataset.failed));
}
function go(address) {
  const url = new URL(address, location.href);
  location.assign(url);
  if (url.href.split("#")[0] === location.href.split("#")[0]) location.reload();
}

// ---- drag ----
let held = null;
let grabbed = 0;
let mark = null;
const clear = () => {
  mark?.remove();
  mark = null;
  diary.querySelectorAll(".is-target").forEach((one) => one.classList.remove("is-target"));
};
diary.addEventListener("dragstart", (event) => {
  const entry = event.target.closest?.("[data-move]");
  if (!entry) return;
  held = entry;
  grabbed = event.clientY - entry.getBoundingClientRect().top;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", entry.dataset.entry);
  setTimeout(() => entry.classList.add("is-held"));
});
diary.addEventListener("dragend", () => {
  held?.classList.remove("is-held");
  held = null;
  clear();
});
function target(event) {
  const place = held && event.target.closest?.("[data-day]");
  const from = held?.closest("[data-day]");
  return place && (place.dataset.person || "") === (from.dataset.person || "") ? place : null;
}
function landing(place, event) {
  const before = read(held.dataset.start);
  const day = read(place.dataset.day);
  const isTimed = held.dataset.start.length > 10;
  const hours = place.querySelector(".blocks");
  const start = new Date(day);
  if (!isTimed) return start;
  start.setHours(before.getHours(), before.getMinutes());
  if (!hours) return start;
  const box = hours.getBoundingClientRect();
  if (event.clientY < box.top) return start;
  const size = box.height / ((grid.dataset.lastHour - grid.dataset.firstHour) * 4);
  const slot = Math.max(0, Math.round((event.clientY - grabbed - box.top) / size));
  start.setHours(Number(grid.dataset.firstHour), slot * 15);
  return start;
}
diary.addEventListener("dragover", (event) => {
  const place = target(event);
  clear();
  if (!place) return;
  event.preventDefault();
  show(place, landing(place, event), held);
});
diary.addEventListener("drop", (event) => {
  const place = target(event);
  if (!place) return;
  event.preventDefault();
  const start = landing(place, event);
  const entry = held;
  clear();
  if (written(start).slice(0, entry.dataset.start.length) !== entry.dataset.start) move(entry, start);
});
function show(place, start, entry) {
  const blocks = place.querySelector(".blocks");
  if (!blocks || entry.dataset.start.length === 10) return place.classList.add("is-target");
  const slot = (start.getHours() - grid.dataset.firstHour) * 4 + Math.floor(start.getMinutes() / 15);
  const length = Math.max(2, Math.ceil(Number(entry.dataset.minutes || 30) / 15));
  if (slot < 0) return place.classList.add("is-target");
  mark = el("li", { class: `drop f${Math.min(slot, 95)} l${length}`, "aria-hidden": "true" }, written(start).slice(11));
  blocks.append(mark);
}

// ---- the same by keyboard: Shift and arrows, Enter moves, Escape leaves it where it was ----
let moving = null;
function stop() {
  moving?.entry.classList.remove("is-moving");
  moving = null;
  clear();
}
const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
diary.addEventListener("keydown", (event) => {
  const entry = event.target.closest("[data-move]");
  if (entry && event.shiftKey && steps[event.key]) {
    event.preventDefault();
    const isDay = entry.dataset.start.length === 10;
    if (moving?.entry !== entry) stop();
    moving ??= { entry, start: read(entry.dataset.start) };
    const [days, quarters] = steps[event.key];
    const day = new Date(moving.start);
    day.setDate(day.getDate() + days + (isDay ? quarters * 7 : 0));
    moving.start = isDay ? day : new Date(day.getTime() + quarters * QUARTER);
    entry.classList.add("is-moving");
    clear();
    const person = entry.closest("[data-day]").dataset.person;
    const place = [...diary.querySelectorAll(`[data-day="${written(moving.start).slice(0, 10)}"]`)].find((one) => (one.dataset.person || "") === (person || ""));
    if (place) show(place, moving.start, entry);
    said.textContent = `${spoken(moving.start, isDay)}. ${diary.dataset.how}`;
    return;
  }
  if (moving && event.key === "Escape") {
    event.preventDefault();
    stop();
    said.textContent = diary.dataset.left;
  } else if (moving && event.key === "Enter" && entry === moving.entry) {
    event.preventDefault();
    const { start } = moving;
    stop();
    if (written(start).slice(0, entry.dataset.start.length) !== entry.dataset.start) move(entry, start);
  }
});
diary.addEventListener("focusout", (event) => moving && !moving.entry.contains(event.relatedTarget) && stop());

// ---- empty places: one of them can be reached with Tab, the arrows go on from there ----
const columns = [...diary.querySelectorAll(".slots")].map((one) => [...one.querySelectorAll("[data-slot]")]);
if (columns.length) columns[0][0].tabIndex = 0;
diary.addEventListener("keydown", (event) => {
  const at = event.target.closest("[data-slot]");
  if (!at || event.shiftKey || !steps[event.key]) return;
  event.preventDefault();
  const column = columns.findIndex((one) => one.includes(at));
  const row = columns[column].indexOf(at);
  const [right, down] = steps[event.key];
  const next = columns[column + right]?.[row + down];
  if (!next) return;
  at.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});
// A click in the lower half of an hour means its second half.
diary.addEventListener("click", (event) => {
  const slot = event.target.closest("[data-slot]");
  if (!slot || !event.detail) return;
  const box = slot.getBoundingClientRect();
  const half = event.clientY - box.top > box.height / 2 ? "30" : "00";
  slot.href = slot.href.replace(/:\d\d$|%3A\d\d$/, (end) => end.slice(0, -2) + half);
}, true);
