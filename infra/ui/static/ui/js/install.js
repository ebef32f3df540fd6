// The app on the phone: starts the worker once the page stands, and offers to install where the browser can. "Later" is kept for 30 days.

const LATER = "ax-install-later";
const DAYS = 30 * 24 * 3600 * 1000;
const hint = document.querySelector("[data-install]");

function putOff() {
  try {
    return Date.now() - Number(localStorage.getItem(LATER) ?? 0) < DAYS;
  } catch {
    return false; // storage may be refused in private windows
  }
}

function offer(part) {
  if (!hint || (putOff() && !("installAlways" in hint.dataset))) return;
  hint.querySelector(part).hidden = false;
  hint.hidden = false;
}

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer("[data-install-go]");
  hint?.querySelector("[data-install-go]").addEventListener("click", async () => {
    await event.prompt();
    hint.hidden = true;
  });
});

// Safari of iPhones asks nobody: people add the page to the home screen themselves.
if (navigator.standalone === false) offer("[data-install-steps]");

hint?.querySelector("[data-install-later]")?.addEventListener("click", () => {
  hint.hidden = true;
  try {
    localStorage.setItem(LATER, String(Date.now()));
  } catch {
    // then it comes back next time
  }
});

const worker = document.querySelector('meta[name="app-worker"]')?.content;
if (worker && "serviceWorker" in navigator) {
  const start = () => navigator.serviceWorker.register(worker, { updateViaCache: "none" }).catch(() => {});
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start, { once: true });
}
