// The lesson page: one session at a time, beats for everything that happens, and words for why it stopped.

import { clockText, cover as bindCover, lengthText } from "./cover.js";
import { attach } from "./film.js";
import { guard } from "./guard.js";
import { Beats, Refused, call } from "./protocol.js";
import { screen as bindScreen, showIcon } from "./screen.js";

const OFFLINE_MS = 12_000;
const LATE_MS = 1500; // an answer this late means that the server's clock began later than the film: go back with it
const root = document.getElementById("player");
const words = document.getElementById("player-words").dataset;
const video = root.querySelector("video");
const range = root.querySelector("[data-range]");
const field = (name) => root.querySelector(`[data-${name}]`);
const cover = bindCover(root);
const screen = bindScreen(root, video);
const lengthMs = Number(range.max);

let beats = null;
let release = null;
let reached = 0; // furthest point in ms that this page let run
let timer = 0;
let lostAt = 0;
let opening = false;
let moving = false;
let why = "manual";
let go = start;

const seen = guard(video, { furthest: () => reached, onLeave: leave, onPulled: pulled, onRate: () => toast(words.rate) });
const positionMs = () => Math.round(video.currentTime * 1000);
const isPlaying = () => !video.paused && !video.ended;

function toast(text) {
  document.dispatchEvent(new CustomEvent("ax:toast", { detail: { text, tone: "attention" } }));
}

function say(reason, state = isPlaying() ? "playing" : "paused", at = positionMs()) {
  beats?.say({
    position_ms: Math.max(0, Math.min(at, lengthMs)),
    state,
    reason,
    rate: video.playbackRate,
    hidden: document.visibilityState === "hidden",
    focused: document.hasFocus(),
    mono_ms: Math.round(performance.now()),
    frames: video.getVideoPlaybackQuality?.().totalVideoFrames ?? 0,
    guard: { ...seen },
    probes: {},
  });
}

/* ---- session ---- */

async function start() {
  if (opening) return;
  opening = true;
  cover.show({ icon: "start", title: words.loading });
  try {
    const body = { assignment: root.dataset.assignment, courseware: Number(root.dataset.courseware) };
    const session = await call(root.dataset.openUrl, body);
    release?.();
    reached = session.furthest_ms;
    beats = new Beats(session, root.dataset.openUrl, { onReply: replied, onRefused: refused, onNet: net });
    showCredit({ credited_ms: 0, day_left_ms: session.day_left_ms });
    release = await attach(video, session.playlist, session.position_ms);
    range.disabled = false;
    await play();
  } catch (error) {
    refused(error);
  } finally {
    opening = false;
  }
}

async function play() {
  try {
    await video.play();
  } catch (error) {
    if (error.name !== "NotAllowedError") throw error;
    rest("manual"); // the browser wants one more tap
  }
}

function replied(reply, claim) {
  reached = Math.max(reply.furthest_ms, Math.min(reached, reply.accepted_ms + 40_000));
  showCredit(reply);
  clearTimeout(timer);
  timer = setTimeout(tick, reply.next_in * 1000);
  if (reply.command === "seek") seekBack(reply, claim);
  else if (reply.command === "close") end("daily_limit", { icon: "limit", title: words.limit, text: words.limitText, link: true });
  else if (reply.command === "pause") hold(words.held);
  else if (reply.command === "challenge") challenge(reply);
  else if (claim.state === "ended") finished();
  else if (isPlaying() && positionMs() - reply.accepted_ms > LATE_MS) seekBack({ ...reply, verdict: "gap" }, claim);
}

function tick() {
  if (isPlaying()) say("tick");
}

function seekBack(reply, claim) {
  reached = Math.max(reply.furthest_ms, reply.accepted_ms);
  video.currentTime = reply.accepted_ms / 1000;
  if (claim.state === "ended") play(); // the tail that the clock did not confirm yet
  else if (reply.verdict === "gap") toast(words.gap.replace("{time}", clockText(reply.accepted_ms)));
  else if (reply.verdict === "too_fast") pulled(reply.accepted_ms);
}

function hold(title) {
  video.pause();
  cover.show({ icon: "pause", title, button: words.resume });
}

function challenge(reply) {
  hold(words.check);
  document.dispatchEvent(new CustomEvent("ax:challenge", { detail: reply }));
}

async function end(reason, shown) {
  const session = beats;
  beats = null;
  clearTimeout(timer);
  video.pause();
  cover.show(shown);
  await session?.close(reason).catch(() => {}); // a session left open is closed by the server
}

async function finished() {
  const next = root.dataset.nextUrl;
  go = () => location.assign(next ?? root.dataset.courseUrl);
  const shown = { icon: "done", title: words.done, text: words.doneText, button: next ? words.next : words.toCourse, link: Boolean(next) };
  await end("finished", { ...shown, busy: true });
  cover.show(shown);
  cover.button.focus({ preventScroll: true });
}

