// A file field into which one can speak and photograph: what was taken joins what was chosen, is shown, and can be removed.
const MOST_SECONDS = 600;
const KINDS = [["audio/webm;codecs=opus", "weba"], ["audio/mp4", "m4a"], ["audio/ogg;codecs=opus", "ogg"]];

export function start(input, { el, icon, texts, toast }) {
  if (input.dataset.started) return;
  input.dataset.started = "1";
  let kept = [...input.files];
  const list = el("ul", { class: "files file-previews" });
  const tools = el("p", { class: "bar file-tools" });
  input.after(tools, list);

  function show() {
    const data = new DataTransfer();
    for (const { file } of entries) data.items.add(file);
    input.files = data.files;
    list.replaceChildren(...entries.map((entry) => entry.node));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function entry(file) {
    const url = URL.createObjectURL(file);
    const off = el("button", { type: "button", class: "as-link", "aria-label": texts.take_off.replace("{name}", file.name) }, icon("x-mark"));
    const seen = file.type.startsWith("image/") ? el("img", { src: url, alt: "", class: "file-preview" })
      : file.type.startsWith("audio/") ? el("audio", { src: url, controls: "", preload: "metadata", "aria-label": file.name }) : "";
    const made = { file, node: el("li", {}, seen, el("span", {}, file.name), off) };
    off.addEventListener("click", () => {
      entries = entries.filter((one) => one !== made);
      URL.revokeObjectURL(url);
      show();
      input.focus();
    });
    return made;
  }
  let entries = kept.map(entry);
  const add = (files) => {
    entries = [...entries, ...[...files].map(entry)];
    show();
  };
  input.addEventListener("change", () => {
    const chosen = [...input.files];
    const known = new Set(entries.map((one) => one.file));
    add(chosen.filter((file) => !known.has(file)));
  });

  // A phone opens its camera for this one; elsewhere the field itself is enough.
  if (matchMedia("(pointer: coarse)").matches) {
    const camera = el("input", { type: "file", accept: "image/*", capture: "environment", hidden: "" });
    const button = el("button", { type: "button", class: "btn" }, icon("camera"), texts.photo);
    button.addEventListener("click", () => camera.click());
    camera.addEventListener("change", () => {
      add(camera.files);
      camera.value = "";
    });
    tools.append(button, camera);
  }
  if (navigator.mediaDevices?.getUserMedia && window.MediaRecorder) tools.append(speak(add, { el, icon, texts, toast }));
  if (entries.length) show();
}

function speak(add, { el, icon, texts, toast }) {
  const label = el("span", {}, texts.voice);
  const button = el("button", { type: "button", class: "btn", "data-speak": "" }, icon("microphone"), label);
  let recorder = null;
  let timer = 0;
  button.addEventListener("click", async () => {
    if (recorder) return recorder.stop();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    if (!stream) return toast(texts.no_voice);
    const [type, ending] = KINDS.find(([kind]) => MediaRecorder.isTypeSupported(kind)) || KINDS[0];
    const parts = [];
    const begun = Date.now();
    recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 24000 });
    recorder.addEventListener("dataavailable", (event) => event.data.size && parts.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(timer);
      stream.getTracks().forEach((track) => track.stop());
      recorder = null;
      label.textContent = texts.voice;
      button.setAttribute("aria-pressed", "false");
      const time = new Date(begun).toTimeString().slice(0, 5).replace(":", "");
      if (parts.length) add([new File(parts, `voice-${time}.${ending}`, { type: type.split(";")[0] })]);
    });
    recorder.start(1000);
    button.setAttribute("aria-pressed", "true");
    timer = setInterval(() => {
      const seconds = Math.round((Date.now() - begun) / 1000);
      label.textContent = texts.voice_stop.replace("{seconds}", seconds);
      if (seconds >= MOST_SECONDS) recorder?.stop();
    }, 500);
  });
  return button;
}
