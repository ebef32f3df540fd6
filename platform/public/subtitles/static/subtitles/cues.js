// The cues being edited, with undo and redo. Cues are never changed in place: a state is an array of frozen objects.

const SHORTEST = 100;
const MOST_UNDO = 300;
let nextId = 1;

const make = (start_ms, end_ms, text, id = nextId++) => Object.freeze({ id, start_ms: Math.round(start_ms), end_ms: Math.round(end_ms), text });
const sorted = (cues) => [...cues].sort((a, b) => a.start_ms - b.start_ms || a.id - b.id);

/** A time as people write it: `83400` is "01:23.400". */
export function clock(ms) {
  const whole = Math.max(0, Math.round(ms));
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600000);
  const tail = `${two(Math.floor(whole / 60000) % 60)}:${two(Math.floor(whole / 1000) % 60)}.${String(whole % 1000).padStart(3, "0")}`;
  return hours ? `${two(hours)}:${tail}` : tail;
}

/** The milliseconds of "1:23.4", "01:01:23,400" or "83.4"; NaN for anything else. */
export function parseClock(text) {
  const match = /^\s*(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?\s*$/.exec(text.replaceAll("：", ":"));
  if (!match) return NaN;
  const [, hours = 0, minutes = 0, seconds, rest = "0"] = match;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(rest.padEnd(3, "0"));
}

/** Chinese characters a second (Latin signs count half, punctuation nothing), as the server counts. */
export function speed(cue) {
  const width = [...cue.text].reduce((sum, sign) => sum + (/[\p{L}\p{N}]/u.test(sign) ? (sign.codePointAt(0) < 0x2e80 ? 0.5 : 1) : 0), 0);
  return (width * 1000) / Math.max(cue.end_ms - cue.start_ms, 1);
}

/** What the server takes. */
export const plain = (cues) => cues.map(({ start_ms, end_ms, text }) => ({ start_ms, end_ms, text }));

/** The cues as a WebVTT file, for a copy when the server cannot be asked. */
export function webvtt(cues) {
  const hour = (ms) => clock(ms).padStart(12, "00:");
  const words = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return ["WEBVTT\n", ...cues.filter((cue) => cue.text).map((cue, n) => `${n + 1}\n${hour(cue.start_ms)} --> ${hour(cue.end_ms)}\n${words(cue.text)}\n`)].join("\n");
}

export class Track extends EventTarget {
  #undo = [];
  #redo = [];
  #last = { label: "", at: 0 };

  constructor(cues) {
    super();
    this.cues = sorted(cues.map((cue) => make(cue.start_ms, cue.end_ms, cue.text)));
    this.chosen = this.cues[0]?.id ?? null;
  }

  get canUndo() { return this.#undo.length > 0; }
  get canRedo() { return this.#redo.length > 0; }
  get index() { return this.cues.findIndex((cue) => cue.id === this.chosen); }
  get cue() { return this.cues[this.index]; }

  at(ms) { return this.cues.find((cue) => cue.start_ms <= ms && ms < cue.end_ms); }
  get(id) { return this.cues.find((cue) => cue.id === id); }

  choose(id) {
    if (id === this.chosen) return;
    this.chosen = id;
    this.dispatchEvent(new Event("choose"));
  }

  step(by) {
    const target = this.cues[Math.min(Math.max(this.index + by, 0), this.cues.length - 1)];
    if (target) this.choose(target.id);
  }

  /** Take a new state. Changes with the same label within a second are undone together. */
  #set(cues, label, chosen = this.chosen) {
    const now = performance.now();
    if (label !== this.#last.label || now - this.#last.at > 1000) this.#undo.push({ cues: this.cues, chosen: this.chosen });
    if (this.#undo.length > MOST_UNDO) this.#undo.shift();
    this.#redo = [];
    this.#last = { label, at: now };
    this.#show({ cues: sorted(cues), chosen });
  }

  #show({ cues, chosen }) {
    this.cues = cues;
    this.chosen = cues.some((cue) => cue.id === chosen) ? chosen : cues[0]?.id ?? null;
    this.dispatchEvent(new Event("change"));
  }

  #swap(id, values, label) {
    this.#set(this.cues.map((cue) => (cue.id === id ? Object.freeze({ ...cue, ...values }) : cue)), `${label}:${id}`, id);
  }

  #back(from, to) {
    const state = from.pop();
    if (!state) return;
    to.push({ cues: this.cues, chosen: this.chosen });
    this.#last = { label: "", at: 0 };
    this.#show(state);
  }

  undo() { this.#back(this.#undo, this.#redo); }
  redo() { this.#back(this.#redo, this.#undo); }

  setText(id, text) {
    if (this.get(id)?.text !== text) this.#swap(id, { text }, "text");
  }

  setTimes(id, start, end, label = "times") {
    const cue = this.get(id);
    const start_ms = Math.max(0, Math.round(start));
    const end_ms = Math.max(start_ms + SHORTEST, Math.round(end));
    if (cue && (cue.start_ms !== start_ms || cue.end_ms !== end_ms)) this.#swap(id, { start_ms, end_ms }, label);
  }

  setStart(id, ms) {
    const cue = this.get(id);
    if (cue) this.setTimes(id, ms, Math.max(cue.end_ms, ms + SHORTEST));
  }

  setEnd(id, ms) {
    const cue = this.get(id);
    if (cue) this.setTimes(id, Math.min(cue.start_ms, Math.max(0, ms - SHORTEST)), ms);
  }

  /** Move a whole cue, or with `edge` "end" only its end. */
  nudge(id, by, edge = "both") {
    const cue = this.get(id);
    if (cue) this.setTimes(id, cue.start_ms + (edge === "end" ? 0 : by), cue.end_ms + by, "nudge");
  }

  insert(ms) {
    const next = this.cues.find((cue) => cue.start_ms > ms);
    const cue = make(ms, Math.min(ms + 2000, Math.max(next?.start_ms ?? Infinity, ms + 500)), "");
    this.#set([...this.cues, cue], "insert", cue.id);
  }

  /** Cut a cue in two at `caret` of its text (its middle by default), the time by length of text. Says whether it could. */
  split(id, caret) {
    const cue = this.get(id);
    if (!cue || cue.end_ms - cue.start_ms < 2 * SHORTEST) return false;
    const place = caret > 0 && caret < cue.text.length ? caret : middle(cue.text);
    const share = cue.text ? place / cue.text.length : 0.5;
    const cut = cue.start_ms + Math.min(Math.max((cue.end_ms - cue.start_ms) * share, SHORTEST), cue.end_ms - cue.start_ms - SHORTEST);
    const second = make(cut, cue.end_ms, cue.text.slice(place).trim());
    const first = make(cue.start_ms, cut, cue.text.slice(0, place).trim(), cue.id);
    this.#set([...this.cues.filter((one) => one.id !== id), first, second], "split", second.id);
    return true;
  }

  merge(id) {
    const place = this.cues.findIndex((cue) => cue.id === id);
    const [cue, next] = this.cues.slice(place, place + 2);
    if (place < 0 || !next) return false;
    const text = [cue.text, next.text].filter(Boolean).join("\n");
    const joined = make(cue.start_ms, Math.max(cue.end_ms, next.end_ms), text, cue.id);
    this.#set([...this.cues.slice(0, place), joined, ...this.cues.slice(place + 2)], "merge", id);
    return true;
  }

  remove(id) {
    const place = this.cues.findIndex((cue) => cue.id === id);
    if (place < 0) return;
    const rest = this.cues.filter((cue) => cue.id !== id);
    this.#set(rest, "remove", (rest[place] ?? rest[place - 1])?.id ?? null);
  }

  /** Put other cues in the place of all, as one step that can be undone. */
  replaceAll(cues) {
    const made = cues.map((cue) => make(cue.start_ms, cue.end_ms, cue.text));
    this.#set(made, "all", made[0]?.id ?? null);
  }
}

/** Where to cut a text that nobody put a caret into: at a line end or punctuation near its middle. */
function middle(text) {
  const half = Math.ceil(text.length / 2);
  const places = [...text.matchAll(/[\n，。；：？！、,;:?!]/g)].map((match) => match.index + 1).filter((place) => place < text.length);
  return places.sort((a, b) => Math.abs(a - half) - Math.abs(b - half))[0] ?? half;
}
