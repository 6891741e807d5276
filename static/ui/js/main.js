// The shell's behaviours, each tied to a data attribute. Every page works without this file.
const root = document.documentElement;
const body = document.body;
root.classList.add("js");

const browser = JSON.parse(document.getElementById("browser")?.textContent || '{"keys":[],"texts":{}}');
const texts = browser.texts;
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

/** Make an element: el("a", {href: "/", class: "btn"}, "Text", child). Text is never parsed as markup. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== false) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${body.dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

export const csrf = () => $("[name=csrfmiddlewaretoken]")?.value || JSON.parse(body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

/** Say something that is also visible for a moment. Never the only copy of a result. */
export function toast(text) {
  let box = $(".toasts");
  if (!box) body.append((box = el("div", { class: "toasts", role: "status" })));
  const note = el("div", { class: "toast" }, text);
  box.append(note);
  setTimeout(() => note.remove(), 4000);
}

// ---- dialogs: they return the focus to where it came from ----
export function openDialog(content, { label, css = "" } = {}) {
  const from = document.activeElement;
  const close = el("button", { type: "button", class: "dialog-close", "aria-label": texts.close }, icon("x-mark"));
  const dialog = el("dialog", { class: css, ...(label ? { "aria-label": label } : {}) }, ...(css.includes("palette") ? [] : [close]), content);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (from?.isConnected) from.focus();
  });
  ($("#dialogs") || body).append(dialog);
  dialog.showModal();
  return dialog;
}

export function confirmDialog(question) {
  return new Promise((resolve) => {
    const yes = el("button", { type: "button", class: "btn stop" }, texts.confirm);
    const no = el("button", { type: "button", class: "btn" }, texts.cancel);
    const dialog = openDialog(el("div", {}, el("h1", {}, question), el("p", { class: "bar" }, yes, no)), { label: question });
    let answer = false;
    yes.addEventListener("click", () => ((answer = true), dialog.close()));
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => resolve(answer));
    no.focus();
  });
}

// A short form opens over the page; a refused one comes back into the dialog, a success is followed.
async function openForm(link) {
  const response = await fetch(link.href, { headers: { "X-Dialog": "1" } }).catch(() => null);
  if (response?.headers.has("X-Location")) return leave(response.headers.get("X-Location"));
  const box = response?.ok && parse(await response.text());
  if (!box) return location.assign(link.href);
  const dialog = openDialog(box, { label: $("h1", box)?.textContent });
  wireFormDialog(dialog, box, link.href);
}
function parse(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const box = $("#form-box", page);
  return box && document.adoptNode(box);
}
function wireFormDialog(dialog, box, address) {
  const form = $("form", box);
  if (!form) return;
  window.htmx?.process(box);
  if (!form.getAttribute("action")) form.action = address;
  ($("[data-focus]", box) || $("input:not([type=hidden]), select, textarea", box))?.focus();
  $("[data-close]", box)?.addEventListener("click", (event) => (event.preventDefault(), dialog.close()));
  ready(box);
  sendInPlace(form, box, (next) => wireFormDialog(dialog, next, address));
}
// Send without leaving the page; what comes back refused takes the place of the form, with the files that were chosen, and `again` wires it.
function sendInPlace(form, box, again, isMeant = () => true) {
  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented || !isMeant()) return;
    event.preventDefault();
    if (form.dataset.reshaping) return void (form.dataset.next = "1"); // it is sent as soon as the new shape is here
    const sent = new FormData(form, event.submitter), reshaping = isReshaping(event);
    if (reshaping) form.dataset.reshaping = "1";
    const response = await fetch(form.action, { method: "POST", body: sent, headers: { "X-Dialog": "1" } }).catch(() => null);
    sessionStorage.removeItem(SENT); // the answer comes here, not with another page
    release(form);
    delete form.dataset.reshaping;
    if (!response) return holdOffline(form);
    if (response.headers.has("X-Location")) {
      forgetDraft(form, response.headers.get("X-Location"));
      return leave(response.headers.get("X-Location"));
    }
    const html = await response.text();
    const next = parse(html);
    if (next) {
      const place = carryOver(form, sent, next);
      box.replaceWith(next);
      again(next);
      if (reshaping) place?.focus();
      if (form.dataset.next) $("form", next)?.requestSubmit();
    } else {
      document.open();
      document.write(html);
      document.close();
    }
  });
}
// A page of its own loses what was chosen, photographed or spoken when it is loaded anew: with files its form is sent in place, too.
function keepFiles(box) {
  const form = box && $("form[enctype='multipart/form-data']", box);
  if (!form) return;
  const hasFiles = () => $$("input[type=file]", form).some((field) => field.files.length);
  sendInPlace(form, box, (next) => {
    ready(next);
    keepFiles(next);
    $("[data-focus]", next)?.focus();
  }, hasFiles);
}
const isReshaping = ({ target, submitter }) => Boolean(submitter?.name && $(`[data-reshape="${submitter.name}"]`, target));
// What was typed while the answer was on its way goes into the new form; answers the field there that had the focus here.
function carryOver(form, sent, next) {
  const twin = (name) => !name ? null : $(`form [name="${CSS.escape(name)}"]:not([type=hidden], [type=file], [type=checkbox], [type=radio])`, next);
  for (const [name, value] of new FormData(form)) {
    const field = typeof value === "string" && value !== sent.get(name) && twin(name);
    if (field) field.value = value;
  }
  for (const field of $$("input[type=file][name]", form)) {
    const there = field.files.length && $(`form input[type=file][name="${CSS.escape(field.name)}"]`, next);
    if (there) there.files = field.files;
  }
  return form.contains(document.activeElement) ? twin(document.activeElement.name) : null;
}
function leave(address) {
  const url = new URL(address, location.href);
  dirty.clear();
  const here = location.href.split("#")[0];
  location.assign(url);
  // A mere change of the fragment loads nothing.
  if (url.hash && url.href.split("#")[0] === here) location.reload();
}

