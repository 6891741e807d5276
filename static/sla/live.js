// Keeps a page current that stays open all day. Asks the page's own address each minute, with the tag of what is shown:
// 304 while nothing has changed. Hidden pages rest. Focus, scroll and an open menu are left alone; silence is told.

const PERIOD = 60000;
const plural = (forms, count) => forms[count === 1 ? 0 : 1].replace("%(count)s", count);
/** Hours and minutes in the zone of the account, which need not be this machine's. */
export const clock = (date, timeZone) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(date);

/** How many of these keys were not there before. */
export function countNew(before, after) {
  const known = new Set(before);
  return after.filter((key) => !known.has(key)).length;
}

function start(box) {
  const words = JSON.parse(box.dataset.words);
  const at = box.querySelector(".live-at");
  const news = box.querySelector(".live-news");
  const trouble = box.querySelector(".live-trouble");
  const title = document.title.replace(/^\(\d+\) /, "");
  let asked = Date.now();
  const now = () => clock(new Date(), box.dataset.zone);
  let seen = now();
  let silentSince = "";

  const part = (from = document) => from.querySelector(box.dataset.live);
  const keys = (from) => [...from.querySelectorAll("[data-key], .badge.clock[href]")].map((one) => one.dataset.key || one.getAttribute("href"));

  function count() {
    // Overdue and soon, as the badges say it now: they count on by themselves.
    const marked = [...part().querySelectorAll("[data-urgent]")];
    const urgent = marked.length ? marked.reduce((sum, one) => sum + Number(one.dataset.urgent), 0) : part().querySelectorAll(".badge.late, .badge.soon").length;
    document.title = urgent ? `(${urgent}) ${title}` : title;
  }

  function isBusy() {
    const active = document.activeElement;
    return Boolean(part().querySelector("details[open]") || (part().contains(active) && active.matches("input, select, textarea")));
  }

  function swap(page) {
    const old = part();
    const fresh = document.adoptNode(part(page));
    const active = document.activeElement;
    const held = old.contains(active) ? { href: active.getAttribute("href"), id: active.id } : null;
    const row = old.querySelector("tr.is-active .badge.clock")?.getAttribute("href");
    const added = countNew(keys(old), keys(fresh));
    old.replaceWith(fresh);
    window.htmx?.process(fresh);
    const same = held && ((held.id && document.getElementById(held.id)) || [...fresh.querySelectorAll("a")].find((one) => held.href && one.getAttribute("href") === held.href));
    same?.focus({ preventScroll: true });
    if (row) [...fresh.querySelectorAll(".badge.clock")].find((one) => one.getAttribute("href") === row)?.closest("tr")?.classList.add("is-active");
    news.textContent = added ? plural(words.new, added) : "";
  }

  function tell(text, link) {
    if (trouble.dataset.said === text) return;
    trouble.dataset.said = text;
    trouble.textContent = text;
    if (!link) return;
    const anchor = document.createElement("a");
    anchor.href = link;
    anchor.textContent = words.signIn;
    trouble.append(" ", anchor);
  }

  async function ask() {
    if (document.hidden || isBusy()) return;
    asked = Date.now();
    const answer = await fetch(location.href, { headers: { "If-None-Match": box.dataset.tag, "X-Live": "1" }, cache: "no-store" }).catch(() => null);
    if (answer?.redirected || answer?.status === 401 || answer?.status === 403) return tell(words.signedOut.replace("{time}", seen), answer.redirected ? answer.url : location.href);
    if (!answer || (answer.status !== 304 && !answer.ok)) {
      silentSince ||= now();
      return tell(words.offline.replace("{time}", silentSince));
    }
    silentSince = "";
    tell("");
    seen = now();
    if (answer.status === 200) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const live = page.getElementById("live");
      if (!live || !part(page)) return;
      // Another tab or filter may have been opened meanwhile: then the tag is new, and so are all its rows.
      const moved = box.dataset.address && box.dataset.address !== location.href;
      box.dataset.tag = live.dataset.tag;
      swap(page);
      if (moved) news.textContent = "";
    } else news.textContent = "";
    box.dataset.address = location.href;
    at.textContent = words.asOf.replace("{time}", seen);
    count();
  }

  box.dataset.address = location.href;
  count();
  // Spread over the minute, so that five hundred open pages do not ask at once.
  setTimeout(() => (ask(), setInterval(ask, PERIOD)), PERIOD * (0.5 + Math.random() / 2));
  document.addEventListener("visibilitychange", () => !document.hidden && Date.now() - asked > PERIOD / 2 && ask());
  addEventListener("online", ask);
  box.addEventListener("live:ask", ask);
  document.addEventListener("htmx:afterSettle", count);
}

if (typeof document !== "undefined") {
  const box = document.querySelector("[data-live]");
  if (box) start(box);
}
