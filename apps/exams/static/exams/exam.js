// One question a screen. Each response is saved at once and again until the server confirms it; the clock is the server's, told with
// every answer and counted down in between. The key to the questions is never in this page.

import { choose, response, restore, standing, watchAnswers } from "./answers.js";
import { identityCheck } from "./check.js";
import { watchLeaving } from "./leaving.js";
import { Outbox } from "./outbox.js";

const TYPING_MS = 900;
const NAMED = 5; // unanswered questions that the warning names
const root = document.getElementById("exam");
const words = root.dataset;
const questions = [...root.querySelectorAll("[data-question]")];
const sheet = root.querySelector("[data-sheet]");
const elsewhere = document.getElementById("exam-elsewhere");
const typing = new Map();
let here = 0;
let over = false;
let endsAt = 0;
let isLate = false;

const outbox = new Outbox({ url: words.url, key: words.key, base: Number(words.base), name: words.attempt, on: told });
const checkDialog = document.getElementById("exam-check");
const check = checkDialog ? identityCheck(checkDialog, callForCheck) : null;

const number = (question) => Number(question.dataset.question);
const toast = (text, tone) => document.dispatchEvent(new CustomEvent("ax:toast", { detail: { text, tone } }));

/* ---- what the server says ---- */

const SAYS = { saving: ["saving"], saved: ["saved"], unsaved: ["unsaved", "attention"], offline: ["offline", "attention"] };

function told(event, detail) {
  if (event === "state") say(...SAYS[detail]);
  else if (event === "reply") replied(detail);
  else if (event === "prove") prove();
  else if (event === "over") finish();
  else if (event === "expired") moved();
  else if (event === "refused") toast(detail.message ?? words.wordUnsaved, "stop");
}

function replied(body) {
  if (body.result) return go(body.result);
  setClock(body.left_s);
  if (body.leaves !== undefined) away(body.leaves);
  if (body.elsewhere && body.seq >= Number(words.base)) moved(); // older numbers were left over by a former page
  else if (body.check) prove();
  return undefined;
}

function say(name, tone = "") {
  const saved = root.querySelector("[data-saved]");
  const text = words[`word${name[0].toUpperCase()}${name.slice(1)}`];
  saved.textContent = name === "saved" ? `✓ ${text}` : text;
  saved.className = `exam-saved ${tone ? `ax-tone-${tone}` : "ax-muted"}`;
}

function away(leaves) {
  const line = root.querySelector("[data-away]");
  line.hidden = !leaves;
  line.textContent = words.wordAway.replace("{n}", leaves);
}

function moved() {
  if (!elsewhere.open && !over) elsewhere.showModal();
}

/** The exam goes on where it was opened last; elsewhere nobody proves anything. */
async function callForCheck(path, body) {
  const reply = await outbox.call(path, body);
  if (reply.status === 401) moved();
  return reply;
}

async function prove() {
  if (!check || check.isOpen || elsewhere.open || over) return;
  const message = await check.open();
  if (elsewhere.open) return; // what waits here is sent by the page that is opened next
  if (message) toast(message, "info");
  outbox.release();
}

/* ---- the questions ---- */

function restoreAll() {
  const { answers: saved, seqs } = JSON.parse(document.getElementById("saved-answers").textContent);
  for (const one of outbox.waiting) if (one.seq > (seqs[one.no] ?? 0)) saved[one.no] = one.response;
  for (const question of questions) restore(question, saved[number(question)] ?? []);
  const first = questions.findIndex((question) => standing(question) !== "whole");
  show(first < 0 ? questions.length - 1 : first, false);
}

function show(index, focus = true) {
  sendTyped();
  here = Math.max(0, Math.min(questions.length - 1, index));
  questions.forEach((question, at) => { question.hidden = at !== here; });
  root.querySelector("[data-previous]").disabled = here === 0;
  root.querySelector("[data-next]").hidden = here === questions.length - 1;
  root.querySelector("[data-submit]").hidden = here !== questions.length - 1;
  if (focus) questions[here].querySelector("legend").focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
  paint();
}

