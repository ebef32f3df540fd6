// A film or a sound as a medium: encrypted, brought by `loader.js`.

import { attach } from "./loader.js";

const SLACK_MS = 1500;
const MOST_ALIKE = 3; // once in so many corrections the learner is told again

/**
 * What a lesson runs on. Every medium has: `positionMs`, `isPlaying`, `isSeeking`, `isEnded`, `isWaiting` (stopped by itself, nothing to
 * explain), `isStalled` (runs, but nothing came to show), `rate`, `frames`; `load(session, told)`, `release()`, `play()`, `pause()`,
 * `seek(ms)` (resolves when there, to false when overtaken); `snap(ms)` (where a move to `ms` lands), `before()` and `after()` (where
 * one step back or on lands), `valueText(ms)`; `on(name, told)` for play, pause, ended, timeupdate, waiting and playing;
 * `watch(guard)`; `acts` and `keys` of its own; `element`, the film's element or null; `surface`, a click on which plays or pauses.
 */
export function film(root) {
  const video = root.querySelector("video");
  let line = null;
  return {
    on: (name, told) => video.addEventListener(name, told),
    get positionMs() {
      return Math.round(video.currentTime * 1000);
    },
    get isPlaying() {
      return !video.paused && !video.ended;
    },
    get isSeeking() {
      return video.seeking;
    },
    get isEnded() {
      return video.ended;
    },
    get isStalled() {
      return !video.paused && !video.ended && video.readyState < 3;
    },
    isWaiting: false,
    get rate() {
      return video.playbackRate;
    },
    get frames() {
      return video.getVideoPlaybackQuality?.().totalVideoFrames ?? 0;
    },
    element: video,
    surface: video,
    async load(session, told) {
      line = await attach(video, session.playlist, session.position_ms, told);
    },
    choose: (index) => line?.choose(index),
    release() {
      line?.release();
      line = null;
    },
    play: () => video.play(),
    pause: () => video.pause(),
    seek(ms) {
      return new Promise((there) => {
        video.addEventListener("seeked", () => there(true), { once: true });
        video.currentTime = ms / 1000;
      });
    },
    snap: (ms) => ms,
    before: () => video.currentTime * 1000 - 10_000,
    after: () => video.currentTime * 1000 + 10_000,
    valueText: null,
    watch: (guard) => watch(video, guard),
    acts: {
      mute: () => (video.muted = !video.muted),
      louder: () => turnTo(video, video.volume + 0.1),
      softer: () => turnTo(video, video.volume - 0.1),
    },
    keys: { c: "captions", "+": "larger", "=": "larger", "-": "smaller", m: "mute", ArrowRight: "on", l: "on", ArrowUp: "louder", ArrowDown: "softer" },
  };
}

function turnTo(video, volume) {
  video.muted = false;
  video.volume = Math.min(1, Math.max(0, volume));
}

/** Keep normal speed, the furthest watched point and the film in its page. `seen` counts what had to be corrected. */
function watch(video, { seen, furthest, onLeave, onPulled, onRate }) {
  function slow() {
    if (video.playbackRate === 1 && video.defaultPlaybackRate === 1) return;
    seen.rate += 1;
    video.defaultPlaybackRate = 1;
    video.playbackRate = 1;
    if (seen.rate % MOST_ALIKE === 1) onRate();
  }
  function pull() {
    const limit = furthest();
    if (video.currentTime * 1000 <= limit + SLACK_MS) return;
    seen.seek += 1;
    video.currentTime = limit / 1000;
    onPulled(limit);
  }
  function goBack() {
    document.exitPictureInPicture?.().catch(() => {});
    video.webkitSetPresentationMode?.("inline");
    seen.pip += 1;
    onLeave("pip");
  }
  video.addEventListener("ratechange", slow);
  video.addEventListener("seeking", pull);
  video.addEventListener("timeupdate", () => {
    slow(); // a page whose events were swallowed still shows where it is
    if (!video.seeking) pull();
  });
  video.addEventListener("enterpictureinpicture", goBack);
  video.addEventListener("webkitpresentationmodechanged", () => video.webkitPresentationMode === "picture-in-picture" && goBack());
  video.addEventListener("webkitbeginfullscreen", () => video.webkitExitFullscreen?.()); // the mark and the checks are in the page
  video.remote?.addEventListener("connect", goBack);
  window.documentPictureInPicture?.addEventListener("enter", (event) => {
    event.window.close();
    goBack();
  });
  video.addEventListener("contextmenu", (event) => event.preventDefault());
}
