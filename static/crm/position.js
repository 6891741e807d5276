// Asks the phone where it is, and puts the answer, or the reason why there is none, into the form. The reason can be chosen by hand.
const REASONS = { 1: "refused", 2: "no_signal", 3: "no_signal" };

export function start(form) {
  const status = form.querySelector("[data-position-status]");
  if (!status || status.dataset.ready) return;
  status.dataset.ready = "1";
  const field = (name) => form.querySelector(`[data-position="${name}"]`);
  const reason = field("reason");
  const say = (key, values = {}) => {
    status.textContent = Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), status.dataset[key] || "");
    status.hidden = false;
  };
  const fail = (code) => {
    if (!reason.value) reason.value = code;
    say(code === "refused" ? "refused" : "missing");
  };
  // No connection: the time of pressing is kept, and arrives as entered later.
  form.addEventListener("submit", () => {
    const stated = field("stated");
    if (navigator.onLine || !stated || stated.value) return;
    const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60000);
    stated.value = now.toISOString().slice(0, 16);
    stated.dispatchEvent(new Event("input", { bubbles: true }));
  }, true);
  if (!navigator.geolocation || !window.isSecureContext) return fail("no_device");
  say("asking");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      field("latitude").value = coords.latitude.toFixed(6);
      field("longitude").value = coords.longitude.toFixed(6);
      field("accuracy").value = Math.round(coords.accuracy);
      reason.value = "";
      reason.closest(".field").hidden = true;
      say("known", { metres: Math.round(coords.accuracy) });
    },
    (error) => fail(REASONS[error.code] || "no_device"),
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 },
  );
}
