// A call that rings at the reader's telephone comes up over whatever page is open, and goes when it has ended or a colleague has taken it.
const EVERY = 4000;
const KEY = "ringing:closed";

export function start(address) {
  const box = document.createElement("div");
  box.setAttribute("role", "alert"); // whoever is called has a few seconds
  document.body.append(box);
  let timer = 0;
  async function ask() {
    clearTimeout(timer);
    if (document.hidden) return;
    const answer = await fetch(address).catch(() => null);
    if (answer?.headers.get("X-Ringing") === "off") return;
    if (answer) await show(answer);
    timer = setTimeout(ask, EVERY);
  }
  async function show(answer) {
    if (answer.status !== 200 || answer.redirected) return box.replaceChildren();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const call = page.querySelector("[data-call]");
    const id = call?.dataset.call;
    if (!id || sessionStorage.getItem(KEY) === id || location.pathname === call.querySelector("a.go")?.getAttribute("href")) return box.replaceChildren();
    const shown = box.querySelector("[data-call]");
    if (shown?.outerHTML === call.outerHTML) return;
    call.querySelector("[data-close]").addEventListener("click", () => {
      sessionStorage.setItem(KEY, id);
      box.replaceChildren();
    });
    if (!box.contains(document.activeElement)) box.replaceChildren(document.adoptNode(call));
  }
  document.addEventListener("visibilitychange", ask);
  ask();
}
