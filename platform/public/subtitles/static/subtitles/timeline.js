// The timeline: cues as blocks that can be moved and stretched, a ruler, the playhead. Only what is in sight is in the page.

import { clock } from "./cues.js";

const EDGE = 8;
const STEPS = [1, 2, 5, 10, 30, 60, 120, 300];

export class Timeline {
  #blocks = new Map();
  #scale = 60; // pixels a second
  #head = document.createElement("div");

  /** `seek(ms)` moves the film; `tone(id)` names the tone of a cue's block. */
  constructor(box, track, { duration, readonly, seek, tone }) {
    Object.assign(this, { box, track, duration, readonly, seek, tone });
    this.lane = box.querySelector("[data-lane]");
    this.#head.className = "se-head";
    box.setAttribute("aria-valuemax", String(Math.round(duration / 1000)));
    box.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(box);
    this.lane.addEventListener("pointerdown", (event) => this.#down(event));
  }

  get #length() { return Math.max(this.duration, (this.track.cues.at(-1)?.end_ms ?? 0) + 10000); }
  #x(ms) { return (ms / 1000) * this.#scale; }
  #ms(x) { return (x / this.#scale) * 1000; }

  zoom(factor, around) {
    const offset = this.#x(around) - this.box.scrollLeft;
    this.#scale = Math.min(400, Math.max(4, this.#scale * factor));
    this.draw();
    this.box.scrollLeft = this.#x(around) - offset;
    this.draw();
  }

  draw() {
    this.lane.style.width = `${this.#x(this.#length)}px`;
    const from = this.#ms(this.box.scrollLeft - 200);
    const to = this.#ms(this.box.scrollLeft + this.box.clientWidth + 200);
    const kept = new Set();
    for (const cue of this.track.cues) {
      if (cue.end_ms < from || cue.start_ms > to) continue;
      kept.add(cue.id);
      this.#block(cue);
    }
    for (const [id, block] of this.#blocks) {
      if (kept.has(id)) continue;
      block.remove();
      this.#blocks.delete(id);
    }
    this.#ruler(from, to);
  }

  #block(cue) {
    let block = this.#blocks.get(cue.id);
    if (!block) {
      block = document.createElement("div");
      block.dataset.id = cue.id;
      this.#blocks.set(cue.id, block);
      this.lane.append(block);
    }
    block.className = `se-block ax-tone-${this.tone(cue.id)}${cue.id === this.track.chosen ? " is-chosen" : ""}`;
    block.style.left = `${this.#x(cue.start_ms)}px`;
    block.style.width = `${Math.max(4, this.#x(cue.end_ms - cue.start_ms))}px`;
    if (block.textContent !== cue.text) block.textContent = cue.text;
  }

  #ruler(from, to) {
    const step = STEPS.find((seconds) => seconds * this.#scale >= 72) ?? 600;
    const ticks = [];
    for (let at = Math.max(0, Math.floor(from / 1000 / step) * step); at * 1000 <= Math.min(to, this.#length); at += step) {
      const tick = document.createElement("span");
      tick.className = "se-tick";
      tick.style.left = `${this.#x(at * 1000)}px`;
      tick.textContent = clock(at * 1000).slice(0, -4);
      ticks.push(tick);
    }
    for (const old of this.lane.querySelectorAll(".se-tick")) old.remove();
    this.lane.append(...ticks, this.#head);
  }

  /** Move the playhead; while the film plays it stays in sight. */
  moveHead(ms, follow) {
    const x = this.#x(ms);
    this.#head.style.left = `${x}px`;
    this.box.setAttribute("aria-valuenow", String(Math.round(ms / 1000)));
    this.box.setAttribute("aria-valuetext", clock(ms));
    const out = x < this.box.scrollLeft + 8 || x > this.box.scrollLeft + this.box.clientWidth - 40;
    if (follow && out) this.box.scrollLeft = x - 80;
  }

  #down(event) {
    const block = event.target.closest(".se-block");
    const origin = this.lane.getBoundingClientRect().left;
    if (!block) {
      this.seek(this.#ms(event.clientX - origin));
      return;
    }
    const id = Number(block.dataset.id);
    this.track.choose(id);
    if (this.readonly) {
      this.seek(this.track.get(id).start_ms);
      return;
    }
    const cue = this.track.get(id);
    const box = block.getBoundingClientRect();
    const wide = box.width > 3 * EDGE;
    const edge = wide && event.clientX - box.left < EDGE ? "start" : wide && box.right - event.clientX < EDGE ? "end" : "both";
    this.#drag(event, cue, edge);
  }

  #drag(event, cue, edge) {
    const from = event.clientX;
    let moved = false;
    this.lane.setPointerCapture(event.pointerId);
    const move = (now) => {
      if (!moved && Math.abs(now.clientX - from) < 3) return;
      moved = true;
      const by = this.#ms(now.clientX - from);
      const start = edge === "end" ? cue.start_ms : Math.max(0, cue.start_ms + by);
      const end = edge === "start" ? cue.end_ms : edge === "both" ? start + cue.end_ms - cue.start_ms : cue.end_ms + by;
      this.track.setTimes(cue.id, edge === "start" ? Math.min(start, cue.end_ms - 100) : start, end, "drag");
    };
    const done = () => {
      this.lane.removeEventListener("pointermove", move);
      if (!moved) this.seek(cue.start_ms);
    };
    this.lane.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.lane.addEventListener(name, done, { once: true });
  }
}
