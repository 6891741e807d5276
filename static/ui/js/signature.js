// Signature drawn on a canvas, put into a hidden field as a PNG data URL. Typing the name works without this.
export function start(box, texts) {
  const canvas = box.querySelector("canvas");
  const field = box.querySelector("input[type=hidden]");
  const status = box.querySelector("[data-signature-status]");
  if (!canvas || canvas.dataset.ready) return;
  canvas.dataset.ready = "1";
  const pen = canvas.getContext("2d");
  let strokes = [];
  let width = 0;

  const fit = () => {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    if (canvas.clientWidth === width) return;
    width = canvas.clientWidth;
    canvas.width = width * ratio;
    canvas.height = canvas.clientHeight * ratio;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw();
  };
  const draw = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = "#1d1c1a";
    pen.lineWidth = 2.2;
    pen.lineCap = pen.lineJoin = "round";
    for (const stroke of strokes) {
      pen.beginPath();
      stroke.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      if (stroke.length === 1) pen.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
      pen.stroke();
    }
  };
  const keep = () => {
    field.value = strokes.length ? canvas.toDataURL("image/png") : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (status) status.textContent = strokes.length ? texts.signed || "" : texts.unsigned || "";
  };
  const point = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    strokes.push([point(event)]);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    strokes.at(-1).push(point(event));
    draw();
  });
  canvas.addEventListener("pointerup", keep);
  canvas.addEventListener("pointercancel", keep);
  box.querySelector("[data-signature-clear]")?.addEventListener("click", () => {
    strokes = [];
    draw();
    keep();
  });
  new ResizeObserver(fit).observe(canvas);
  fit();
}