// ---- form guards ----
const dirty = new Set();
const draftKey = (form) => `draft:${new URL(form.action, location.href).pathname}`;
const isSecret = (field) => !field.name || ["password", "file", "hidden"].includes(field.type);

function draftOf(form) {
  const values = [];
  for (const field of form.elements) {
    if (isSecret(field) || field.tagName === "BUTTON") continue;
    if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
    if (field.type === "select-multiple") for (const option of field.selectedOptions) values.push([field.name, option.value]);
    else values.push([field.name, field.value]);
  }
  return values;
}
function putBack(form, values) {
  for (const field of form.elements) {
    if (isSecret(field) || field.tagName === "BUTTON") continue;
    const mine = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "radio" || field.type === "checkbox") field.checked = mine.includes(field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = mine.includes(option.value);
    else if (mine.length) field.value = mine[0];
  }
  dirty.add(form);
}
// Where a sent form has led to another page its words have arrived. A refusal, an error and the way to sign in keep them.
const SENT = "draft-sent";
const asksToSignIn = (address) => new URL(address, location.href).pathname.startsWith("/account/");
function keepDraft(form) {
  sessionStorage.setItem(draftKey(form), JSON.stringify(draftOf(form)));
  sessionStorage.setItem(SENT, JSON.stringify([draftKey(form), location.href.split("#")[0]]));
}
function forgetDraft(form, address) {
  if (!asksToSignIn(address)) sessionStorage.removeItem(draftKey(form));
}
function forgetSent() {
  const [key, from] = JSON.parse(sessionStorage.getItem(SENT) || "[]");
  sessionStorage.removeItem(SENT);
  if (!key || asksToSignIn(location.href)) return;
  const isRefused = performance.getEntriesByType("navigation")[0]?.responseStatus >= 400;
  const isHere = $$("form[data-guard]").some((form) => draftKey(form) === key);
  if ($(".message.success") || (document.referrer === from && !isRefused && !isHere)) sessionStorage.removeItem(key);
}
// A draft survives a lost connection or an expired session, in this tab only, until the form was saved.
function offerDraft(form) {
  const stored = sessionStorage.getItem(draftKey(form));
  if (!stored) return;
  sessionStorage.removeItem(draftKey(form));
  // What has just been done is said above the page: these words have arrived.
  if ($(".message.success") || $(".summary, .has-error", form) || JSON.stringify(draftOf(form)) === stored) return;
  const restore = el("button", { type: "button", class: "btn" }, texts.restore);
  const discard = el("button", { type: "button", class: "btn" }, texts.discard);
  const notice = el("div", { class: "notice", role: "status" }, el("span", {}, texts.draft), restore, discard);
  restore.addEventListener("click", () => (putBack(form, JSON.parse(stored)), notice.remove()));
  discard.addEventListener("click", () => notice.remove());
  form.prepend(notice);
}
function holdOffline(form) {
  release(form);
  if ($(".notice.is-offline", form)) return;
  const retry = el("button", { type: "submit", class: "btn" }, texts.retry);
  form.prepend(el("div", { class: "notice is-offline", role: "alert" }, el("span", {}, texts.offline), retry));
  form.firstChild.scrollIntoView({ block: "center" }); // the button stands far below it on a phone
}
function release(form) {
  delete form.dataset.sending;
}
// Back at a form that was sent, the same words sent again are the same deed: they carry the token of the first time,
// to which the server answers with the first result. Other words are another deed.
function recallToken(form, submitter) {
  const token = $("[name=submission], [data-token]", form);
  if (!token) return;
  const key = `sent:${form.getAttribute("action") || location.pathname + location.search}`;
  const pairs = [...new FormData(form, submitter)].filter(([name]) => name !== token.name && name !== "csrfmiddlewaretoken");
  const words = JSON.stringify(pairs.map(([name, value]) => [name, value.name ?? value]));
  const sent = JSON.parse(sessionStorage.getItem(key) || "null");
  const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (isBack && sent?.words === words) token.value = sent.token;
  sessionStorage.setItem(key, JSON.stringify({ words, token: token.value }));
}
function guard(form) {
  form.addEventListener("input", () => dirty.add(form));
  // A form whose words the server keeps while they are typed has them already.
  if (form.dataset.guard === "kept") return sessionStorage.removeItem(draftKey(form));
  offerDraft(form);
}
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.confirm && !form.dataset.confirmed) {
    event.preventDefault();
    const submitter = event.submitter;
    if (!(await confirmDialog(form.dataset.confirm))) return;
    form.dataset.confirmed = "1";
    return form.requestSubmit(submitter);
  }
  delete form.dataset.confirmed;
  if (form.matches("[data-once]") && !isReshaping(event)) {
    // The button stays enabled; a second press within some seconds is simply not sent again.
    if (Date.now() - Number(form.dataset.sending || 0) < 8000) {
      event.preventDefault();
      return toast(texts.sending);
    }
    form.dataset.sending = Date.now();
  }
  if (form.matches("[data-guard]")) {
    if (!navigator.onLine) {
      event.preventDefault();
      return holdOffline(form);
    }
    if (dirty.has(form)) keepDraft(form);
  }
  recallToken(form, event.submitter); // which may be the button in the notice
  $(".notice.is-offline", form)?.remove();
  dirty.clear();
}, true);
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) {
    event.preventDefault();
    event.returnValue = texts.unsaved;
  }
});
addEventListener("pageshow", () => $$("[data-sending]").forEach(release));
addEventListener("online", () => toast(texts.online));

