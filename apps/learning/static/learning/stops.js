// Points at which a film stops and asks: brought only where a lesson has some. What is asked comes from the server once it was
// watched up to there; what is right stays there.

import { call, read } from "./protocol.js";

/**
 * Bind the dialog. `begin(points)` with the places (ms) that are not answered yet; `isDue(ms)` says that the film must stop;
 * `pause()` stops it, `ask(quiz)` shows what the server named in a reply. `page` is what the player lends: its medium, cover, words and
 * ways to `play`, to `rest` for a reason, to be `refused`; `reach(ms)` says how far the film may go, `isLive()` whether there is a session.
 */
export function stops(dialog, page) {
  const part = (name) => dialog.querySelector(`[data-quiz-${name}]`);
  const words = dialog.dataset;
  const { medium, cover } = page;
  const form = part("form");
  let left = [];
  let url = "";
  let trial = "";
  let result = null;
  let isAsking = false;

  async function ask(quiz) {
    if (dialog.open || isAsking) return;
    isAsking = true;
    url = quiz.url;
    pause();
    medium.seek(quiz.at_ms).catch(page.refused);
    await load();
    isAsking = false;
  }

  /** The film waits; whoever closed the dialog opens it again by playing on. */
  function pause() {
    cover.show({ icon: "start", title: page.words.quiz, text: page.words.quizText, button: page.words.resume });
    if (medium.isPlaying) page.rest("quiz");
  }

  async function load(news = "", tone = "") {
    try {
      const found = await read(url);
      if (found.state === "passed") return done({ outcome: "right", position_ms: null });
      trial = found.try;
      form.replaceChildren(...found.questions.map(step), part("buttons"));
      part("back").hidden = !found.back;
      part("send").hidden = false;
      part("go").hidden = true;
      tell(news, tone);
      if (!dialog.open) dialog.showModal();
      form.querySelector("input")?.focus();
    } catch (error) {
      fail(error);
    }
    return null;
  }

  function fail(error) {
    if (error.status && error.status < 500 && error.code !== "too_many") {
      dialog.close();
      page.refused(error);
    } else tell(error.message || words.again, "attention");
  }

  function step(question) {
    const box = document.createElement("fieldset");
    box.className = "lp-check-step";
    box.dataset.no = question.no;
    const legend = document.createElement("legend");
    const kind = document.createElement("small");
    kind.className = "ax-muted";
    kind.textContent = question.kind === "multiple" ? words.many : words.one;
    legend.append(question.stem, " ", kind);
    const options = document.createElement("div");
    options.className = "lp-check-options";
    options.append(...question.options.map((option) => choice(question, option)));
    box.append(legend, ...question.media.map(shownMedia), options);
    return box;
  }

  function shownMedia({ kind, url: src, alt }) {
    const element = document.createElement(kind === "video" ? "video" : "img");
    Object.assign(element, kind === "video" ? { src, controls: true, playsInline: true } : { src, alt });
    element.setAttribute("aria-label", alt);
    element.className = "lp-stops-media";
    return element;
  }

  function choice(question, { key, text }) {
    const label = document.createElement("label");
    label.className = "lp-check-option";
    const input = document.createElement("input");
    input.type = question.kind === "multiple" ? "checkbox" : "radio";
    input.className = "form-check-input";
    input.name = `q${question.no}`;
    input.value = key;
    const line = document.createElement("span");
    line.textContent = text;
    label.append(input, line);
    return label;
  }

  function tell(text, tone = "") {
    part("news").textContent = text;
    part("news").className = `lp-check-news lp-stops-news ${tone && `ax-tone-${tone}`}`;
  }

  async function send() {
    const steps = [...form.querySelectorAll("[data-no]")];
    const answers = steps.map((one) => [...one.querySelectorAll(":checked")].map((input) => input.value));
    const missing = answers.findIndex((one) => !one.length);
    if (missing >= 0) {
      tell(words.first, "attention");
      steps[missing].querySelector("input").focus();
      return;
    }
    part("send").disabled = true;
    try {
      result = await call(url, { try: trial, answers });
      if (result.outcome === "again") await load(result.message, "attention");
      else show();
    } catch (error) {
      fail(error);
    } finally {
      part("send").disabled = false;
    }
  }

  /** What it came to, with the reason where it was right; one more tap, and the film goes on. */
  function show() {
    const isRight = result.outcome === "right";
    for (const input of form.querySelectorAll("input")) input.disabled = true;
    const why = isRight ? result.explanations.map((one) => [one.text, one.basis].filter(Boolean).join(" ")).filter(Boolean) : [];
    tell([result.message, ...why].join("\n"), isRight ? "proven" : "attention");
    part("send").hidden = true;
    part("back").hidden = true;
    part("go").hidden = false;
    part("go").textContent = isRight ? words.onward : words.rewatch;
    part("go").focus();
  }

  function done(now) {
    result = null;
    if (dialog.open) dialog.close();
    if (!page.isLive()) return null;
    if (now.outcome === "right") {
      left.shift();
      return page.play();
    }
    page.reach(now.furthest_ms);
    return medium.seek(now.position_ms).then(page.play).catch(page.refused);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (result && result.outcome !== "again") done(result);
    else send();
  });
  part("go").addEventListener("click", () => done(result));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (result && result.outcome !== "again") return done(result);
    return dialog.close();
  });

  return {
    begin: (points) => (left = [...points]),
    isDue: (ms) => left.length > 0 && ms >= left[0],
    get isOpen() {
      return dialog.open;
    },
    ask,
    pause,
    drop: () => dialog.open && dialog.close(),
  };
}
