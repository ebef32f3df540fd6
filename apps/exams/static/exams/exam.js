// One question a screen. Each choice is saved at once and again until the server confirms it; the clock is the server's,
// counted down with the browser's monotonic clock. The key to the questions is never in this page.

const root = document.getElementById("exam");
const words = root.dataset;
const questions = [...root.querySelectorAll("[data-question]")];
const saved = root.querySelector("[data-saved]");
const sheet = root.querySelector("[data-sheet]");
const csrf = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const pending = new Map();
let here = 0;
let sending = false;
let over = false;

const send = (url, body) =>
  fetch(url, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf }, body: JSON.stringify(body ?? {}) });

const inputs = (question) => [...question.querySelectorAll("input")];
const choice = (question) => inputs(question).filter((input) => input.checked).map((input) => input.value);
const answered = () => questions.filter((question) => choice(question).length).length;

function restore() {
  const answers = JSON.parse(document.getElementById("saved-answers").textContent);
  for (const question of questions) {
    const keys = answers[question.dataset.question] ?? [];
    for (const input of inputs(question)) input.checked = keys.includes(input.value);
  }
  const first = questions.findIndex((question) => !choice(question).length);
  show(first < 0 ? questions.length - 1 : first, false);
}

function show(index, focus = true) {
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
  root.querySelector("[data-count]").textContent = answered();
  [...sheet.children].forEach((button, at) => {
    const is = choice(questions[at]).length > 0;
    button.classList.toggle("is-answered", is);
    button.toggleAttribute("aria-current", at === here);
    button.setAttribute("aria-label", words.wordQuestion.replace("{n}", at + 1) + (is ? ` ${words.wordAnswered}` : ""));
  });
}

function buildSheet() {
  for (let at = 0; at < questions.length; at += 1) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = at + 1;
    button.addEventListener("click", () => { document.getElementById("sheet").close(); show(at); });
    sheet.append(button);
  }
}

function say(text, tone = "") {
  saved.textContent = text;
  saved.className = tone ? `ax-tone-${tone}` : "ax-muted";
}

/** Send what is not confirmed yet, oldest first; a lost connection tries again every 3 s. */
async function flush() {
  if (sending) return;
  sending = true;
  while (pending.size) {
    const [no, keys] = pending.entries().next().value;
    say(words.wordSaving);
    try {
      const reply = await send(words.answerUrl, { no, choice: keys });
      if (reply.status === 409) { sending = false; return finish(); }
      if (!reply.ok && reply.status >= 500) throw new Error(String(reply.status));
      if (!reply.ok) return await refused(reply);
      if (pending.get(no) === keys) pending.delete(no);
    } catch {
      say(words.wordUnsaved, "attention");
      await new Promise((done) => { setTimeout(done, 3000); });
    }
  }
  sending = false;
  say(`✓ ${words.wordSaved}`);
  return undefined;
}

async function refused(reply) {
  sending = false;
  pending.clear();
  const body = await reply.json().catch(() => ({}));
  document.dispatchEvent(new CustomEvent("ax:toast", { detail: { text: body.message ?? words.wordUnsaved, tone: "stop" } }));
}

/** Hand in and go to the result; safe to repeat, the server keeps the first. */
async function finish() {
  if (over) return;
  over = true;
  for (;;) {
    try {
      const reply = await send(words.submitUrl);
      if (reply.ok) { location.replace((await reply.json()).result); return; }
      if (reply.status < 500) { over = false; await refused(reply); return; }
    } catch { /* no connection: try again */ }
    say(words.wordUnsaved, "attention");
    await new Promise((done) => { setTimeout(done, 3000); });
  }
}

async function confirmFinish() {
  const left = questions.length - answered();
  const question = left ? words.wordLeft.replace("{n}", left) : words.wordAll;
  const done = async (yes = true) => {
    if (yes === false) return;
    await flush();
    await finish();
  };
  document.dispatchEvent(new CustomEvent("ax:ask", { detail: { question, more: words.wordMore, yes: words.wordYes, done } }));
}

function clock() {
  const end = performance.now() + Number(words.leftS) * 1000;
  const text = root.querySelector("[data-clock-text]");
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    text.textContent = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
    root.querySelector("[data-clock]").classList.toggle("is-short", left <= 60);
    if (left === 0) { clearInterval(timer); say(words.wordTimeUp, "attention"); flush().then(finish); }
  };
  const timer = setInterval(tick, 500);
  tick();
}

root.addEventListener("change", (event) => {
  const question = event.target.closest("[data-question]");
  if (!question) return;
  pending.set(Number(question.dataset.question), choice(question));
  paint();
  flush();
});
root.querySelector("[data-previous]").addEventListener("click", () => show(here - 1));
root.querySelector("[data-next]").addEventListener("click", () => show(here + 1));
root.querySelector("[data-submit]").addEventListener("click", confirmFinish);
root.querySelector("[data-submit-now]").addEventListener("click", confirmFinish);
document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    event.preventDefault();
    show(here + (event.key === "ArrowRight" ? 1 : -1));
    return;
  }
  const input = inputs(questions[here]).find((option) => option.value === event.key.toUpperCase());
  if (input) input.click();
});
window.addEventListener("beforeunload", (event) => { if (pending.size && !over) event.preventDefault(); });

buildSheet();
restore();
clock();