// ---- menus: one open at a time, Escape gives the focus back ----
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details[data-menu]") && event.target.open) {
    $$("details[data-menu][open]").forEach((menu) => menu !== event.target && !menu.contains(event.target) && (menu.open = false));
  }
}, true);
document.addEventListener("click", (event) => {
  $$("details[data-menu][open]").forEach((menu) => menu.contains(event.target) || (menu.open = false));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    $("summary", menu).focus();
  }
});

// ---- rail, theme ----
document.addEventListener("click", (event) => {
  const fold = event.target.closest("[data-rail-fold]");
  if (fold) {
    const narrow = root.dataset.rail !== "narrow";
    narrow ? (root.dataset.rail = "narrow") : delete root.dataset.rail;
    fold.setAttribute("aria-expanded", String(!narrow));
    document.cookie = `rail=${narrow ? "narrow" : "wide"};path=/;max-age=31536000;samesite=lax`;
  }
  const theme = event.target.closest("[data-preferences] button[name=theme]");
  if (theme) root.dataset.theme = theme.value; // at once; the form keeps it on the account
});

// ---- copy, dialogs by link, sheet ----
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = el("textarea", { class: "sr" });
    field.value = text;
    body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  toast(texts.copied.replace("{text}", text));
}
document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const button = event.target.closest("[data-copy]");
  if (button) copy(button.dataset.copy);
  const link = event.target.closest("a[data-dialog]");
  if (link) {
    event.preventDefault();
    openForm(link);
  }
  if (event.target.closest("[data-sheet]")) showSheet();
});
const keyNames = { mod: /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl", enter: "⏎", arrowleft: "←", arrowright: "→" };
const keyLabel = (keys) => keys.split(/[+ ]/).map((key) => keyNames[key] || key.toUpperCase()).join(" ");
function showSheet() {
  const groups = new Map();
  for (const [keys, , label, group] of browser.keys) groups.set(group, [...(groups.get(group) || []), [keys, label]]);
  const sections = [...groups].map(([group, items]) =>
    el("section", {}, el("h3", {}, group), el("dl", { class: "keys is-tight" }, ...items.map(([keys, label]) => el("div", {}, el("dt", {}, el("kbd", {}, keyLabel(keys))), el("dd", {}, label))))));
  openDialog(el("div", {}, el("h1", {}, texts.sheet), el("div", { class: "sheet-groups" }, ...sections)), { label: texts.sheet });
}

// ---- keys: the sheet and the handlers read the same list ----
const openPalette = async () => (await import(body.dataset.paletteModule)).open({ el, icon, csrf, openDialog, texts, leave });
const actions = {
  palette: () => body.dataset.paletteModule && openPalette(),
  search: () => $("[data-search]"),
  sheet: showSheet,
  new: () => {
    const menu = $$("[data-new]").find((item) => item.offsetParent)?.closest("details");
    if (menu) (menu.open = true), $("a", menu)?.focus();
  },
  next: () => move(1),
  previous: () => move(-1),
  open: () => $("tr.is-active a")?.click(),
  select: () => $("tr.is-active input[type=checkbox]")?.click(),
  "copy-number": () => $("[data-copy]") && copy($("[data-copy]").dataset.copy),
  note: () => $("[data-note]"),
  save: () => document.activeElement?.closest("form[method=post]")?.requestSubmit(),
};
function move(step) {
  const rows = $$("[data-rows] > tr");
  const at = rows.findIndex((row) => row.classList.contains("is-active"));
  const row = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  if (!row) return;
  rows[at]?.classList.remove("is-active");
  row.classList.add("is-active");
  row.scrollIntoView({ block: "nearest" });
  $("a", row)?.focus({ preventScroll: true });
}
let started = "";
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.defaultPrevented) return;
  const mod = event.ctrlKey || event.metaKey;
  const target = event.target;
  if (!mod) {
    if (body.dataset.keys === "off" || target.isContentEditable || $("dialog[open]")) return;
    if (target.matches("input:not([type=checkbox], [type=radio]), select, textarea")) return;
    if (event.key === "Enter" && target !== body && !target.closest("tr.is-active")) return;
    if (event.key === "Enter" && target.closest("a, button, summary, input")) return;
  }
  const key = event.key.toLowerCase();
  const pressed = mod ? `mod+${key}` : started ? `${started} ${key}` : key;
  started = "";
  const meant = browser.keys.filter(([keys, , , , place]) => keys === pressed && (!place || $(place)));
  const found = meant.find(([, , , , place]) => place) || meant[0];
  if (!found) {
    if (!mod && browser.keys.some(([keys]) => keys.startsWith(`${key} `))) {
      started = key;
      setTimeout(() => (started = ""), 1200);
    }
    return;
  }
  const [, action] = found;
  if (action === "save" && !target.closest?.("form[method=post]")) return;
  event.preventDefault();
  if (action.startsWith("click:")) return $(action.slice(6))?.click();
  if (action.startsWith("go:")) return location.assign(action.slice(3));
  const result = actions[action]?.();
  if (result instanceof HTMLElement) {
    result.focus();
    result.select?.();
  }
});

