// What the buttons and the meter say of the film at this moment; looked at once a second, since not all of it is told by events.

import { showIcon } from "./screen.js";

/** `show()` draws anew. `since()` is how long in ms the server has not confirmed anything, `isDown()` whether the line is broken. */
export function display(root, medium, { meter, since, isDown }) {
  const toggle = root.querySelector("[data-act=toggle]");
  const mute = root.querySelector("[data-act=mute]");
  const stall = root.querySelector("[data-stall]");

  function show() {
    const { isPlaying, isStalled } = medium;
    showIcon(toggle, isPlaying ? "player-pause" : "player-play");
    toggle.setAttribute("aria-label", isPlaying ? toggle.dataset.labelPause : toggle.dataset.labelPlay);
    stall.hidden = !isStalled;
    meter.run(!isPlaying ? "paused" : isDown() ? "offline" : isStalled ? "stalled" : "counting", since());
  }

  function showSound() {
    const isOff = medium.element.muted || !medium.element.volume;
    showIcon(mute, isOff ? "volume-off" : "volume");
    mute.setAttribute("aria-pressed", String(isOff));
  }

  for (const name of ["play", "pause", "waiting", "playing"]) medium.on(name, show);
  if (mute) medium.on("volumechange", showSound);
  setInterval(show, 1000);
  return show;
}
