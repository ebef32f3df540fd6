// What the page says of its medium at a moment: the body of a beat.

/** Return `claim(reason, state, at)`; `seen` counts what had to be corrected, `page` reads the browser, the watermark is looked after. */
export function claims(medium, { page, seen, watermark, lengthMs }) {
  return (reason, state = medium.isPlaying ? "playing" : "paused", at = medium.positionMs) => {
    watermark.check();
    return {
      position_ms: Math.max(0, Math.min(at, lengthMs)),
      state,
      reason,
      rate: medium.rate,
      hidden: document.visibilityState === "hidden",
      focused: document.hasFocus(),
      mono_ms: Math.round(performance.now()),
      frames: medium.frames,
      guard: { ...seen },
      probes: page.read(),
    };
  };
}
