// What is wrong with the cues: a list that leads to the place, and the problems of each cue for list and timeline.

import { clock } from "./cues.js";

export class Problems {
  #all = [];
  #byCue = new Map();

  /** `go(problem)` leads to its place; `take(problem)` takes over its fix. */
  constructor(root, track, { words, readonly, go, take }) {
    Object.assign(this, { track, words, readonly, go, take });
    this.list = root.querySelector("[data-problems]");
    this.count = root.querySelector("[data-problem-count]");
    this.simplify = root.querySelector("[data-act=simplify]");
    this.list.addEventListener("click", (event) => this.#click(event));
  }

  /** Take the server's findings; `ids` are the cues they were found in, by number. */
  set(problems, ids) {
    this.#all = problems.map((one) => ({ ...one, id: ids[one.cue - 1] ?? null }));
    this.#byCue = Map.groupBy ? Map.groupBy(this.#all, (one) => one.id) : groupBy(this.#all);
    this.#draw();
  }

  of(id) { return this.#byCue.get(id) ?? []; }

  tone(id) {
    const found = this.of(id);
    return found.some((one) => one.level === "error") ? "stop" : found.length ? "attention" : "info";
  }

  #draw() {
    const errors = this.#all.filter((one) => one.level === "error").length;
    const warnings = this.#all.length - errors;
    const parts = [];
    if (errors) parts.push(badge("stop", "circle-x", this.words.errors.replace("{n}", errors)));
    if (warnings) parts.push(badge("attention", "alert-triangle", this.words.warnings.replace("{n}", warnings)));
    if (!errors) parts.unshift(badge("proven", "circle-check", this.words.none));
    this.count.replaceChildren(...parts);
    this.count.className = "ax-row";
    if (this.simplify) this.simplify.hidden = !this.#all.some((one) => one.code === "traditional");
    this.list.replaceChildren(...this.#all.slice(0, 200).map((one, index) => this.#item(one, index)));
  }

  #item(one, index) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = `se-problem ax-tone-${one.level === "error" ? "stop" : "attention"}`;
    button.dataset.index = index;
    const place = [one.cue ? this.words.cue.replace("{n}", one.cue) : "", clock(one.at_ms)].filter(Boolean).join(" · ");
    const text = document.createElement("span");
    const more = document.createElement("small");
    more.textContent = `${place} · ${one.suggestion}`;
    text.append(one.message, more);
    button.append(icon(one.level === "error" ? "circle-x" : "alert-triangle", this.words[one.level]), text);
    item.append(button);
    if (one.fix && !this.readonly) {
      const take = document.createElement("button");
      Object.assign(take, { type: "button", className: "btn ax-btn-secondary btn-sm", textContent: this.words.take, title: one.fix });
      take.dataset.take = index;
      item.append(take);
    }
    return item;
  }

  #click(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.take) this.take(this.#all[button.dataset.take]);
    else this.go(this.#all[button.dataset.index]);
  }
}

function groupBy(problems) {
  const found = new Map();
  for (const one of problems) found.set(one.id, [...(found.get(one.id) ?? []), one]);
  return found;
}

function icon(name, label) {
  const mark = document.createElement("i");
  mark.className = `ti ti-${name}`;
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", label);
  return mark;
}

function badge(tone, name, text) {
  const mark = document.createElement("span");
  mark.className = `ax-badge ax-tone-${tone}`;
  const sign = icon(name, "");
  sign.setAttribute("aria-hidden", "true");
  mark.append(sign, text);
  return mark;
}
