// The subtitle editor: holds film, timeline, list and problems together; saves without losing anybody's work.

import { clock, plain, Track } from "./cues.js";
import { attach } from "./film.js";
import { keys } from "./keys.js";
import { CueList } from "./list.js";
import { get, post } from "./net.js";
import { download, news } from "./news.js";
import { Problems } from "./problems.js";
import { Timeline } from "./timeline.js";

const root = document.getElementById("editor");
const state = JSON.parse(document.getElementById("editor-state").textContent);
const words = document.getElementById("editor-words").dataset;
const find = (name) => document.querySelector(`[data-${name}]`);
const video = find("video");
const readonly = !state.may_edit;
const draftKey = `subtitles-draft-${state.media}`;
const track = new Track(state.cues);
let { revision } = state;
let savedCues = track.cues;
let source = "EDITOR";
let saving = false;

const now = () => video.currentTime * 1000;
const dirty = () => track.cues !== savedCues;
const tell = (text, tone = "attention") => document.dispatchEvent(new CustomEvent("ax:toast", { detail: { text, tone } }));

function seek(ms) {
  const end = state.duration_ms ? state.duration_ms - 1 : Infinity;
  video.currentTime = Math.min(Math.max(ms, 0), end) / 1000;
  tick();
}

const problems = new Problems(root, track, { words, readonly, go: goTo, take: (one) => track.setText(one.id, one.fix) });
const list = new CueList(find("list"), track, { words, readonly, marks: (id) => problems.of(id), told: tell, seek });
const timeline = new Timeline(find("timeline"), track, { duration: state.duration_ms, readonly, seek, tone: (id) => problems.tone(id) });

function goTo(problem) {
  if (problem.id && track.get(problem.id)) {
    track.choose(problem.id);
    list.show(problem.id, { focus: !readonly && innerWidth >= 768 });
  }
  seek(problem.at_ms);
  timeline.moveHead(problem.at_ms, true);
}

// What is on the screen follows the state.

function draw() {
  list.draw();
  timeline.draw();
  find("empty").hidden = track.cues.length > 0;
  const label = find("saved");
  label.textContent = saving ? words.saving : dirty() ? words.unsaved : revision ? words.saved : "";
  label.classList.toggle("is-dirty", dirty() && !saving);
  for (const [name, off] of [["undo", !track.canUndo], ["redo", !track.canRedo], ["save", saving || !dirty()]]) {
    const button = document.querySelector(`[data-act=${name}]`);
    if (button) button.disabled = off;
  }
}

function tick() {
  const ms = now();
  find("now").textContent = clock(ms);
  timeline.moveHead(ms, !video.paused);
  const cue = track.at(ms);
  const text = cue?.text ?? "";
  if (find("caption").textContent !== text) find("caption").textContent = text;
  list.playing(cue?.id);
}

function run() {
  tick();
  if (!video.paused) requestAnimationFrame(run);
}

function showPlaying() {
  const button = document.querySelector("[data-act=play]");
  button.querySelector(".ti").className = `ti ti-player-${video.paused ? "play" : "pause"}`;
  button.setAttribute("aria-label", video.paused ? button.dataset.labelPlay : button.dataset.labelPause);
  run();
}

// Checking and keeping a copy, a little after each change.

let checking = 0;
let waiting;
async function check() {
  const number = (checking += 1);
  const { cues } = track;
  const found = await post(`${state.root}/check`, { cues: plain(cues) }).catch(() => null);
  if (!found || number !== checking) return;
  problems.set(found.problems, cues.map((cue) => cue.id));
  draw();
}

function changed() {
  draw();
  tick();
  if (readonly) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => { keepDraft(); check(); }, 400);
}

function keepDraft() {
  try {
    if (dirty()) localStorage.setItem(draftKey, JSON.stringify({ revision, cues: plain(track.cues) }));
    else localStorage.removeItem(draftKey);
  } catch { /* a full or forbidden store costs only the copy */ }
}

function restoreDraft() {
  try {
    const draft = JSON.parse(localStorage.getItem(draftKey));
    if (!draft || JSON.stringify(draft.cues) === JSON.stringify(plain(track.cues))) return;
    track.replaceAll(draft.cues);
    // The state it was made from: saving then meets whoever saved since.
    revision = draft.revision;
    news(words.draft, "info", [[words.discard, () => { localStorage.removeItem(draftKey); savedCues = track.cues; location.reload(); }]]);
  } catch { /* no readable copy */ }
}

// Saving.

async function save() {
  if (readonly || saving) return;
  if (!dirty()) return tell(words.same, "info");
  const { cues } = track;
  saving = true;
  draw();
  try {
    const answer = await post(state.root, { revision, cues: plain(cues), source });
    revision = answer.revision;
    savedCues = cues;
    source = "EDITOR";
    news("");
    problems.set(answer.problems, cues.map((cue) => cue.id));
    tell(words.saved, "proven");
  } catch (error) {
    refused(error);
  } finally {
    saving = false;
    keepDraft();
    draw();
  }
}

