// Forms: sent once, errors found at once, and "send again" buttons that count down.

const resendWords = document.getElementById("words")?.dataset.resend ?? "{n}";

function hold(form, submitter) {
  form.dataset.sending = "";
  submitter?.setAttribute("aria-busy", "true");
}

/** Let a form or a button be used again. */
function release(form) {
  delete form.dataset.sending;
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

const usesHtmx = (element) => element.matches("[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete]");

function refuse(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

// In the capture phase, because htmx listens on the form itself.
document.addEventListener("submit", (event) => "sending" in event.target.dataset && refuse(event), true);
document.addEventListener("click", (event) => event.target.closest?.("button[aria-busy]") && refuse(event), true);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || usesHtmx(form) || "noGuard" in form.dataset) return;
  if (form.getAttribute("method")?.toLowerCase() === "post") hold(form, event.submitter);
});
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const { elt, requestConfig } = detail;
  if (elt.matches("form") && requestConfig.verb !== "get") hold(elt, requestConfig.triggeringEvent?.submitter);
  if (elt.matches("button")) elt.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", ({ detail }) => release(detail.elt));
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));

/** Count a button down from `data-countdown` seconds; it works again at 0, by the clock and not by ticks. */
function countDown(button) {
  const seconds = Number(button.dataset.countdown);
  if (!seconds || "counting" in button.dataset) return;
  const label = button.querySelector("span") ?? button;
  const text = label.textContent;
  const end = Date.now() + seconds * 1000;
  button.dataset.counting = "";
  button.disabled = true;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    label.textContent = left > 0 ? resendWords.replace("{n}", left) : text;
    if (left > 0) return;
    clearInterval(timer);
    button.disabled = false;
    delete button.dataset.counting;
    delete button.dataset.countdown;
  };
  const timer = setInterval(tick, 500);
  tick();
}

/** Bring the eye to what needs a change: the summary if there is one, else the first wrong field. */
function showErrors(root) {
  const target = root.querySelector("[data-form-errors]") ?? root.querySelector(".is-invalid");
  target?.focus({ preventScroll: false });
}

function prepare(root) {
  root.querySelectorAll("[data-countdown]").forEach(countDown);
  if (root.matches?.("[data-countdown]")) countDown(root);
}

document.addEventListener("htmx:load", (event) => prepare(event.target));
document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  if (detail.requestConfig?.verb !== "get") showErrors(target); // never steal the focus while polling
});
prepare(document);
showErrors(document);
