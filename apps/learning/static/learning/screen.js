// How a lesson is shown: in the page or on the whole screen.

/** Put another icon on a button. */
export function showIcon(button, name) {
  button.querySelector(".ti").className = `ti ti-${name}`;
}

/** Bind the full screen button inside `root`; returns what toggles it. */
export function fullScreen(root) {
  const button = root.querySelector("[data-act=full]");
  document.addEventListener("fullscreenchange", () => {
    const isFull = document.fullscreenElement === root;
    showIcon(button, isFull ? "minimize" : "maximize");
    button.setAttribute("aria-label", isFull ? button.dataset.labelExit : button.dataset.labelEnter);
  });
  return () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (root.requestFullscreen) root.requestFullscreen().catch(() => {});
    else root.querySelector("video")?.webkitEnterFullscreen?.(); // iPhone: only the film itself
  };
}
