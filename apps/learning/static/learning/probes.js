// What the page notices about the browser it runs in. Evidence and hints only: a page can be lied to, so none of it decides anything.
//
// The names and types below are a contract with the server (apps/learning/README.md); integers, booleans, nothing else.

const VERSION = 1;
const TICK_MS = 1000;
const MOST_MOVES = 999;
const INPUTS = ["pointerdown", "keydown", "wheel", "touchstart"];

/** A second set of the browser's own functions, out of a frame that scripts of this page had no reason to touch. */
function cleanFrame() {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.tabIndex = -1;
  frame.setAttribute("aria-hidden", "true");
  document.body.append(frame);
  return frame.contentWindow;
}

/**
 * Start watching. `video` is the film's element, or null for a document.
 * Returns `read()`: the probes of one beat, and `isHidden()`, `hasFocus()` as the clean frame sees this page.
 */
export function probes(video) {
  const clean = cleanFrame();
  const source = (found) => clean.Function.prototype.toString.call(found);
  const isNative = (found) => typeof found === "function" && /\{\s*\[native code\]\s*\}\s*$/.test(source(found));
  const accessor = (owner, name) => Object.getOwnPropertyDescriptor(owner, name) ?? {};
  const isOwn = (owner, name) => Object.prototype.hasOwnProperty.call(owner, name);
  const areNative = (owner, ...names) => names.every((name) => isNative(accessor(owner, name).get ?? accessor(owner, name).value));
  const isSettable = (owner, name) => areNative(owner, name) && isNative(accessor(owner, name).set);
  const asked = (name) => accessor(clean.Document.prototype, name).get.call(document);

  const media = window.HTMLMediaElement.prototype;
  const counted = { inputs: 0, moves: 0, untrusted: 0, ticks: 0 };
  let before = clocks();

  function clocks() {
    return { date: Date.now(), page: performance.now(), clean: clean.performance.now() };
  }

  for (const name of INPUTS) document.addEventListener(name, count, { capture: true, passive: true });
  document.addEventListener("click", (event) => !event.isTrusted && (counted.untrusted += 1), { capture: true, passive: true });
  document.addEventListener("pointermove", () => counted.moves < MOST_MOVES && (counted.moves += 1), { capture: true, passive: true });
  setInterval(() => (counted.ticks += 1), TICK_MS);

  function count(event) {
    counted[event.isTrusted ? "inputs" : "untrusted"] += 1;
  }

  function times() {
    const now = clocks();
    const gone = now.page - before.page;
    const found = {
      clock_drift_ms: Math.round(now.date - before.date - gone),
      clean_drift_ms: Math.round(gone - (now.clean - before.clean)),
      timer_percent: gone > 5 * TICK_MS ? Math.round((counted.ticks * TICK_MS * 100) / gone) : 100,
    };
    if (gone > 5 * TICK_MS) {
      before = now;
      counted.ticks = 0;
    }
    return found;
  }

  function read() {
    const said = {
      v: VERSION,
      webdriver: Boolean(navigator.webdriver || clean.navigator.webdriver),
      headless: /Headless/i.test(navigator.userAgent),
      rate_native: isSettable(media, "playbackRate"),
      time_native: isSettable(media, "currentTime"),
      play_native: areNative(media, "play", "pause", "paused"),
      visibility_native: areNative(Document.prototype, "visibilityState", "hidden", "hasFocus") && !["visibilityState", "hidden", "hasFocus"].some((name) => isOwn(document, name)),
      visibility_agrees: asked("visibilityState") === document.visibilityState && asked("hidden") === document.hidden,
      focus_agrees: clean.Document.prototype.hasFocus.call(document) === document.hasFocus(),
      listener_native: areNative(EventTarget.prototype, "addEventListener", "dispatchEvent"),
      timer_native: [window.setTimeout, window.setInterval, window.Date, window.fetch].every(isNative),
      own_props: video ? Object.getOwnPropertyNames(video).length : 0,
      ...times(),
      inputs: counted.inputs,
      moves: counted.moves,
      untrusted: counted.untrusted,
    };
    Object.assign(counted, { inputs: 0, moves: 0, untrusted: 0 });
    return said;
  }

  return {
    read,
    isHidden: () => asked("hidden"),
    hasFocus: () => clean.Document.prototype.hasFocus.call(document),
  };
}
