// Requests and toasts: the CSRF header, a quiet loading line, and every failure put into words that say what to do.

const words = document.getElementById("words")?.dataset ?? {};
const toasts = document.getElementById("toasts");
const TONES = ["neutral", "info", "proven", "attention", "stop"];
const ALIASES = { danger: "stop", error: "stop", warning: "attention", success: "proven" };

function dismissLater(toast, seconds) {
  toast.querySelector("[data-toast-close]")?.addEventListener("click", () => toast.remove());
  if (seconds) setTimeout(() => toast.remove(), seconds * 1000);
}

/** Lift the toasts above open dialogs, which live in the browser's top layer. */
function lift() {
  if (!toasts.showPopover) return;
  toasts.popover = "manual";
  if (toasts.matches(":popover-open")) toasts.hidePopover();
  toasts.showPopover();
}

function closeButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ax-close";
  button.dataset.toastClose = "";
  button.setAttribute("aria-label", words.close ?? "×");
  const icon = document.createElement("i");
  icon.className = "ti ti-x";
  icon.setAttribute("aria-hidden", "true");
  button.append(icon);
  return button;
}

/** Show a toast. `{text, tone, seconds, url, label}`; bad news stays until it is closed, the rest goes after 6 s. */
function showToast({ text, tone = "info", seconds, url, label }) {
  if (!toasts || !text) return;
  tone = ALIASES[tone] ?? (TONES.includes(tone) ? tone : "info");
  const toast = document.createElement("div");
  toast.className = `ax-toast ax-tone-${tone}`;
  if (tone === "stop") toast.setAttribute("role", "alert");
  const body = document.createElement("span");
  body.className = "ax-toast-text";
  body.textContent = text;
  if (url && label && new URL(url, location.href).origin === location.origin) {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = label;
    body.append(" ", link);
  }
  toast.append(body, closeButton());
  for (const twin of toasts.querySelectorAll(".ax-toast-text")) {
    if (twin.textContent === body.textContent) twin.parentElement.remove();
  }
  toasts.append(toast);
  lift();
  dismissLater(toast, seconds ?? (tone === "stop" ? 0 : 6));
}

function ownMessage(xhr) {
  try {
    return JSON.parse(xhr.responseText).message;
  } catch {
    return undefined; // not JSON: our own words then
  }
}

/** The sentence for a failed request, from the server's own message or from the status. */
function sentence(xhr) {
  const wait = xhr.getResponseHeader("Retry-After");
  const byStatus = {
    401: words.signin,
    403: words.forbidden,
    404: words.gone,
    409: words.changed,
    413: words.toobig,
    429: /^\d+$/.test(wait ?? "") ? words.busyfor?.replace("{n}", wait) : words.busy,
  };
  return ownMessage(xhr) ?? byStatus[xhr.status] ?? (xhr.status >= 500 ? words.failed : words.refused);
}

document.addEventListener("ax:toast", (event) => showToast(event.detail));
document.addEventListener("toast", (event) => showToast(event.detail)); // HX-Trigger: {"toast": {...}}

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  // A failure that names its place is an inline message, not a toast.
  if (detail.xhr.status >= 400 && detail.xhr.getResponseHeader("HX-Retarget")) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

document.addEventListener("htmx:responseError", ({ detail }) => {
  if ((detail.xhr.getResponseHeader("HX-Trigger") ?? "").includes('"toast"')) return;
  if (detail.xhr.status === 401 && document.querySelector("meta[name=ax-session]") && document.getElementById("signed-out")) {
    const isPoll = /\bevery\b/.test(detail.elt.getAttribute("hx-trigger") ?? "");
    document.dispatchEvent(new CustomEvent("ax:signed-out", { detail: { isPoll } }));
    return;
  }
  showToast({ text: sentence(detail.xhr), tone: detail.xhr.status === 429 ? "attention" : "stop" });
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => showToast({ text: words.offline, tone: "stop" }));
}

// The loading line comes only when a request takes longer than 300 ms, and never for polling.
const waiting = new Map();
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (/\bevery\b/.test(detail.elt.getAttribute("hx-trigger") ?? "")) return;
  waiting.set(detail.xhr, setTimeout(() => document.documentElement.classList.add("is-loading"), 300));
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  clearTimeout(waiting.get(detail.xhr));
  waiting.delete(detail.xhr);
  if (!waiting.size) document.documentElement.classList.remove("is-loading");
});

for (const toast of toasts?.querySelectorAll("[data-toast]") ?? []) {
  dismissLater(toast, toast.getAttribute("role") === "alert" ? 0 : 8);
}
