// Keeps the film at normal speed, behind the furthest watched point, and paused while nobody can see it.

const SLACK_MS = 1500;

/**
 * Watch over a video. Counts what it had to correct in `seen` (evidence for the record, never a verdict).
 * `furthest()` gives the furthest allowed point in ms; `onLeave(reason)`, `onPulled(ms)` and `onRate()` tell the page.
 */
export function guard(video, { furthest, onLeave, onPulled, onRate }) {
  const seen = { rate: 0, seek: 0, hidden: 0, blur: 0 };
  const normal = () => {
    if (video.playbackRate === 1 && video.defaultPlaybackRate === 1) return;
    seen.rate += 1;
    video.defaultPlaybackRate = 1;
    video.playbackRate = 1;
    onRate();
  };
  const pull = () => {
    const limit = furthest();
    if (video.currentTime * 1000 <= limit + SLACK_MS) return;
    seen.seek += 1;
    video.currentTime = limit / 1000;
    onPulled(limit);
  };
  const leave = (reason) => {
    if (reason === "hidden" || reason === "blur") seen[reason] += 1;
    onLeave(reason);
  };
  video.addEventListener("ratechange", normal);
  video.addEventListener("seeking", pull);
  video.addEventListener("enterpictureinpicture", () => {
    document.exitPictureInPicture?.().catch(() => {});
    leave("hidden");
  });
  video.addEventListener("contextmenu", (event) => event.preventDefault());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave("hidden"));
  document.addEventListener("freeze", () => leave("hidden"));
  window.addEventListener("blur", () => leave("blur"));
  window.addEventListener("pagehide", () => leave("pagehide"));
  return seen;
}
