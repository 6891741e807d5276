// Asks the phone where it is, and puts the answer, or the reason why there is none, into the form. The reason can be chosen by hand.
const REASONS = { 1: "refused", 2: "no_signal", 3: "no_signal" };

// The field is read by the clock of the person's account: on a journey the phone's own clock may go by another zone.
function localTime(timeZone) {
  const shape = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone };
  const part = Object.fromEntries(new Intl.DateTimeFormat("en-GB", shape).formatToParts(new Date()).map((one) => [one.type, one.value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

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
    stated.value = localTime(stated.dataset.zone);
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
