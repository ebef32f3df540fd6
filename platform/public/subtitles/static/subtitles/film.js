// The film under the editor.

/** Load the playlist into the video; `failed()` is called when it cannot be played. */
export function attach(video, playlist, failed) {
  if (window.Hls?.isSupported()) {
    const hls = new window.Hls({ maxBufferLength: 30, maxMaxBufferLength: 60 });
    let recovered = 0;
    hls.on(window.Hls.Events.ERROR, (_event, fault) => {
      if (!fault.fatal) return;
      recovered += 1;
      if (recovered > 3) failed();
      else if (fault.type === window.Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
      else setTimeout(() => hls.startLoad(), 1500 * recovered);
    });
    hls.loadSource(playlist);
    hls.attachMedia(video);
  } else if (video.canPlayType("application/vnd.apple.mpegurl")) {
    video.addEventListener("error", failed, { once: true });
    video.src = playlist;
  } else failed();
}
