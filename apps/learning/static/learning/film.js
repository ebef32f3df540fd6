// Loads the encrypted film of one session into the video element: hls.js where it works, the browser's own player elsewhere.

/** Attach the playlist and resolve when the first picture is there. Rejects with `Error("unsupported")` or on a fatal fault. */
export function attach(video, playlist, startMs) {
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
