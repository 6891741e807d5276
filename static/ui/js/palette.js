// Ctrl/Cmd+K: records, pages and the next steps of the open record, in one request.
// Asks GET {data-palette}?q=TEXT → {"records": [{"label", "note", "url", "icon", "group"}]}. Pages come from the rail,
// and next steps are the buttons that the open record shows, so both are there before the answer.

const linksOf = (selector) => [...document.querySelectorAll(selector)].map((link) => ({
  label: (link.querySelector(".rail-label") || link).textContent.trim(), url: link.href, icon: (link.querySelector("use")?.getAttribute("href") || "#").split("#")[1],
}));

const stepsOfRecord = () => [...document.querySelectorAll(".record-head .actions :is(a, button), .record-head > .head-tools > a")].map((node) => ({
  label: node.textContent.trim(), icon: "arrow-right", run: () => node.click(),
}));
// Records of one kind stand under its name, kinds in the order of the answer.
const grouped = (records) => [...new Set(records.map((one) => one.group))].map((label) => ({ label, items: records.filter((one) => one.group === label) }));

export function open({ el, icon, openDialog, texts, leave }) {
  if (document.querySelector("dialog.palette")) return;
  const pages = [
    { label: texts.pages, items: linksOf(".rail-areas a, .menu-wide ul a") },
    { label: texts.steps, items: stepsOfRecord() },
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
    item.run ? item.run() : leave(item.url);
  };
  const draw = (groups) => {
    items = [];
    list.replaceChildren();
    for (const group of groups.filter((one) => one.items.length)) {
      const box = el("div", { role: "group", "aria-label": group.label }, el("div", { class: "palette-group", "aria-hidden": "true" }, group.label));
      for (const item of group.items) {
        const node = el("div", { class: "palette-item", role: "option", id: `palette-${items.length}` }, icon(item.icon || "arrow-right"), el("span", {}, item.label), el("small", {}, item.note || ""));
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
    draw(own(text));
    if (!document.body.dataset.palette || !text) return;
    const mine = ++asked;
    const answer = await fetch(`${document.body.dataset.palette}?${new URLSearchParams({ q: text })}`).then((r) => (r.ok ? r.json() : null)).catch(() => null);
    if (answer && mine === asked && dialog.isConnected) draw([...grouped(answer.records), ...own(text)]);
  };
  input.addEventListener("input", () => (clearTimeout(timer), (timer = setTimeout(ask, 120))));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") event.preventDefault(), mark(at + (event.key === "ArrowDown" ? 1 : -1));
    if (event.key === "Enter" && items[at]) event.preventDefault(), run(items[at]);
  });
  input.focus();
  ask();
}
