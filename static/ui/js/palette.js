// Ctrl/Cmd+K: records, pages and the next steps of the open record, in one request.
// Asks GET {data-palette}?q=TEXT&record=REF → {"groups": [{"label", "items": [{"label", "detail", "url", "icon", "method"}]}]}.
// Pages come from the rail, so that they are there before the answer.

const linksOf = (selector) => [...document.querySelectorAll(selector)].map((link) => ({
  label: (link.querySelector(".rail-label") || link).textContent.trim(), url: link.href, icon: (link.querySelector("use")?.getAttribute("href") || "#").split("#")[1],
}));

// A step that the page shows as a button runs as that button does: over the page, or after a question.
const buttonFor = (url) => document.querySelector(`.record-head a[href="${CSS.escape(url)}"], .record-head form[action="${CSS.escape(url)}"] button`);

export function open({ el, icon, csrf, openDialog, texts, leave }) {
  if (document.querySelector("dialog.palette")) return;
  const pages = [
    { label: texts.pages, items: linksOf(".rail-areas a, .menu-wide ul a") },
    { label: texts.create, items: linksOf(".top-new .menu-list a") },
  ];
  const input = el("input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: texts.palette_hint, "aria-label": texts.palette });
  const list = el("div", { id: "palette-list", class: "palette-list", role: "listbox", "aria-label": texts.palette });
  const status = el("p", { class: "sr", role: "status" });
  const dialog = openDialog(el("div", {}, input, list, status), { label: texts.palette, css: "palette" });
  let items = [];
  let at = 0;
  let asked = 0;
  let timer;

  const mark = (index) => {
    at = items.length ? (index + items.length) % items.length : 0;
    items.forEach(({ node }, i) => node.setAttribute("aria-selected", String(i === at)));
    const node = items[at]?.node;
    node ? input.setAttribute("aria-activedescendant", node.id) : input.removeAttribute("aria-activedescendant");
    node?.scrollIntoView({ block: "nearest" });
  };
  const run = (item) => {
    dialog.close();
    const button = item.method && buttonFor(item.url);
    if (button) return button.click();
    if (item.method !== "post") return leave(item.url);
    const form = el("form", { method: "post", action: item.url, class: "sr" }, el("input", { type: "hidden", name: "csrfmiddlewaretoken", value: csrf() }));
    document.body.append(form);
    form.requestSubmit();
  };
  const draw = (groups) => {
    items = [];
    list.replaceChildren();
    for (const group of groups.filter((one) => one.items.length)) {
      const box = el("div", { role: "group", "aria-label": group.label }, el("div", { class: "palette-group", "aria-hidden": "true" }, group.label));
      for (const item of group.items) {
        const node = el("div", { class: "palette-item", role: "option", id: `palette-${items.length}` }, icon(item.icon || "arrow-right"), el("span", {}, item.label), el("small", {}, item.detail || ""));
        const entry = { ...item, node };
        node.addEventListener("click", () => run(entry));
        items.push(entry);
        box.append(node);
      }
      list.append(box);
    }
    if (!items.length) list.append(el("p", { class: "palette-empty" }, texts.nothing));
    status.textContent = texts.results.replace("{count}", items.length);
    mark(0);
  };
  const own = (text) => pages.map(({ label, items: all }) => ({ label, items: all.filter((item) => item.label.toLowerCase().includes(text.toLowerCase())) }));
  const ask = async () => {
    const text = input.value.trim();
    const record = document.querySelector("[data-record]")?.dataset.record || "";
    if (!document.body.dataset.palette || (!text && !record)) return;
    const mine = ++asked;
    const answer = await fetch(`${document.body.dataset.palette}?${new URLSearchParams({ q: text, record })}`).then((r) => (r.ok ? r.json() : null)).catch(() => null);
    if (answer && mine === asked && dialog.isConnected) draw([...answer.groups, ...own(text)]);
  };
  input.addEventListener("input", () => {
    draw(own(input.value.trim())); // at once, so that Enter never runs what is no longer shown
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") event.preventDefault(), mark(at + (event.key === "ArrowDown" ? 1 : -1));
    if (event.key === "Enter" && items[at]) event.preventDefault(), run(items[at]);
  });
  input.focus();
  draw(own(""));
  ask();
}
