// Points of a film on its timeline: put one where the film is, move it, choose its questions, save all of them.

import { attach } from "../subtitles/film.js";
import { post } from "../subtitles/net.js";
import { Timeline } from "../subtitles/timeline.js";
import { chosenLine, picker } from "./picker.js";

const BLOCK_MS = 4000; // how wide a point is drawn
const MOST = 3;
const root = document.getElementById("points");
const words = root.dataset;
const state = JSON.parse(document.getElementById("points-state").textContent);
const find = (name) => root.querySelector(`[data-${name}]`);
const video = find("video");
const list = find("list");
const saveButton = document.querySelector("[data-act=save]");
const dialog = state.may_edit ? picker(document.getElementById("pick")) : null;
let serial = 0;
let isDirty = false;

const two = (n) => String(n).padStart(2, "0");
const clockText = (ms) => `${two(Math.floor(ms / 60_000))}:${two(Math.floor(ms / 1000) % 60)}`;
const toast = (text, tone = "attention") => document.dispatchEvent(new CustomEvent("ax:toast", { detail: { text, tone } }));
const now = () => Math.round(video.currentTime) * 1000;

/** What the timeline moves about: points as blocks of one width. */
const track = {
  chosen: 0,
  cues: state.points.map(block),
  get: (id) => track.cues.find((one) => one.id === id),
  choose(id) {
    track.chosen = id;
    draw();
  },
  setTimes(id, start) {
    place(track.get(id), start);
    changed();
  },
};

function block(point) {
  serial += 1;
  const made = { ...point, id: serial };
  return place(made, point.at_ms);
}

function place(one, ms) {
  const at = Math.max(0, Math.round(ms / 1000) * 1000);
  Object.assign(one, { at_ms: at, start_ms: at, end_ms: at + BLOCK_MS, text: one.questions.map((each) => each.code).join(" ") || "?" });
  return one;
}

const timeline = new Timeline(find("timeline"), track, { duration: state.duration_ms, readonly: !state.may_edit, seek, tone: () => "info" });

function seek(ms) {
  video.currentTime = Math.max(0, ms) / 1000;
  tick();
}

function tick() {
  find("now").textContent = clockText(video.currentTime * 1000);
  timeline.moveHead(video.currentTime * 1000, !video.paused);
}

function changed() {
  isDirty = true;
  draw();
}

function draw() {
  track.cues.sort((a, b) => a.at_ms - b.at_ms);
  timeline.draw();
  const focused = document.activeElement?.closest("[data-point]")?.dataset.point;
  const control = document.activeElement?.dataset.control;
  list.replaceChildren(...track.cues.map(card));
  if (focused && control) list.querySelector(`[data-point="${focused}"] [data-control="${control}"]`)?.focus();
  find("empty").hidden = track.cues.length > 0;
  find("saved").textContent = isDirty ? words.unsaved : "";
  if (saveButton) saveButton.disabled = !isDirty;
}

function card(one) {
  const item = find("card").content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`[data-control=${name}]`);
  item.dataset.point = one.id;
  item.classList.toggle("is-chosen", one.id === track.chosen);
  part("time").value = clockText(one.at_ms);
  part("time").addEventListener("change", (event) => retime(one, event.target));
  part("go").addEventListener("click", () => {
    track.chosen = one.id;
    seek(one.at_ms);
    draw();
  });
  part("wrong").value = one.on_wrong;
  part("wrong").addEventListener("change", (event) => {
    one.on_wrong = event.target.value;
    changed();
  });
  item.querySelector("[data-questions]").replaceChildren(
    ...one.questions.map((each) => chosenLine(each, words, state.may_edit && (() => ask(one, one.questions.filter((other) => other !== each))))),
  );
  if (!state.may_edit) {
    for (const control of item.querySelectorAll("input, select")) control.disabled = true;
    part("pick").remove();
    part("remove").remove();
    return item;
  }
  part("pick").addEventListener("click", () => dialog.open(one.questions, MOST, (chosen) => ask(one, chosen)));
  part("remove").addEventListener("click", () => {
    track.cues = track.cues.filter((other) => other !== one);
    changed();
  });
  return item;
}

function ask(one, questions) {
  one.questions = questions;
  place(one, one.at_ms);
  changed();
}

function retime(one, field) {
  const found = /^(\d{1,3})[:：](\d{1,2})$/.exec(field.value.trim());
  if (!found || Number(found[2]) > 59) return toast(words.badtime);
  place(one, (Number(found[1]) * 60 + Number(found[2])) * 1000);
  return changed();
}

function add() {
  const at = now();
  const made = block({ at_ms: at, on_wrong: "again", questions: [] });
  track.cues.push(made);
  track.chosen = made.id;
  changed();
  dialog.open([], MOST, (chosen) => ask(made, chosen));
}

async function save() {
  saveButton.disabled = true;
  const points = track.cues.map((one) => ({ at_ms: one.at_ms, on_wrong: one.on_wrong, questions: one.questions.map(({ question, version }) => ({ question, version })) }));
  try {
    await post(location.pathname, { points });
    isDirty = false;
    toast(words.saved, "proven");
  } catch (error) {
    toast(error.message || words.failed);
  }
  draw();
}

const acts = {
  add,
  save,
  play: () => (video.paused ? video.play().catch(() => {}) : video.pause()),
  back: () => seek(video.currentTime * 1000 - 5000),
  forward: () => seek(video.currentTime * 1000 + 5000),
  wider: () => timeline.zoom(1.5, now()),
  narrower: () => timeline.zoom(1 / 1.5, now()),
};
document.addEventListener("click", (event) => acts[event.target.closest("[data-act]")?.dataset.act]?.());
find("timeline").addEventListener("keydown", (event) => {
  const steps = { ArrowLeft: -1000, ArrowRight: 1000 };
  if (!(event.key in steps)) return;
  event.preventDefault();
  seek(video.currentTime * 1000 + steps[event.key]);
});
for (const name of ["timeupdate", "seeked", "play", "pause"]) video.addEventListener(name, tick);
window.addEventListener("beforeunload", (event) => isDirty && event.preventDefault());
if (words.playlist) attach(video, words.playlist, () => toast(words.nofilm));
timeline.zoom(0.4, 0);
draw();
tick();
