// Keeps a lesson at normal speed, behind the furthest point, and paused while nobody can see it.

const LOOK_MS = 500;
const SLEPT_MS = 10_000;

/**
 * Watch over a medium and the page. Counts what it had to correct in `seen` (evidence for the record, never a verdict).
 * `furthest()` gives the furthest allowed point in ms; `onLeave(reason)`, `onPulled(ms)` and `onRate()` tell the page.
 * `page` asks a clean frame what this page is (`probes.js`): extensions that swallow events do not reach it.
 */
export function guard(medium, page, { furthest, onLeave, onPulled, onRate }) {
  const seen = { rate: 0, seek: 0, hidden: 0, blur: 0, sleep: 0, pip: 0, tab: 0, mark: 0 };
  let lookedAt = Date.now();
  const leave = (reason) => {
    if (medium.isPlaying && reason in seen && reason !== "pip") seen[reason] += 1;
    onLeave(reason);
  };
  medium.watch({ seen, furthest, onLeave, onPulled, onRate });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave("hidden"));
  document.addEventListener("freeze", () => leave("hidden"));
  window.addEventListener("blur", () => leave("blur"));
  window.addEventListener("pagehide", () => leave("pagehide"));
  setInterval(() => {
    const slept = Date.now() - lookedAt;
    lookedAt = Date.now();
    if (!medium.isPlaying) return;
    if (slept > SLEPT_MS) leave("sleep");
    else if (page.isHidden()) leave("hidden");
    else if (!page.hasFocus()) leave("blur");
  }, LOOK_MS);
  return seen;
}