function refused(error) {
  if (error.body?.code === "stale") return conflict(error.body);
  const text = error.message || { 0: words.offline, 401: words.signin }[error.status] || words.failed;
  news(text, "stop");
}

function conflict({ message, revision: theirs }) {
  news(message, "attention", [
    [words.mine, () => { revision = theirs; news(""); save(); }],
    [words.theirs, takeTheirs],
    [words.copy, () => download(track.cues)],
  ]);
}

async function takeTheirs() {
  try {
    const answer = await get(state.root);
    track.replaceAll(answer.cues); // undo brings one's own back
    revision = answer.revision;
    savedCues = track.cues;
    news("");
    changed();
  } catch (error) {
    refused(error);
  }
}

// Import, simplified characters, old states: each becomes one step that can be undone, and is saved only by "save".

async function readFile(input) {
  const form = new FormData();
  form.append("file", input.files[0]);
  input.value = "";
  try {
    const found = await post(`${state.root}/read`, form);
    track.replaceAll(found.cues);
    source = "IMPORT";
    news([words.imported.replace("{n}", found.cues.length).replace("{form}", found.form), ...found.notes], "info");
  } catch (error) {
    const lines = (error.body?.lines ?? []).slice(1, 6).map((one) => `${one.line}: ${one.text}`);
    error.body?.lines ? news([error.message, ...lines], "stop") : refused(error);
  }
}

async function simplify() {
  try {
    const before = track.cues;
    const found = await post(`${state.root}/simplify`, { cues: plain(before) });
    const count = found.cues.filter((cue, index) => cue.text !== before[index].text).length;
    track.replaceAll(found.cues);
    news(words.simplified.replace("{n}", count), "info");
  } catch (error) {
    refused(error);
  }
}

async function restore(url) {
  document.getElementById("history").close();
  try {
    track.replaceAll((await get(url)).cues);
    news(words.restored, "info");
  } catch (error) {
    refused(error);
  }
}

// What buttons and keys do.

function edit(change) {
  if (!readonly && track.chosen) change(track.chosen);
}

function caretOf() {
  const field = document.activeElement;
  return field?.matches(".se-cue textarea") ? field.selectionStart : undefined;
}

function insert() {
  if (readonly) return;
  track.insert(now());
  list.show(track.chosen, { focus: true });
}

const ACTS = {
  play: () => (video.paused ? video.play().catch(() => tell(words.nofilm)) : video.pause()),
  back: () => seek(now() - 1000),
  forward: () => seek(now() + 1000),
  wider: () => timeline.zoom(1.6, now()),
  narrower: () => timeline.zoom(1 / 1.6, now()),
  previous: () => track.step(-1),
  next: () => track.step(1),
  write: () => track.chosen && list.show(track.chosen, { focus: true }),
  leave: () => document.activeElement.blur(),
  start: () => edit((id) => track.setStart(id, now())),
  end: () => edit((id) => track.setEnd(id, now())),
  earlier: () => edit((id) => track.nudge(id, -100)),
  later: () => edit((id) => track.nudge(id, 100)),
  shorter: () => edit((id) => track.nudge(id, -100, "end")),
  longer: () => edit((id) => track.nudge(id, 100, "end")),
  insert,
  split: () => edit((id) => track.split(id, caretOf()) || tell(words.nosplit)),
  merge: () => edit((id) => track.merge(id) || tell(words.nomerge)),
  remove: () => edit((id) => track.remove(id)),
  undo: () => readonly || track.undo(),
  redo: () => readonly || track.redo(),
  save,
  simplify,
  import: () => find("file").click(),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) {
    event.preventDefault(); // a button inside a summary must not fold it
    ACTS[button.dataset.act]?.();
  }
  const old = event.target.closest("[data-restore]");
  if (old) restore(old.dataset.restore);
});
// A press on a tool must not take the caret out of the text that it works on.
document.querySelector(".se-tools")?.addEventListener("mousedown", (event) => event.preventDefault());
find("file")?.addEventListener("change", (event) => event.target.files.length && readFile(event.target));
find("timeline").addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -1000, ArrowRight: 1000, PageUp: -10000, PageDown: 10000 }[event.code];
  if (!by) return;
  event.preventDefault();
  seek(now() + by);
});
keys((name) => ACTS[name]?.());
track.addEventListener("change", changed);
track.addEventListener("choose", () => {
  draw();
  list.show(track.chosen);
  if (video.paused && track.cue && track.at(now())?.id !== track.chosen) seek(track.cue.start_ms);
});
for (const name of ["play", "pause"]) video.addEventListener(name, showPlaying);
for (const name of ["seeked", "timeupdate", "loadeddata"]) video.addEventListener(name, tick);
addEventListener("beforeunload", (event) => {
  keepDraft();
  if (dirty()) event.preventDefault();
});

find("length").textContent = clock(state.duration_ms);
root.classList.toggle("is-readonly", readonly);
if (root.dataset.playlist) attach(video, root.dataset.playlist, () => { find("nofilm").textContent = words.nofilm; find("nofilm").hidden = false; });
problems.set(state.problems, track.cues.map((cue) => cue.id));
if (!readonly) restoreDraft();
draw();
tick();
