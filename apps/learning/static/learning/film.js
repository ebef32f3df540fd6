// A film or a sound as a medium: encrypted, loaded by hls.js where that works, by the browser's own player elsewhere.

const SLACK_MS = 1500;

/** Attach the playlist and resolve when the first picture is there. Rejects with `Error("unsupported")` or on a fatal fault. */
function attach(video, playlist, startMs) {
  return new Promise((ready, failed) => {
    if (window.Hls?.isSupported()) {
      const hls = new window.Hls({ startPosition: startMs / 1000, maxBufferLength: 30, maxMaxBufferLength: 60 });
      let recovered = 0;
      hls.on(window.Hls.Events.ERROR, (_event, fault) => {
        if (!fault.fatal) return;
        recovered += 1;
        if (recovered > 4) failed(new Error(fault.details));
        else if (fault.type === window.Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
        else setTimeout(() => hls.startLoad(), 1500 * recovered);
      });
      video.addEventListener("loadeddata", () => ready(() => hls.destroy()), { once: true });
      hls.loadSource(playlist);
      hls.attachMedia(video);
    } else if (video.canPlayType("application/vnd.apple.mpegurl")) {
      video.addEventListener("loadedmetadata", () => {
        video.currentTime = startMs / 1000;
        ready(() => video.removeAttribute("src"));
      }, { once: true });
      video.addEventListener("error", () => failed(new Error("media")), { once: true });
      video.src = playlist;
      video.load();
    } else {
      failed(new Error("unsupported"));
    }
  });
}

/**
 * What a lesson runs on. Every medium has: `positionMs`, `isPlaying`, `isSeeking`, `isEnded`, `isWaiting` (stopped by itself, nothing to
 * explain), `rate`, `frames`; `load(session)`, `release()`, `play()`, `pause()`, `seek(ms)` (resolves when there, to false when
 * overtaken); `snap(ms)` (where a move to `ms` lands), `before()` (where one step back lands), `valueText(ms)`; `on(name, told)` for
 * play, pause, ended and timeupdate; `watch(guard)`; `acts` and `keys` of its own; `surface`, a click on which plays or pauses.
 */
export function film(root) {
  const video = root.querySelector("video");
  const track = video.textTracks[0];
  const captions = root.querySelector("[data-act=captions]");
  let release = () => {};
  track.mode = "showing";
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
    isWaiting: false,
    get rate() {
      return video.playbackRate;
    },
    get frames() {
      return video.getVideoPlaybackQuality?.().totalVideoFrames ?? 0;
    },
    surface: video,
    async load(session) {
      release = await attach(video, session.playlist, session.position_ms);
    },
    release: () => release(),
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
    valueText: null,
    watch: (guard) => watch(video, guard),
    acts: {
      captions() {
        track.mode = track.mode === "showing" ? "hidden" : "showing";
        captions.setAttribute("aria-pressed", String(track.mode === "showing"));
      },
    },
    keys: { c: "captions", C: "captions" },
  };
}

/** Keep normal speed and the furthest watched point. `seen` counts what had to be corrected. */
function watch(video, { seen, furthest, onLeave, onPulled, onRate }) {
  video.addEventListener("ratechange", () => {
    if (video.playbackRate === 1 && video.defaultPlaybackRate === 1) return;
    seen.rate += 1;
    video.defaultPlaybackRate = 1;
    video.playbackRate = 1;
    onRate();
  });
  video.addEventListener("seeking", () => {
    const limit = furthest();
    if (video.currentTime * 1000 <= limit + SLACK_MS) return;
    seen.seek += 1;
    video.currentTime = limit / 1000;
    onPulled(limit);
  });
  video.addEventListener("enterpictureinpicture", () => {
    document.exitPictureInPicture?.().catch(() => {});
    seen.hidden += 1;
    onLeave("hidden");
  });
  video.addEventListener("contextmenu", (event) => event.preventDefault());
}
