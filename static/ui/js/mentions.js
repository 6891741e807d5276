// Naming a colleague after @ in a note. Without this file, names and addresses are typed out and found by the server.
const LONGEST = 40;
let boxes = 0;

/** What stands between the last @ that can begin a name and the caret; null where none is being typed. */
export function typed(text, caret) {
  const at = text.lastIndexOf("@", caret - 1);
  if (at < 0 || caret - at > LONGEST) return null;
  const before = at ? text[at - 1] : " ";
  const query = text.slice(at + 1, caret);
  if (/[A-Za-z0-9._%+\-@]/.test(before) || /[\n,;:!?()@]|\s\s|^\s/.test(query) || query.split(" ").length > 3) return null;
  return { at, query };
}

export function start(area, { el, address, texts }) {
  if (area.dataset.mentionReady) return;
  area.dataset.mentionReady = "on";
  const id = `mention-list-${(boxes += 1)}`;
  const list = el("ul", { class: "mention-list", role: "listbox", id, "aria-label": texts.colleagues, hidden: "" });
  const said = el("span", { class: "sr", role: "status" });
  const box = el("div", { class: "mention-box" });
  // Moved about, a field loses the focus: whoever was quicker than this file goes on typing where they were.
  const isBeingTyped = document.activeElement === area;
  const caret = [area.selectionStart, area.selectionEnd];
  area.before(box);
  box.append(area, list, said);
  if (isBeingTyped) {
    area.focus();
    area.setSelectionRange(...caret);
  }
  for (const [name, value] of [["aria-autocomplete", "list"], ["aria-haspopup", "listbox"], ["aria-controls", id]]) area.setAttribute(name, value);

  let people = [];
  let chosen = 0;
  let asked = 0;
  let timer = 0;
  let taken = -1; // where the name stands that was chosen last: what follows it is no part of it
  const isOpen = () => !list.hidden;

  function close() {
    list.hidden = true;
    people = [];
    area.removeAttribute("aria-activedescendant");
  }
  function mark(index) {
    chosen = (index + people.length) % people.length;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === chosen)));
    list.children[chosen].scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", `${id}-${chosen}`);
  }
  function show(found) {
    people = found;
    if (!people.length) return close();
    list.replaceChildren(...people.map((person, n) => {
      const option = el("li", { role: "option", id: `${id}-${n}` }, el("span", {}, person.name), el("small", {}, person.detail));
      option.addEventListener("mousedown", (event) => (event.preventDefault(), take(n)));
      return option;
    }));
    list.hidden = false;
    said.textContent = texts.colleagues_found.replace("{count}", people.length);
    mark(0);
  }
  function take(index) {
    const here = typed(area.value, area.selectionStart);
    const person = people[index];
    close();
    if (!here || !person) return;
    taken = here.at;
    area.setRangeText(`@${person.insert} `, here.at, area.selectionStart, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  }
  async function look() {
    const here = typed(area.value, area.selectionStart);
    if (!here || here.at === taken) return close();
    const mine = (asked += 1);
    const answer = await fetch(`${address}?q=${encodeURIComponent(here.query)}`).then((r) => (r.ok ? r.json() : null)).catch(() => null);
    if (mine === asked) show(answer?.people || []);
  }
  area.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    asked += 1;
    const here = typed(area.value, area.selectionStart);
    if (here?.query === "") taken = -1;
    here ? (timer = setTimeout(look, 120)) : close();
  });
  area.addEventListener("compositionend", look);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (!isOpen() || event.isComposing) return;
    if (event.key === "ArrowDown") mark(chosen + 1);
    else if (event.key === "ArrowUp") mark(chosen - 1);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) take(chosen);
    else if (event.key === "Tab") return close();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  if (isBeingTyped) look();
}
