// How a lesson is shown: in the page or on the whole screen.

const FILLED = "lp-filled"; // where a page may not have the screen (iPhone), it has the window: mark and checks stay over the film

/** Put another icon on a button. */
export function showIcon(button, name) {
  button.querySelector(".ti").className = `ti ti-${name}`;
}

/** Bind the full screen button inside `root`; returns what toggles it. */
export function fullScreen(root) {
  const button = root.querySelector("[data-act=full]");
  const isFilled = () => root.classList.contains(FILLED);

  function show() {
    const isFull = document.fullscreenElement === root || isFilled();
    showIcon(button, isFull ? "minimize" : "maximize");
    button.setAttribute("aria-label", isFull ? button.dataset.labelExit : button.dataset.labelEnter);
  }

  function fill(isOn) {
    root.classList.toggle(FILLED, isOn);
    document.documentElement.classList.toggle("lp-has-filled", isOn);
    show();
  }

  document.addEventListener("fullscreenchange", show);
  document.addEventListener("keydown", (event) => event.key === "Escape" && isFilled() && fill(false));
  return () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (isFilled()) fill(false);
    else if (root.requestFullscreen) root.requestFullscreen().catch(() => fill(true));
    else fill(true);
  };
}
