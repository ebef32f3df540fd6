// The lesson page: one session at a time, beats for everything that happens, and words for why it stopped.

import { bar as bindBar } from "./bar.js";
import { clockText, cover as bindCover, lengthText } from "./cover.js";
import { film } from "./film.js";
import { guard } from "./guard.js";
import { paper } from "./paper.js";
import { Beats, Refused, call } from "./protocol.js";
import { fullScreen, showIcon } from "./screen.js";

const OFFLINE_MS = 12_000;
const LATE_MS = 1500; // an answer this late means that the server's clock began later than the film: go back with it
const root = document.getElementById("player");
const words = document.getElementById("player-words").dataset;
const field = (name) => root.querySelector(`[data-${name}]`);

let beats = null;
let reached = 0; // furthest point in ms that this page let run
let timer = 0;
let lostAt = 0;
let opening = false;
let why = "manual";
let go = start;

const cover = bindCover(root);
const medium = root.dataset.kind === "DOCUMENT" ? paper(root, words, { reached: () => reached, moveTo }) : film(root);
const bar = bindBar(root, { limit: () => reached, snap: medium.snap, valueText: medium.valueText, onMove: moveTo });
const lengthMs = bar.lengthMs;
const seen = guard(medium, { furthest: () => reached, onLeave: leave, onPulled: pulled, onRate: () => toast(words.rate) });
const positionMs = () => medium.positionMs;
const isPlaying = () => medium.isPlaying;

function toast(text) {
  document.dispatchEvent(new CustomEvent("ax:toast", { detail: { text, tone: "attention" } }));
}

function say(reason, state = isPlaying() ? "playing" : "paused", at = positionMs()) {
  beats?.say({
    position_ms: Math.max(0, Math.min(at, lengthMs)),
    state,
    reason,
    rate: medium.rate,
    hidden: document.visibilityState === "hidden",
    focused: document.hasFocus(),
    mono_ms: Math.round(performance.now()),
    frames: medium.frames,
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
    medium.release();
    reached = session.furthest_ms;
    beats = new Beats(session, root.dataset.openUrl, { onReply: replied, onRefused: refused, onNet: net });
    showCredit({ credited_ms: 0, day_left_ms: session.day_left_ms });
    await medium.load(session);
    bar.open();
    await play();
  } catch (error) {
    refused(error);
  } finally {
    opening = false;
  }
}

async function play() {
  try {
    await medium.play();
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
  else if (isPlaying() && !beats?.hasMore && positionMs() - reply.accepted_ms > LATE_MS) seekBack({ ...reply, verdict: "gap" }, claim);
}

function tick() {
  if (isPlaying()) say("tick");
}

function seekBack(reply, claim) {
  reached = Math.max(reply.furthest_ms, reply.accepted_ms);
  medium.seek(reply.accepted_ms).catch(refused);
  if (claim.state === "ended") play(); // the tail that the clock did not confirm yet
  else if (reply.verdict === "gap") toast(words.gap.replace("{time}", clockText(reply.accepted_ms)));
  else if (reply.verdict === "too_fast") pulled(reply.accepted_ms);
}

function hold(title) {
  medium.pause();
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
  medium.pause();
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
  medium.pause();
  go = start;
  if (error.code === "identity_required") {
    location.assign(error.url); // choose, enrol or prove first; the page leads back here
    return;
  }
  const reason = error.code === "closed" ? error.reason : error.code;
  const shown = {
    taken_over: { icon: "taken", title: words.taken, text: words.takenText, button: words.here },
    terminal_taken: { icon: "taken", title: words.terminal, text: words.terminalText, button: words.here },
    idle: { icon: "pause", title: words.idle, text: words.idleText, button: words.resume },
    daily_limit: { icon: "limit", title: words.limit, text: words.limitText },
    recalled: { icon: "problem", title: words.recalled, text: words.recalledText },
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
  if (isPlaying()) medium.pause();
  else showRest();
}

function leave(reason) {
  if (reason === "pagehide") {
    medium.pause();
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

medium.on("play", () => {
  if (!beats) return medium.pause();
  why = "manual";
  go = play;
  cover.hide();
  say("play", "playing");
  return showState();
});
medium.on("pause", () => {
  showState();
  if (medium.isEnded || bar.isMoving || !beats) return;
  if (medium.isWaiting) {
    say("page", "paused");
    return;
  }
  say(why, "paused");
  if (!cover.isOpen) showRest();
});
medium.on("ended", () => say("ended", "ended", lengthMs));
medium.on("timeupdate", () => {
  const now = positionMs();
  if (isPlaying() && !medium.isSeeking && now > reached && now - reached < 2000) reached = now;
  if (!bar.isMoving) bar.show(now);
});

/* ---- moving: free inside what was studied ---- */

async function moveTo(ms) {
  if (!beats) return;
  const target = medium.snap(Math.max(0, Math.min(ms, reached)));
  const hasWaited = medium.isWaiting;
  if (isPlaying()) say("seek", "paused"); // pays what ran up to here; after that moving is free
  try {
    if (!(await medium.seek(target))) return;
  } catch (error) {
    refused(error);
    return;
  }
  if (hasWaited) await play();
  else if (isPlaying()) say("seeked", "playing", target);
  bar.show(target);
}

/* ---- what is shown ---- */

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
  back: () => beats && moveTo(medium.before()),
  full: fullScreen(root),
  ...medium.acts,
};
root.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act) acts[act]();
  else if (event.target === medium.surface) acts.toggle();
});
const KEYS = { " ": "toggle", ArrowLeft: "back", f: "full", F: "full", ...medium.keys };
document.addEventListener("keydown", (event) => {
  const isControl = event.target.closest?.("button, a, input, select, textarea, summary");
  if (!KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey || (isControl && (event.key === " " || event.target === bar.element))) return;
  event.preventDefault();
  acts[KEYS[event.key]]();
});

const from = Number(root.dataset.position);
if (field("length")) field("length").textContent = clockText(lengthMs);
bar.show(from);
const text = from && words.from ? words.from.replace("{time}", clockText(from)) : words.startText;
cover.show({ icon: "start", title: words.startTitle, text, button: from ? words.resume : words.start });
