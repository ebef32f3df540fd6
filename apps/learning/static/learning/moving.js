// Moving: free inside what was studied, nowhere else.

/** `limit()` is the furthest point in ms; `isOpen()` whether a session runs and nothing lies over the film. */
export function moving(medium, { bar, play, start, say, refused, limit, isOpen }) {
  async function moveTo(ms) {
    if (!isOpen()) return;
    const target = medium.snap(Math.max(0, Math.min(ms, limit())));
    const hasWaited = medium.isWaiting;
    if (medium.isPlaying) say("seek", "paused"); // pays what ran up to here; after that moving is free
    try {
      if (!(await medium.seek(target))) return;
    } catch (error) {
      refused(error);
      return;
    }
    if (hasWaited) await play();
    else if (medium.isPlaying) say("seeked", "playing", target);
    bar.show(target);
  }

  /** From the beginning; also where the lesson is over. */
  async function restart() {
    if (!isOpen()) return start(0);
    await moveTo(0);
    return medium.isPlaying ? undefined : play();
  }

  return { moveTo, restart };
}
