// The line that shows how far a lesson is, and by which one goes back in it.

import { clockText } from "./cover.js";

/** Bind the line inside `root`. `limit()` is the furthest point in ms; `snap(ms)` where a move lands; `onMove(ms)` when it was let go. */
export function bar(root, { limit, snap, valueText, onMove }) {
  const range = root.querySelector("[data-range]");
  const now = root.querySelector("[data-now]");
  const lengthMs = Number(range.max);
  const share = (ms) => `${(ms / lengthMs) * 100}%`;
  let isMoving = false;

  function show(ms) {
    range.value = ms;
    range.setAttribute("aria-valuetext", valueText?.(ms) ?? `${clockText(ms)} / ${clockText(lengthMs)}`);
    range.style.setProperty("--seen", share(ms));
    range.style.setProperty("--open", share(Math.max(ms, limit())));
    if (now) now.textContent = clockText(ms);
  }

  range.addEventListener("input", () => {
    isMoving = true;
    show(snap(Math.min(Number(range.value), limit())));
  });
  range.addEventListener("change", () => {
    isMoving = false;
    onMove(Number(range.value));
  });
  return {
    lengthMs,
    element: range,
    get isMoving() {
      return isMoving;
    },
    show,
    open() {
      range.disabled = false;
    },
  };
}
