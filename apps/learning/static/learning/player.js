// The lesson page: one session at a time, beats for everything that happens, and words for why it stopped.

import { bar as bindBar } from "./bar.js";
import { claims } from "./claim.js";
import { controls } from "./controls.js";
import { clockText, cover as bindCover } from "./cover.js";
import { display } from "./display.js";
import { film } from "./film.js";
import { guard } from "./guard.js";
import { leaving } from "./leaving.js";
import { mark } from "./mark.js";
import { meter as bindMeter } from "./meter.js";
import { net as bindNet } from "./net.js";
import { paper } from "./paper.js";
import { presence as bindPresence } from "./presence.js";
import { probes } from "./probes.js";
import { moving } from "./moving.js";
import { Beats, call } from "./protocol.js";
import { doneOf, missOf, refusalOf, restOf } from "./rests.js";
import { fullScreen } from "./screen.js";
import { settings as bindSettings } from "./settings.js";
import { tabs as bindTabs } from "./tabs.js";

const LATE_MS = 1500; // an answer this late means that the server's clock began later than the film: go back with it
const AHEAD_MS = 30_000; // keys are handed out this far beyond the furthest accepted point
const root = document.getElementById("player");
const words = document.getElementById("player-words").dataset;
const dialog = (name) => document.getElementById(`player-${name}`);

let beats = null;
let reached = 0; // furthest point in ms that this page let run
let accepted = 0; // furthest point in ms that the server accepted
let playedAt = 0; // when the time began that the server has not confirmed yet
let unproven = 0; // ms that wait for a check, over all sessions
let timer = 0;
let opening = false;
let why = "manual";
let isMissTold = false; // the cover says what a missed check cost; it stays until the learner goes on
let go = start;
let stops = null; // where the film stops and asks, if anywhere

const cover = bindCover(root);
const medium = root.dataset.kind === "DOCUMENT" ? paper(root, words, { reached: () => reached, moveTo: (ms) => moveTo(ms) }) : film(root);
const bar = bindBar(root, { limit: () => reached, snap: medium.snap, valueText: medium.valueText, onMove: (ms) => moveTo(ms) });
const lengthMs = bar.lengthMs;
const meter = bindMeter(root, words);
const line = bindNet(root, words, { onSilent: () => rest("offline"), onBack: () => why === "offline" && cover.isOpen && showRest("back") });
const settings = bindSettings(root, dialog("settings"), { track: medium.element?.textTracks[0], choose: (index) => medium.choose?.(index), words });
const presence = bindPresence(dialog("presence"));
const tabs = bindTabs(taken);
const page = probes(medium.element);
const seen = guard(medium, page, { furthest: () => reached, onLeave: leave, onPulled: pulled, onRate: () => toast(words.rate) });
const watermark = mark(root.querySelector(".lp-stage"), { text: root.dataset.mark, startedAt: Number(root.dataset.serverMs) - performance.now(), seen, onStripped: () => leave("mark") });
const positionMs = () => medium.positionMs;
const isPlaying = () => medium.isPlaying;

const claim = claims(medium, { page, seen, watermark, lengthMs });

display(root, medium, { meter, since: () => performance.now() - playedAt, isDown: () => line.isDown });

function toast(text, tone = "attention") {
  document.dispatchEvent(new CustomEvent("ax:toast", { detail: { text, tone } }));
}

function say(...what) {
  beats?.say(claim(...what));
}

/* ---- session ---- */

async function start(at = null) {
  if (opening) return;
  opening = true;
  cover.show({ icon: "start", title: words.loading });
  try {
    const body = { assignment: root.dataset.assignment, courseware: Number(root.dataset.courseware) };
    const session = await call(root.dataset.openUrl, body);
    medium.release();
    reached = accepted = session.furthest_ms;
    if (typeof at === "number") session.position_ms = Math.min(at, session.position_ms);
    const told = { onReply: replied, onRefused: refused, onNet: net, now: () => (isPlaying() ? claim("tick") : null) };
    beats = new Beats(session, root.dataset.openUrl, told);
    line.up();
    if (session.points.length) stops ??= (await import(root.dataset.stops)).stops(dialog("stops"), { medium, cover, words, play, rest, refused, isLive: () => Boolean(beats), reach: (ms) => (reached = ms) });
    stops?.begin(session.points);
    tabs.begin();
    if (session.took_over) toast(words.tookOver, "info");
    meter.show({ credited_ms: 0, day_left_ms: session.day_left_ms });
    await medium.load(session, { mayLoad: (ms) => ms < accepted + AHEAD_MS, onLevels: settings.offer, wanted: settings.wanted, onFault: refused });
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
    if (error.name === "AbortError") return; // somebody paused it meanwhile
    if (error.name !== "NotAllowedError") throw error;
    rest("manual"); // the browser wants one more tap
  }
}

function replied(reply, said, isOld) {
  accepted = Math.max(accepted, reply.furthest_ms);
  reached = Math.max(reply.furthest_ms, Math.min(reached, reply.accepted_ms + 40_000));
  playedAt = performance.now();
  unproven = reply.unproven_ms;
  meter.show(reply);
  clearTimeout(timer);
  timer = setTimeout(tick, reply.next_in * 1000);
  if (reply.check) challenge(reply.check, said.state === "ended" && reply.command === "challenge");
  if (reply.command === "seek") seekBack(reply, said);
  else if (reply.command === "close") end("daily_limit", { icon: "limit", title: words.limit, text: words.limitText, link: true });
  else if (reply.command === "pause") hold(reply);
  else if (reply.check) return; // what comes next is said after it
  else if (reply.quiz) stops?.ask(reply.quiz);
  else if (said.reason === "quiz") medium.seek(reply.accepted_ms).then(play).catch(refused); // not quite there by the server's clock
  else if (said.state === "ended") finished(reply);
  else if (isOld) tick(); // what played on meanwhile is still to be said
  else if (isPlaying() && !beats?.hasMore && positionMs() - reply.accepted_ms > LATE_MS) seekBack({ ...reply, verdict: "gap" }, said);
}