function refused(error) {
  beats?.stop();
  beats = null;
  clearTimeout(timer);
  video.pause();
  go = start;
  const reason = error.code === "closed" ? error.reason : error.code;
  const shown = {
    taken_over: { icon: "taken", title: words.taken, text: words.takenText, button: words.here },
    terminal_taken: { icon: "taken", title: words.terminal, text: words.terminalText, button: words.here },
    idle: { icon: "pause", title: words.idle, text: words.idleText, button: words.resume },
    daily_limit: { icon: "limit", title: words.limit, text: words.limitText },
  }[reason];
  if (shown) cover.show({ ...shown, link: true });
  else if (error.message === "unsupported") cover.show({ icon: "problem", title: words.unsupported, text: words.unsupportedText, link: true });
  else cover.show({ icon: "problem", title: words.failed, text: (error instanceof Refused && error.message) || words.failedText, button: words.retry, link: true });
}

function net(isUp) {
  field("net").hidden = isUp;
  lostAt = isUp ? 0 : lostAt || performance.now();
  if (lostAt && performance.now() - lostAt > OFFLINE_MS && isPlaying()) rest("offline");
}

/* ---- pausing, and saying why ---- */

function rest(reason) {
  why = reason;
  if (isPlaying()) video.pause();
  else showRest();
}

function leave(reason) {
  if (reason === "pagehide") {
    video.pause();
    beats?.close("left").catch(() => {}); // sent at once; signing a last beat would come too late
    beats = null;
    go = start;
    why = "hidden";
    showRest();
  } else if (isPlaying()) rest(reason);
}

// A link inside the page leaves time to confirm the last seconds first.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || !beats || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const session = beats;
  rest("manual");
  await Promise.race([new Promise((done) => setTimeout(done, 50)).then(() => session.settled()), new Promise((done) => setTimeout(done, 2500))]);
  beats = null;
  await session.close("left").catch(() => {});
  location.assign(link.href);
});

function showRest() {
  const texts = {
    hidden: { icon: "hidden", title: words.hidden, text: words.hiddenText },
    blur: { icon: "hidden", title: words.blur, text: words.blurText },
    offline: { icon: "net", title: words.offline, text: words.offlineText },
    manual: { icon: "pause", title: words.paused, text: words.manualText },
  };
  cover.show({ ...texts[why], button: words.resume });
}

function pulled(ms) {
  toast(words.pulled.replace("{time}", clockText(ms)));
}

video.addEventListener("play", () => {
  if (!beats) return video.pause();
  why = "manual";
  go = play;
  cover.hide();
  say("play", "playing");
  return showState();
});
video.addEventListener("pause", () => {
  showState();
  if (video.ended || moving || !beats) return;
  say(why, "paused");
  if (!cover.isOpen) showRest();
});
video.addEventListener("ended", () => say("ended", "ended", lengthMs));
video.addEventListener("timeupdate", () => {
  const now = positionMs();
  if (isPlaying() && !video.seeking && now > reached && now - reached < 2000) reached = now;
  if (!moving) showPosition(now);
});

/* ---- moving: free inside what was watched ---- */

function moveTo(ms) {
  if (!beats) return;
  const target = Math.max(0, Math.min(ms, reached));
  const wasPlaying = isPlaying();
  if (wasPlaying) say("seek", "paused"); // pays what ran up to here; after that moving is free
  video.currentTime = target / 1000;
  video.addEventListener("seeked", () => (isPlaying() ? say("seeked", "playing", target) : showPosition(target)), { once: true });
}

range.addEventListener("input", () => {
  moving = true;
  const target = Math.min(Number(range.value), reached);
  range.value = target;
  showPosition(target);
});
range.addEventListener("change", () => {
  moving = false;
  moveTo(Number(range.value));
});

/* ---- what is shown ---- */

function showPosition(ms) {
  range.value = ms;
  range.setAttribute("aria-valuetext", `${clockText(ms)} / ${clockText(lengthMs)}`);
  range.style.setProperty("--seen", `${(ms / lengthMs) * 100}%`);
  range.style.setProperty("--open", `${(Math.max(ms, reached) / lengthMs) * 100}%`);
  field("now").textContent = clockText(ms);
}

function showCredit(reply) {
  field("credit").textContent = clockText(reply.credited_ms);
  field("day-left").textContent = lengthText(reply.day_left_ms, words);
}

function showState() {
  const button = root.querySelector("[data-act=toggle]");
  showIcon(button, isPlaying() ? "player-pause" : "player-play");
  button.setAttribute("aria-label", isPlaying() ? button.dataset.labelPause : button.dataset.labelPlay);
}

/* ---- controls ---- */

const acts = {
  go: () => go(),
  toggle: () => (isPlaying() ? rest("manual") : go()),
  back: () => moveTo(positionMs() - 10_000),
  captions: screen.toggleCaptions,
  full: screen.toggleFull,
};
root.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act) acts[act]();
  else if (event.target === video) acts.toggle();
});
const KEYS = { " ": "toggle", ArrowLeft: "back", f: "full", F: "full", c: "captions", C: "captions" };
document.addEventListener("keydown", (event) => {
  const isControl = event.target.closest?.("button, a, input, select, textarea, summary");
  if (!KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey || (isControl && (event.key === " " || event.target === range))) return;
  event.preventDefault();
  acts[KEYS[event.key]]();
});

field("length").textContent = clockText(lengthMs);
video.textTracks[0].mode = "showing";
showPosition(Number(root.dataset.position));
const from = Number(root.dataset.position);
const text = from ? words.from.replace("{time}", clockText(from)) : words.startText;
cover.show({ icon: "start", title: words.startTitle, text, button: from ? words.resume : words.start });
