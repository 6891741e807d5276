// Keeps the badges of promises counting, in working time, without asking the server and without being announced.
// A badge carries: data-due and data-now (seconds, the server's), data-pieces (stretches of working time, relative to
// data-now), data-rest (working time between the last stretch and due), data-soon, data-day, data-at, data-prefix.

const DAY = 86400;

function words() {
  const holder = document.querySelector("[data-clock-words]");
  return holder ? JSON.parse(holder.dataset.clockWords) : null;
}

export function overlap(pieces, from, to) {
  return pieces.reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, to) - Math.max(a, from)), 0);
}

const counted = (forms, count) => forms[count === 1 ? 0 : 1].replace("%(count)s", count);

export function span(seconds, day, say) {
  const hours = (n) => say.hours.replace("%(hours)s", n);
  if (day < DAY && seconds >= 2 * day) {
    const rest = Math.floor((seconds % day) / 3600);
    return counted(say.workingDays, Math.floor(seconds / day)) + (rest ? ` ${hours(rest)}` : "");
  }
  const minutes = Math.floor(seconds / 60);
  const days = Math.floor(minutes / 1440);
  const parts = [];
  if (days) parts.push(counted(say.days, days));
  if (Math.floor((minutes % 1440) / 60)) parts.push(hours(Math.floor((minutes % 1440) / 60)));
  if ((minutes % 60 && !days) || !parts.length) parts.push(say.minutes.replace("%(minutes)s", minutes % 60));
  return parts.join(" ");
}

export function reading(data, elapsed, say) {
  // What the badge says so many seconds after it was drawn: [text, state].
  const pieces = data.pieces.split(" ").filter(Boolean).map((piece) => piece.split(",").map(Number));
  const due = Number(data.due) - Number(data.now);
  const day = Number(data.day);
  if (elapsed <= due) {
    const left = overlap(pieces, elapsed, due) + Number(data.rest);
    const text = say.due.replace("%(time)s", span(left, day, say)).replace("%(due)s", data.at);
    return [text, left <= Number(data.soon) ? "soon" : "in-time"];
  }
  const late = overlap(pieces, due, elapsed);
  return [late < 60 ? say.over : say.late.replace("%(time)s", span(late, day, say)), "late"];
}

export function together(text) {
  // What belongs together stays on one line: as `together` of badges.py has it.
  const [left, due] = text.split(" · ");
  if (due === undefined) return text;
  const hold = (part) => part.replaceAll(" ", "\u00a0");
  return `${left.replace(/\d.*$/s, hold)}\u00a0· ${hold(due)}`;
}

// The server's clock decides: only the time that has passed since a badge was drawn is taken from this machine.
const seen = new WeakMap();

function update() {
  const say = words();
  if (!say || document.hidden) return;
  const now = Date.now();
  for (const badge of document.querySelectorAll(".clock[data-pieces]")) {
    if (!seen.has(badge)) seen.set(badge, now);
    const [text, state] = reading(badge.dataset, Math.floor((now - seen.get(badge)) / 1000), say);
    const whole = (badge.dataset.prefix || "") + together(text);
    if (badge.textContent !== whole) badge.textContent = whole;
    for (const one of ["in-time", "soon", "late"]) badge.classList.toggle(one, one === state);
  }
}

if (typeof document !== "undefined") {
  update();
  setInterval(update, 60000);
  document.addEventListener("visibilitychange", update);
}