// ---- each minute: counters, and badges that say how much time is left; never announced ----
async function tick() {
  if (document.hidden) return;
  if (body.dataset.tick) {
    const answer = await fetch(body.dataset.tick).then((r) => (r.ok ? r.json() : null)).catch(() => null);
    if (answer?.signed_out && !$("#messages .is-signed-out")) $("#messages")?.append(el("p", { class: "message warning is-signed-out" }, texts.signed_out));
    for (const [code, [count, late]] of Object.entries(answer?.counts || {})) {
      const counter = $(`.rail [data-area="${CSS.escape(code)}"] .count`);
      if (!counter) continue;
      if ((counter.firstChild?.textContent.trim() || "0") !== String(count)) counter.textContent = count || "";
      counter.classList.toggle("late", late);
    }
    const bell = $("[data-unread]");
    if (bell && answer?.counts) bell.textContent = bell.dataset.unread = answer.unread;
  }
  for (const box of $$("[data-refresh]")) {
    const html = await fetch(box.dataset.refresh, { headers: { "HX-Request": "true" } }).then((r) => (r.ok && !r.redirected ? r.text() : null)).catch(() => null);
    if (html !== null && html.trim() !== box.innerHTML.trim()) box.innerHTML = html;
  }
}
if (body.dataset.ringing) import(body.dataset.ringingModule).then((module) => module.start(body.dataset.ringing));
setInterval(tick, 60000);
document.addEventListener("visibilitychange", tick);

