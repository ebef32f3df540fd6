// Preview of an encrypted film on the desk; the part of the page that holds it comes and goes with htmx.

function attach(video) {
  if (video.dataset.attached) return;
  video.dataset.attached = "1";
  if (window.Hls?.isSupported()) {
    const hls = new window.Hls({ maxBufferLength: 30 });
    hls.on(window.Hls.Events.ERROR, (_event, fault) => {
      if (fault.fatal) video.parentElement.querySelector("[data-media-problem]").hidden = false;
    });
    hls.loadSource(video.dataset.src);
    hls.attachMedia(video);
  } else if (video.canPlayType("application/vnd.apple.mpegurl")) {
    video.src = video.dataset.src;
  } else {
    video.parentElement.querySelector("[data-media-problem]").hidden = false;
  }
}

const attachAll = () => document.querySelectorAll("[data-media-player]").forEach(attach);
document.addEventListener("htmx:afterSettle", attachAll);
attachAll();
