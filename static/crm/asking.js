// Questions that are asked only after certain answers appear and disappear as one answers. The server applies the same rules.
const valuesOf = (root, name) =>
  [...root.querySelectorAll(`[name="${CSS.escape(name)}"]`)]
    .filter((field) => (field.type === "radio" || field.type === "checkbox" ? field.checked : field.value.trim() !== ""))
    .map((field) => field.value);

function holds(block, given) {
  if (!given.length) return false;
  const wanted = (block.dataset.values || "").split("|");
  const number = Number(given[0].replace(",", "."));
  switch (block.dataset.is) {
    case "answered": return true;
    case "is": return given.some((one) => wanted.includes(one));
    case "is_not": return !given.some((one) => wanted.includes(one));
    case "at_least": return number >= Number(wanted[0]);
    case "at_most": return number <= Number(wanted[0]);
    default: return true;
  }
}

function refresh(root) {
  const off = new Set();
  for (const block of root.querySelectorAll(".asking")) {
    const name = `q-${block.id.replace("asking-", "")}`;
    const on = block.dataset.on;
    const isAsked = !on || (!off.has(on) && holds(block, valuesOf(root, on)));
    block.toggleAttribute("data-off", !isAsked);
    if (!isAsked) off.add(name);
  }
}

for (const root of document.querySelectorAll("[data-asking]")) {
  root.addEventListener("input", () => refresh(root));
  root.addEventListener("change", () => refresh(root));
  refresh(root);
}