function paint() {
  root.querySelector("[data-count]").textContent = questions.filter((question) => standing(question) === "whole").length;
  [...sheet.children].forEach((button, at) => {
    const is = standing(questions[at]);
    button.className = is ? `is-${is}` : "";
    button.toggleAttribute("aria-current", at === here);
    const stands = { whole: ` ${words.wordAnswered}`, half: ` ${words.wordHalf}` }[is] ?? "";
    button.setAttribute("aria-label", words.wordQuestion.replace("{n}", number(questions[at])) + stands);
  });
}

function buildSheet() {
  for (const [at, question] of questions.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = number(question);
    button.addEventListener("click", () => { document.getElementById("sheet").close(); show(at); });
    sheet.append(button);
  }
}

function sendTyped(question = null) {
  for (const [one, timer] of typing) {
    if (question && one !== question) continue;
    clearTimeout(timer);
    typing.delete(one);
    outbox.answer(number(one), response(one));
  }
}

watchAnswers(root, (question, isTyping) => {
  clearTimeout(typing.get(question));
  if (isTyping) typing.set(question, setTimeout(() => sendTyped(question), TYPING_MS));
  else {
    typing.delete(question);
    outbox.answer(number(question), response(question));
  }
  paint();
});

/* ---- handing in ---- */

/** Hand in and go to the result; safe to repeat, the server keeps the first. */
async function finish() {
  if (over) return;
  over = true;
  for (;;) {
    try {
      const { ok, status, body } = await outbox.call("submit");
      if (ok) { go(body.result); return; }
      if (status < 500 && status !== 429) { over = false; refused(body); return; }
    } catch { /* no connection: try again */ }
    say("unsaved", "attention");
    await new Promise((done) => { setTimeout(done, 3000); });
  }
}

function refused(body) {
  if (body.code === "identity_first") prove().then(() => (elsewhere.open ? undefined : outbox.flush().then(finish)));
  else if (body.code === "page_expired") moved();
  else toast(body.message ?? words.wordUnsaved, "stop");
}

function go(result) {
  over = true;
  outbox.clear();
  location.replace(result);
}

function confirmFinish() {
  sendTyped();
  const open = questions.filter((question) => standing(question) !== "whole").map(number);
  const nos = open.slice(0, NAMED).join("、") + (open.length > NAMED ? words.wordAndMore : "");
  const question = open.length ? words.wordLeft.replace("{n}", open.length).replace("{nos}", nos) : words.wordAll;
  const done = async (yes = true) => {
    if (yes === false) return;
    await outbox.flush();
    await finish();
  };
  document.dispatchEvent(new CustomEvent("ax:ask", { detail: { question, more: words.wordMore, yes: words.wordYes, done } }));
}

/* ---- the clock ---- */

function setClock(leftS) {
  endsAt = performance.now() + leftS * 1000;
}

function tick() {
  const left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  root.querySelector("[data-clock-text]").textContent = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
  root.querySelector("[data-clock]").classList.toggle("is-short", left <= 60);
  if (left > 0 || over || isLate) return;
  isLate = true;
  say("timeUp", "attention");
  sendTyped();
  outbox.flush().then(finish);
}

/* ---- the page ---- */

root.querySelector("[data-previous]").addEventListener("click", () => show(here - 1));
root.querySelector("[data-next]").addEventListener("click", () => show(here + 1));
root.querySelector("[data-submit]").addEventListener("click", confirmFinish);
root.querySelector("[data-submit-now]").addEventListener("click", confirmFinish);
elsewhere.querySelector("[data-here]").addEventListener("click", () => location.reload());
elsewhere.addEventListener("cancel", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("[data-gap], [data-text]")) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    event.preventDefault();
    show(here + (event.key === "ArrowRight" ? 1 : -1));
  } else if (/^[a-j]$/i.test(event.key)) choose(questions[here], event.key.toUpperCase());
});
addEventListener("beforeunload", (event) => { if ((outbox.size || typing.size) && !over) event.preventDefault(); });
addEventListener("pagehide", () => sendTyped());
watchLeaving({ onLeave: (isBack) => outbox.leaving(isBack), isIdle: () => over || elsewhere.open || Boolean(check?.isOpen) });

buildSheet();
restoreAll();
root.querySelector("[data-questions]").inert = false; // nothing can be chosen before somebody listens
away(Number(words.leaves));
setClock(Number(words.leftS));
tick();
setInterval(tick, 500);
if (words.check) prove();
else outbox.flush();
