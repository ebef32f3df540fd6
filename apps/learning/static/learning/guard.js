// Keeps a lesson at normal speed, behind the furthest point, and paused while nobody can see it.

/**
 * Watch over a medium and the page. Counts what it had to correct in `seen` (evidence for the record, never a verdict).
 * `furthest()` gives the furthest allowed point in ms; `onLeave(reason)`, `onPulled(ms)` and `onRate()` tell the page.
 */
export function guard(medium, { furthest, onLeave, onPulled, onRate }) {
  const seen = { rate: 0, seek: 0, hidden: 0, blur: 0 };
  const leave = (reason) => {
    if (reason === "hidden" || reason === "blur") seen[reason] += 1;
    onLeave(reason);
  };
  medium.watch({ seen, furthest, onLeave, onPulled, onRate });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave("hidden"));
  document.addEventListener("freeze", () => leave("hidden"));
  window.addEventListener("blur", () => leave("blur"));
  window.addEventListener("pagehide", () => leave("pagehide"));
  return seen;
}
