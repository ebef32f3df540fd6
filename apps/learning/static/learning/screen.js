// How the film is shown: with or without captions, in the page or on the whole screen.

/** Put another icon on a button. */
export function showIcon(button, name) {
  button.querySelector(".ti").className = `ti ti-${name}`;
}

/** Bind the captions and full screen buttons inside `root`. */
export function screen(root, video) {
  const captions = root.querySelector("[data-act=captions]");
  const full = root.querySelector("[data-act=full]");
  document.addEventListener("fullscreenchange", () => {
    const isFull = document.fullscreenElement === root;
    showIcon(full, isFull ? "minimize" : "maximize");
    full.setAttribute("aria-label", isFull ? full.dataset.labelExit : full.dataset.labelEnter);
  });
  return {
    toggleCaptions() {
      const track = video.textTracks[0];
      track.mode = track.mode === "showing" ? "hidden" : "showing";
      captions.setAttribute("aria-pressed", String(track.mode === "showing"));
    },
    toggleFull() {
      if (document.fullscreenElement) document.exitFullscreen();
      else if (root.requestFullscreen) root.requestFullscreen().catch(() => {});
      else video.webkitEnterFullscreen?.(); // iPhone: only the film itself
    },
  };
}
