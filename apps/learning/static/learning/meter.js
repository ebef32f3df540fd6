// What counts, as the server says it: confirmed, waiting for the next check, and what is left of the day.

import { clockText, lengthText } from "./cover.js";

const SAY_MS = 60_000;

/** Bind the meter inside `root`. `show(reply)` after each answer; `run(state, sinceMs)` each second between them. */
export function meter(root, words) {
  const part = (name) => root.querySelector(`[data-${name}]`);
  const state = part("state-line");
  let saidAt = -SAY_MS;
  let said = "";

  /** `unproven_ms` counts over all sessions since the last check; `confirmed_ms` and `credited_ms` are this session's. */
  function show({ credited_ms, confirmed_ms: counted = credited_ms, held_ms = 0, unproven_ms = 0, day_left_ms }) {
    const confirmed_ms = counted + held_ms; // proven, though a course's test may come before it counts
    part("credit").textContent = clockText(confirmed_ms);
    part("provisional").textContent = clockText(unproven_ms);
    part("day-left").textContent = lengthText(day_left_ms, words);
    const text = words.meter
      .replace("{confirmed}", lengthText(confirmed_ms, words))
      .replace("{provisional}", lengthText(unproven_ms, words))
      .replace("{left}", lengthText(day_left_ms, words));
    if (text === said || performance.now() - saidAt < SAY_MS) return; // a voice each quarter minute would drown the film
    said = text;
    saidAt = performance.now();
    part("meter-said").textContent = text;
  }

  /** `name` is counting, stalled, paused or offline. */
  function run(name, sinceMs = 0) {
    const text = { counting: words.counting, stalled: words.stalled, paused: words.notCounting, offline: words.unsent }[name];
    state.dataset.state = name;
    state.querySelector("span").textContent = text.replace("{n}", Math.floor(sinceMs / 1000));
  }

  return { show, run };
}
