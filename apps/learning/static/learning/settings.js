// How the learner likes to watch: captions, their size, quality, the tone before a check. Remembered on this device.

import { recall, remember } from "./store.js";

const SIZES = ["s", "m", "l", "xl"];

/** Bind the settings dialog and the captions of the film inside `root`. `choose(index)` asks for a rung of the ladder, -1 automatic. */
export function settings(root, dialog, { track, choose, words }) {
  const captions = root.querySelector("[data-act=captions]");
  const rungs = dialog.querySelector("[data-quality]");
  let heights = [];

  function mark(group, value) {
    for (const button of dialog.querySelectorAll(`[data-set="${group}"]`)) button.setAttribute("aria-pressed", String(button.value === value));
  }

  function showCaptions(isOn) {
    if (track) track.mode = isOn ? "showing" : "hidden";
    captions?.setAttribute("aria-pressed", String(isOn));
    mark("captions", isOn ? "on" : "off");
    remember("captions", isOn ? "on" : "off");
  }

  function setSize(size) {
    root.dataset.cue = size;
    mark("size", size);
    remember("size", size);
  }

  function setCue(value) {
    mark("cue", value);
    remember("cue", value);
  }

  /** The rung that was remembered: the tallest that is not taller. */
  function wanted(found) {
    const most = Number(recall("quality", "0"));
    if (!most || found.length < 2) return -1;
    const fitting = found.filter((height) => height <= most);
    return fitting.length ? found.indexOf(Math.max(...fitting)) : found.indexOf(Math.min(...found));
  }

  function setQuality(value) {
    remember("quality", value);
    mark("quality", value);
    choose(value === "0" ? -1 : heights.indexOf(Number(value)));
  }

  /** Offer the film's own ladder; nothing to choose from where there is one rung. */
  function offer(found) {
    heights = found;
    const rows = [...new Set(found)].sort((a, b) => b - a);
    rungs.hidden = rows.length < 2;
    rungs.querySelector(".ax-segments").replaceChildren(rung("0", words.auto), ...rows.map((height) => rung(String(height), `${height}P`)));
    const index = wanted(found);
    mark("quality", index < 0 ? "0" : String(found[index]));
  }

  function rung(value, text) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", value, textContent: text });
    button.dataset.set = "quality";
    return button;
  }

  const sets = { captions: (value) => showCaptions(value === "on"), size: setSize, cue: setCue, quality: setQuality };
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set]");
    if (button) sets[button.dataset.set](button.value);
  });
  showCaptions(recall("captions", "on") === "on");
  setSize(SIZES.includes(recall("size", "m")) ? recall("size", "m") : "m");
  setCue(recall("cue", "on") === "off" ? "off" : "on");

  const turn = (step) => setSize(SIZES[Math.max(0, Math.min(SIZES.length - 1, SIZES.indexOf(root.dataset.cue) + step))]);
  return {
    wanted,
    offer,
    get hasCue() {
      return recall("cue", "on") === "on";
    },
    acts: {
      captions: () => showCaptions(recall("captions", "on") !== "on"),
      larger: () => turn(1),
      smaller: () => turn(-1),
      settings: () => dialog.showModal(),
    },
  };
}