// ---- a form whose shape depends on a choice is asked for anew, with what was typed ----
document.addEventListener("change", (event) => {
  const name = event.target.dataset.reshape;
  const button = name && event.target.form?.querySelector(`button[name="${name}"]`);
  if (button) event.target.form.requestSubmit(button);
});

// ---- lists ----
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-filters]");
  if (form && event.target.name !== "q") form.requestSubmit();
  if (event.target.form?.matches("[data-bulk]") && event.target.name === "pk") {
    const bulk = event.target.form;
    const count = $$("[data-rows] input[name=pk]:checked").length;
    bulk.classList.toggle("is-open", count > 0);
    $("[data-bulk-count]", bulk).textContent = count;
  }
});
// Empty filters stay out of the address.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-filters], .search")) return;
  for (const [name, value] of [...event.formData.entries()]) if (value === "") event.formData.delete(name);
});

// ---- after htmx put something new in, focus and behaviours follow ----
function ready(scope) {
  $$("form[data-guard]", scope).forEach(guard);
  $$("[data-signature]", scope).forEach(async (box) => {
    const module = body.dataset.signatureModule || $("[data-signature-module]")?.dataset.signatureModule;
    if (module) (await import(module)).start(box, texts);
  });
  $$("form[data-locate]", scope).forEach(async (form) => {
    if (body.dataset.positionModule) (await import(body.dataset.positionModule)).start(form);
  });
  $$("input[type=file][data-voice]", scope).forEach(async (input) => {
    if (body.dataset.filesModule) (await import(body.dataset.filesModule)).start(input, { el, icon, texts, toast });
  });
  $$("textarea[data-mention]", scope).forEach(async (area) => {
    if (body.dataset.mentionsModule) (await import(body.dataset.mentionsModule)).start(area, { el, address: body.dataset.mentions, texts });
  });
  $$("textarea[data-grow]", scope).forEach((area) => area.addEventListener("input", () => {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, 360)}px`;
  }));
}
let focused = null;
document.addEventListener("htmx:beforeSwap", () => {
  const active = document.activeElement;
  focused = active && active !== body ? { id: active.id, href: active.getAttribute("href"), text: active.textContent.trim() } : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.elt;
  ready(target);
  if (document.activeElement !== body || !focused) return;
  const same = (focused.id && document.getElementById(focused.id)) || (focused.href && $$("a", target).find((a) => a.textContent.trim() === focused.text));
  const heading = $("h1, h2", target) || $("h1");
  if (same) return same.focus({ preventScroll: true });
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
});
document.addEventListener("htmx:responseError", () => toast(texts.failed));
document.addEventListener("htmx:sendError", () => toast(texts.failed));

forgetSent();
ready(document);
keepFiles($("main .form-box#form-box"));
const first = $("[data-focus]");
if (first) first.focus();