function tick() {
  if (isPlaying()) say("tick");
}

function seekBack(reply, said) {
  reached = Math.max(reply.furthest_ms, reply.accepted_ms);
  medium.seek(reply.accepted_ms).catch(refused);
  if (said.state === "ended") play(); // the tail that the clock did not confirm yet
  else if (reply.verdict === "gap") toast(words.gap.replace("{time}", clockText(reply.accepted_ms)));
  else if (reply.verdict === "too_fast") pulled(reply.accepted_ms);
}

/** Nothing counts at the moment; the film waits at the accepted point. */
function hold(reply) {
  reached = Math.max(reply.furthest_ms, reply.accepted_ms);
  medium.pause();
  medium.seek(reply.accepted_ms).catch(refused);
  go = play;
  if (!isMissTold) cover.show({ icon: "shield", title: reply.must_prove ? words.mustProve : words.held, button: words.resume });
}

/** The film waits for the check and goes on by itself after it. */
async function challenge(check, isLast) {
  if (presence.isOpen) return;
  why = "check";
  medium.pause();
  cover.show({ icon: "shield", title: words.check });
  const result = await presence.open(check, { hasCue: settings.hasCue });
  if (!beats || !result) return beats && play();
  if (result.locked) return refused({ code: "locked" });
  go = play;
  isMissTold = result.outcome === "missed";
  if (isMissTold) {
    cover.show(missOf(result, words, clockText));
    return say("missed", "paused");
  }
  if (result.outcome === "pending") toast(words.pending, "info");
  else toast(words.passed, "proven");
  return isLast ? finished(result.outcome === "pending" ? { unproven_ms: unproven } : {}) : play();
}

function stop() {
  const session = beats;
  beats = null;
  clearTimeout(timer);
  line.rest();
  presence.drop();
  stops?.drop();
  medium.pause();
  return session;
}

async function end(reason, shown) {
  const session = stop();
  cover.show(shown);
  await session?.close(reason).catch(() => {}); // a session left open is closed by the server
}

async function finished(reply) {
  const next = root.dataset.nextUrl;
  go = () => location.assign(next ?? root.dataset.courseUrl);
  const shown = doneOf(reply, words, clockText, Boolean(next));
  await end("finished", { ...shown, busy: true });
  cover.show(shown);
  cover.button.focus({ preventScroll: true });
}

function refused(error) {
  stop()?.stop();
  go = start;
  if (error.code === "identity_required") location.assign(error.url); // choose, enrol or prove first; that page leads back here
  cover.show(refusalOf(error, words));
}

/** Another page of this browser began; the server has ended the session here. */
function taken() {
  if (!beats) return;
  seen.tab += 1;
  refused({ code: "taken_over" });
}

function net(isUp, sinceMs) {
  if (isUp) line.up();
  else line.down(sinceMs);
}

window.addEventListener("online", () => beats && !beats.pending && say("online"));

/* ---- pausing, and saying why ---- */

function rest(reason) {
  why = reason;
  if (isPlaying()) medium.pause();
  else showRest(reason);
}

function leave(reason) {
  if (reason === "pagehide") {
    stop()?.close("left").catch(() => {}); // sent at once; signing a last beat would come too late
    go = start;
    showRest("hidden");
  } else if (isPlaying()) rest(reason);
}

leaving(() => {
  const session = beats;
  if (session) rest("manual");
  return session;
});

function showRest(reason) {
  cover.show({ ...restOf(reason, words), busy: reason === "offline" && line.isDown });
}

function pulled(ms) {
  toast(words.pulled.replace("{time}", clockText(ms)));
}

medium.on("play", () => {
  if (!beats || presence.isOpen || stops?.isOpen) return medium.pause();
  why = "manual";
  isMissTold = false;
  go = play;
  playedAt = performance.now();
  cover.hide();
  return say("play", "playing");
});
medium.on("pause", () => {
  if (medium.isEnded || bar.isMoving || !beats) return;
  if (medium.isWaiting) {
    say("page", "paused");
    return;
  }
  say(why, "paused");
  if (!cover.isOpen) showRest(why);
});
medium.on("ended", () => say("ended", "ended", lengthMs));
medium.on("timeupdate", () => {
  const now = positionMs();
  if (isPlaying() && !medium.isSeeking && now > reached && now - reached < 2000) reached = now;
  if (!bar.isMoving) bar.show(now);
  if (isPlaying() && stops?.isDue(now)) stops.pause();
});

/* ---- controls ---- */

const { moveTo, restart } = moving(medium, { bar, play, start, say, refused, limit: () => reached, isOpen: () => Boolean(beats) && !presence.isOpen && !stops?.isOpen });
const acts = {
  go: () => go(),
  toggle: () => (presence.isOpen ? undefined : isPlaying() ? rest("manual") : go()),
  back: () => beats && moveTo(medium.before()),
  on: () => beats && medium.after && moveTo(medium.after()),
  restart,
  full: fullScreen(root),
  help: () => dialog("help").showModal(),
  ...settings.acts,
  ...medium.acts,
};
controls(root, { acts, medium, bar });

const from = Number(root.dataset.position);
for (const length of root.querySelectorAll("[data-length]")) length.textContent = clockText(lengthMs);
bar.show(from);
const text = from && words.from ? words.from.replace("{time}", clockText(from)) : words.startText;
cover.show({ icon: "start", title: words.startTitle, text, button: from ? words.resume : words.start });
