// Notices that the exam's page is left: another tab or app at once, another window after three seconds. Told before the exam.

const AWAY_MS = 3000;

/** `onLeave(isBack)`; `isIdle()` true while leaving is no leaving: a check with its camera dialog, or the way to the result. */
export function watchLeaving({ onLeave, isIdle }) {
  let away = false;
  let timer = 0;

  const leave = () => {
    clearTimeout(timer);
    if (away || isIdle()) return;
    away = true;
    onLeave(false);
  };
  const back = () => {
    clearTimeout(timer);
    if (!away) return;
    away = false;
    onLeave(true);
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : back()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => event.persisted && back());
  addEventListener("blur", () => {
    clearTimeout(timer);
    timer = setTimeout(() => document.hasFocus() || leave(), AWAY_MS);
  });
  addEventListener("focus", back);
}
