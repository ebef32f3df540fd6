// The list of cues: number, times, words, marks. Rows are kept between changes, so that focus and caret stay where they are.

import { clock, parseClock, speed } from "./cues.js";

const element = (tag, className, more = {}) => Object.assign(document.createElement(tag), { className, ...more });

export class CueList {
  #rows = new Map();

  /** `marks(id)` gives the problems of a cue; `told(text)` says something to the person. */
  constructor(box, track, { words, readonly, marks, told, seek }) {
    Object.assign(this, { box, track, words, readonly, marks, told, seek });
    box.addEventListener("focusin", (event) => this.#choose(event));
    box.addEventListener("click", (event) => this.#click(event));
    box.addEventListener("input", (event) => this.#typed(event));
    box.addEventListener("change", (event) => this.#timed(event));
  }

  draw() {
    this.box.classList.toggle("is-long", this.track.cues.length > 100);
    const wanted = this.track.cues.map((cue, index) => this.#row(cue, index + 1));
    const known = new Set(this.track.cues.map((cue) => cue.id));
    for (const [id, row] of this.#rows) {
      if (known.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    wanted.forEach((row, index) => {
      if (this.box.children[index] !== row) this.box.insertBefore(row, this.box.children[index] ?? null);
    });
  }

  #row(cue, number) {
    let row = this.#rows.get(cue.id);
    if (!row) {
      row = this.#make(cue);
      this.#rows.set(cue.id, row);
    }
    row.classList.toggle("is-chosen", cue.id === this.track.chosen);
    row.parts.no.textContent = number;
    row.setAttribute("aria-label", this.words.cue.replace("{n}", number));
    put(row.parts.start, clock(cue.start_ms));
    put(row.parts.end, clock(cue.end_ms));
    put(row.parts.text, cue.text, true);
    this.#mark(row, cue);
    return row;
  }

  #make(cue) {
    const row = element("li", "se-cue");
    row.dataset.id = cue.id;
    const time = (name) => {
      const input = element("input", "form-control", { type: "text", inputMode: "decimal", readOnly: this.readonly, autocomplete: "off" });
      input.dataset.time = name;
      input.setAttribute("aria-label", this.words[name]);
      return input;
    };
    const parts = { no: element("span", "se-no"), start: time("start"), end: time("end"), marks: element("div", "se-marks") };
    parts.text = element("textarea", "form-control", { rows: 2, readOnly: this.readonly, spellcheck: false });
    parts.text.setAttribute("aria-label", this.words.text);
    const times = element("div", "se-times");
    times.append(parts.start, parts.end);
    row.append(parts.no, times, parts.text, parts.marks);
    row.parts = parts;
    return row;
  }

  #mark(row, cue) {
    const found = this.marks(cue.id);
    const key = `${found.map((one) => one.level + one.message).join()}${cue.text}${cue.end_ms - cue.start_ms}`;
    if (row.markKey === key) return;
    row.markKey = key;
    const pace = element("span", "ax-tabular", { textContent: this.words.speed.replace("{n}", speed(cue).toFixed(1)) });
    const badges = found.map((one) => {
      const badge = element("span", `ax-badge ax-tone-${one.level === "error" ? "stop" : "attention"}`, { textContent: one.message });
      badge.title = one.suggestion;
      return badge;
    });
    row.parts.marks.replaceChildren(pace, ...badges);
    for (const field of [row.parts.text, row.parts.start, row.parts.end]) {
      field.setAttribute("aria-description", found.map((one) => one.message).join("；"));
    }
  }

  show(id, { focus = false, caret } = {}) {
    const row = this.#rows.get(id);
    if (!row) return;
    const [outer, inner] = [this.box.getBoundingClientRect(), row.getBoundingClientRect()];
    if (this.box.scrollHeight > this.box.clientHeight + 1) {
      if (inner.top < outer.top || inner.bottom > outer.bottom) this.box.scrollTop += inner.top - outer.top - outer.height / 3;
    } else if (focus) row.scrollIntoView({ block: "nearest" });
    if (!focus) return;
    row.parts.text.focus({ preventScroll: true });
    if (caret !== undefined) row.parts.text.setSelectionRange(caret, caret);
  }

  playing(id) {
    if (id === this.lit) return;
    this.#rows.get(this.lit)?.classList.remove("is-playing");
    this.#rows.get(id)?.classList.add("is-playing");
    this.lit = id;
  }

  #id(event) { return Number(event.target.closest(".se-cue")?.dataset.id); }
  #choose(event) { if (this.#id(event)) this.track.choose(this.#id(event)); }

  #click(event) {
    const id = this.#id(event);
    if (!id) return;
    this.track.choose(id);
    if (!event.target.closest("input, textarea") || this.readonly) this.seek(this.track.get(id).start_ms);
  }

  #typed(event) {
    if (event.target.matches("textarea")) this.track.setText(this.#id(event), event.target.value.replace(/\r/g, ""));
  }

  #timed(event) {
    const name = event.target.dataset.time;
    const cue = this.track.get(this.#id(event));
    if (!name || !cue) return;
    const ms = parseClock(event.target.value);
    if (Number.isNaN(ms)) {
      this.told(this.words.badtime);
      event.target.value = clock(cue[`${name}_ms`]);
    } else if (name === "start") this.track.setStart(cue.id, ms);
    else this.track.setEnd(cue.id, ms);
    const now = this.track.get(cue.id);
    event.target.value = clock(now[`${name}_ms`]);
  }
}

/** Change a field only where it differs, so that a caret does not jump; what is typed is the person's. */
function put(field, value, evenFocused = false) {
  if (field.value === value || (!evenFocused && field === document.activeElement)) return;
  const caret = field.selectionStart;
  field.value = value;
  if (field === document.activeElement) field.setSelectionRange(caret, caret);
}
