// Buttons, keys and the system's media keys: all lead to the same named acts.

const KEYS = { " ": "toggle", k: "toggle", ArrowLeft: "back", j: "back", Home: "restart", 0: "restart", f: "full", "?": "help", ",": "settings" };

/** Bind what has `data-act` inside `root` and `dialogs`, the keyboard, and the media keys to `acts`; `medium` adds keys of its own. */
export function controls(root, { acts, medium, bar }) {
  const keys = { ...KEYS, ...medium.keys };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-act]");
    if (button && !button.disabled) acts[button.dataset.act]?.();
    else if (medium.surface && event.target === medium.surface) acts.toggle();
  });

  document.addEventListener("keydown", (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = keys[event.key] ?? keys[key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.("input:not([type=range]), select, textarea, [contenteditable]")) return;
    const control = event.target.closest?.("button, a, input, summary");
    const isControl = control?.getClientRects().length > 0; // a sheet just closed keeps the focus in it for a frame
    if (isControl && (event.key === " " || (event.target === bar.element && event.key !== "?"))) return;
    event.preventDefault();
    acts[act]?.();
  });

  const session = navigator.mediaSession;
  const handlers = { play: "toggle", pause: "toggle", previoustrack: "back", seekbackward: "back", seekforward: "on", seekto: null, nexttrack: null, stop: "toggle" };
  for (const [name, act] of Object.entries(handlers)) {
    try {
      session?.setActionHandler(name, () => act && acts[act]?.()); // without a handler the browser would move the film by itself
    } catch {
      // an action this browser does not know
    }
  }
}
