// A document as a medium (see film.js): one page at a time, with a clock that runs only while the page can be read.

import { clockText } from "./cover.js";
import { read } from "./protocol.js";
import { timeline } from "./timeline.js";

const TICK_MS = 200;
const SOON_MS = 15_000;
const FROZEN_MS = 2000; // a browser that slept longer than this showed nobody a page
const ZOOMS = ["fit", "width", "large", "huge"];

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
// Not `disabled`: a button that turns so under the finger would take the keyboard's place on the page with it.
const allow = (button, may) => button.setAttribute("aria-disabled", String(!may));
const isSeen = () => document.visibilityState === "visible" && document.hasFocus();

/** Bind the viewer inside `root`. `reached()` gives the furthest point in ms, `moveTo(ms)` goes to a page as the player does. */
export function paper(root, words, { reached, moveTo }) {
  const part = (name) => root.querySelector(`[data-${name}]`);
  const sheet = part("paper");
  const picture = part("picture");
  const next = root.querySelector("[data-act=next]");
  const back = root.querySelector("[data-act=back]");
  const events = new EventTarget();
  const emit = (name) => events.dispatchEvent(new Event(name));

  let pages = [];
  let line = null;
  let index = 0;
  let at = 0; // on the timeline; within [start, end] of the page that shows
  let isRunning = false;
  let isShown = false;
  let isFinishing = false;
  let asked = 0;
  let since = 0;
  let timer = 0;
  let zoom = 1;

  const isOver = () => Boolean(line) && isShown && at >= line.end(index);
  const mayTurn = () => line.end(index) <= Math.max(reached(), at);
  const numbers = () => ({ n: index + 1, m: pages.length });

  function run() {
    const now = performance.now();
    const gone = Math.min(now - since, FROZEN_MS);
    since = now;
    if (!isRunning || !isShown || !isSeen()) return;
    at = Math.min(at + gone, line.end(index));
    emit("timeupdate");
    showLeft();
    if (line.end(index) - at < SOON_MS) fetchNext();
    if (isOver()) stop();
  }

  function stop() {
    isRunning = false;
    if (isFinishing && index === line.last) return emit("ended");
    isFinishing = false;
    announce(index === line.last ? words.overLast : words.over);
    return emit("pause");
  }

  /** Show the page at `ms`; resolves to false when another page was asked for meanwhile. */
  async function seek(ms) {
    const mine = (asked += 1);
    index = line.indexAt(ms);
    at = Math.min(ms, line.end(index));
    const page = pages[index];
    if (picture.dataset.index !== String(index)) {
      isShown = false;
      sheet.setAttribute("aria-busy", "true");
      part("page-text").textContent = "";
      Object.assign(picture, { width: page.width, height: page.height, alt: fill(words.page, numbers()), src: page.picture });
      sheet.scrollTo(0, 0);
      const isThere = await picture.decode().then(() => true, () => false);
      if (mine !== asked) return false;
      if (!isThere) throw new Error("page");
      picture.dataset.index = String(index);
      readText(page, mine);
      announce(fill(words.page, numbers()));
    }
    isShown = true;
    since = performance.now();
    sheet.removeAttribute("aria-busy");
    showLeft();
    return true;
  }

  /** The next page is there when it is turned to; not sooner, as pages are handed out at the pace of the clock. */
  function fetchNext() {
    const next = pages[index + 1];
    if (!next || next.isAsked) return;
    next.isAsked = true;
    new Image().src = next.picture;
  }

  async function readText(page, mine) {
    const found = await fetch(page.text).then((reply) => (reply.ok ? reply.text() : ""), () => "");
    if (mine === asked) part("page-text").textContent = found.trim() || words.noText;
  }

  function announce(text) {
    part("announce").textContent = text;
  }

  function showLeft() {
    const { n, m } = numbers();
    const isLast = index === line.last;
    const isOpen = mayTurn();
    part("page-no").textContent = `${n} / ${m}`;
    const left = fill(words.left, { time: clockText(Math.ceil((line.end(index) - at) / 1000) * 1000) });
    part("page-left").textContent = !isOpen ? left : isLast ? words.overLast : words.over;
    part("page-left").classList.toggle("ax-tone-proven", isOpen);
    allow(next, isOpen);
    next.querySelector("span").textContent = isLast ? words.finish : words.nextPage;
    allow(back, index > 0);
  }

  function turn() {
    if (!line || !isShown || !mayTurn()) return;
    if (index < line.last) moveTo(line.start(index + 1));
    else finish();
  }

  function finish() {
    isFinishing = true;
    isRunning = false;
    emit("ended");
  }

  function zoomBy(step) {
    zoom = Math.max(0, Math.min(ZOOMS.length - 1, zoom + step));
    sheet.dataset.zoom = ZOOMS[zoom];
    allow(root.querySelector("[data-act=zoomOut]"), zoom > 0);
    allow(root.querySelector("[data-act=zoomIn]"), zoom < ZOOMS.length - 1);
  }

  sheet.addEventListener("contextmenu", (event) => event.preventDefault());

  return {
    on: (name, told) => events.addEventListener(name, told),
    get positionMs() {
      return Math.round(at);
    },
    get isPlaying() {
      return isRunning;
    },
    get isSeeking() {
      return !isShown;
    },
    get isEnded() {
      return isFinishing && !isRunning;
    },
    get isWaiting() {
      return !isRunning && isOver();
    },
    isStalled: false,
    rate: 1,
    frames: 0,
    element: null,
    surface: null,
    async load(session) {
      pages = await read(session.pages);
      line = timeline(pages);
      isFinishing = false;
      await seek(session.position_ms);
      timer = setInterval(run, TICK_MS);
    },
    release() {
      clearInterval(timer);
      isRunning = false;
      isShown = false;
      delete picture.dataset.index;
    },
    async play() {
      if (!line || isOver()) return;
      since = performance.now();
      isRunning = true;
      emit("play");
    },
    pause() {
      if (!isRunning) return;
      isRunning = false;
      isFinishing = false;
      emit("pause");
    },
    seek,
    snap: (ms) => line.start(line.indexAt(ms)),
    before: () => line.start(Math.max(0, index - 1)),
    after: null,
    valueText: (ms) => (line ? fill(words.page, { n: line.indexAt(ms) + 1, m: pages.length }) : null),
    watch: () => {},
    acts: { next: turn, zoomIn: () => zoomBy(1), zoomOut: () => zoomBy(-1) },
    keys: { ArrowRight: "next", "+": "zoomIn", "=": "zoomIn", "-": "zoomOut" },
  };
}
