// The presence check: a dialog over everything, with a minute to say "I am here" by a code and a question, or by the camera.

import { call, read } from "./protocol.js";

const AROUND = 100; // pathLength of the ring
const SAY_AT = [30, 10];
const TONE_HZ = 660;
const SURE_MS = 1600;

const base64 = async (blob) => {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
};

/** A short quiet tone and a short tremble: whoever looked away for a moment notices. */
function cue() {
  navigator.vibrate?.(120);
  try {
    const sound = new AudioContext();
    const [tone, volume] = [sound.createOscillator(), sound.createGain()];
    tone.frequency.value = TONE_HZ;
    volume.gain.setValueAtTime(0.06, sound.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + 0.4);
    tone.connect(volume).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.4);
    tone.onended = () => sound.close();
  } catch {
    // no sound here: the dialog says it all
  }
}

/**
 * Bind the dialog. `open(check, {hasCue})` resolves with `{outcome: "passed"|"missed"|"pending", …}` as the server judged it, or
 * null where the check is no more. A failing line is told and tried again until the time is over.
 */
export function presence(dialog) {
  const part = (name) => dialog.querySelector(`[data-check-${name}]`);
  const words = dialog.dataset;
  const form = part("form");
  let endsAt = 0;
  let wholeS = 60;
  let timer = 0;
  let finish = null;
  let details = null;
  let url = "";
  let said = null;

  async function open(check, { hasCue = true } = {}) {
    if (finish) return null;
    url = check.url;
    details = null;
    [wholeS, endsAt] = [check.within_s, performance.now() + check.within_s * 1000];
    show("wait", words.wait);
    dialog.showModal();
    if (hasCue) cue();
    clearInterval(timer);
    timer = setInterval(tick, 250);
    tick();
    const done = new Promise((resolve) => (finish = resolve));
    load(check);
    return done;
  }

  async function load(check) {
    try {
      take(await read(url));
      if (details.outcome && details.outcome !== "open") end({ outcome: details.outcome });
      else if ((details.kind ?? check.kind) === "face") askFace();
      else askCode();
    } catch (error) {
      if (error.status && error.status < 500) end(error.code === "closed" || error.status === 404 ? null : { outcome: "missed", message: error.message });
      else setTimeout(() => finish && load(check), 1500);
    }
  }

  function take(fresh) {
    details = fresh;
    wholeS = details.within_s ?? wholeS;
    endsAt = performance.now() + details.left_s * 1000;
  }

  /** Which part shows (wait, form, face) and what the line under the title says. */
  function show(name, text = "", tone = "") {
    for (const one of ["wait", "form", "face"]) part(one).hidden = one !== name;
    tell(text, tone);
  }

  function tell(text, tone = "") {
    part("news").textContent = text;
    part("news").className = `lp-check-news ${tone && `ax-tone-${tone}`}`;
  }

  function tick() {
    const left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
    part("left").textContent = left;
    part("ring").style.strokeDasharray = `${Math.min(AROUND, (left / wholeS) * AROUND)} ${AROUND}`;
    dialog.classList.toggle("is-late", left <= 10);
    if (SAY_AT.includes(left) && said !== left) {
      said = left;
      part("voice").textContent = words.remaining.replace("{n}", left);
    }
    if (left === 0 && finish) overdue();
  }

  // The server's clock decides; once its minute is over for certain, it is asked with an empty answer.
  async function overdue() {
    clearInterval(timer);
    show("wait", words.over, "attention");
    await new Promise((done) => setTimeout(done, SURE_MS));
    if (finish) await send(details?.kind === "face" ? { frames: [] } : { code: "", answer: [] });
  }

  /* ---- by code and question ---- */

  function askCode() {
    const options = details.options ?? [];
    part("picture").src = details.code;
    part("question").textContent = details.question ?? "";
    part("question-kind").textContent = details.multiple ? words.many : words.one;
    part("options").replaceChildren(...options.map((option) => choice(option, details.multiple)));
    part("step").hidden = !options.length;
    form.reset();
    part("code").dispatchEvent(new Event("input")); // its boxes are drawn from it
    show("form");
    part("code").focus();
  }

  function choice({ key, text }, isMany) {
    const label = document.createElement("label");
    label.className = "lp-check-option";
    const input = document.createElement("input");
    input.type = isMany ? "checkbox" : "radio";
    input.className = "form-check-input";
    input.name = "answer";
    input.value = key;
    const line = document.createElement("span");
    line.textContent = text;
    label.append(input, line);
    return label;
  }

  form.addEventListener("input", () => tell(""));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = part("code").value.normalize("NFKC").replace(/\D/g, "");
    const answer = [...form.querySelectorAll("[name=answer]:checked")].map((one) => one.value);
    if (code.length !== (details.digits ?? 4)) {
      tell(words.codeFirst, "attention");
      part("code").focus();
    } else if (!answer.length && details.options?.length) {
      tell(words.answerFirst, "attention");
      form.querySelector("[name=answer]")?.focus();
    } else {
      send({ code, answer });
    }
  });

  /* ---- by camera ---- */

  async function askFace() {
    show("face", words.face);
    part("again").hidden = true;
    try {
      const { capture } = await import(words.camera);
      const frames = await capture(part("camera"), { actions: details.actions ?? [], frames: 12, words });
      if (finish) await send({ frames: await Promise.all(frames.map(base64)), challenge: details.challenge });
    } catch (error) {
      tell((error.code && error.message) || words.noCamera, "attention");
      part("again").hidden = false;
      part("again").focus();
    }
  }

  part("again").addEventListener("click", askFace);

  /* ---- the answer ---- */

  async function send(body) {
    setBusy(true);
    try {
      judged(await call(url, body));
    } catch (error) {
      if (error.status && error.status < 500 && error.status !== 429) end({ outcome: "missed", message: error.message });
      else {
        tell(words.again, "attention");
        if (endsAt > performance.now()) setBusy(false);
        else setTimeout(() => finish && send(body), 2000);
        return;
      }
    }
    setBusy(false);
  }

  function judged(result) {
    if (result.outcome !== "retry") return end(result);
    const text = result.message || words.retry.replace("{n}", result.tries_left ?? 1);
    if (details.kind === "face") {
      show("face", text, "attention");
      part("again").hidden = false;
      return part("again").focus();
    }
    // another try has another picture and another question
    return load(details).then(() => finish && tell(text, "attention"));
  }

  function setBusy(isBusy) {
    for (const button of dialog.querySelectorAll("button")) button.disabled = isBusy;
  }

  function end(result) {
    clearInterval(timer);
    part("camera").replaceChildren();
    const done = finish;
    finish = null;
    dialog.close();
    done?.(result);
  }

  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => finish && dialog.showModal()); // a second Escape closes it all the same
  return {
    open,
    get isOpen() {
      return finish !== null;
    },
    /** The session is over: there is nothing left to prove. */
    drop: () => finish && end(null),
  };
}
