// The page that enrols a face or proves who is there: open the camera, draw a challenge, hand in the burst, wait for the word.

import { base64, openCamera, smaller } from "./camera.js";

const FRAMES = 15;
const POLL_MS = 2500;
const root = document.getElementById("face");
const words = document.getElementById("camera-words").dataset;
const told = root.querySelector("[data-told]");
const go = root.querySelector("[data-go]");
const file = root.querySelector("[data-id-file]");

async function call(url, body) {
  const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const response = await fetch(url, body ? { method: "POST", headers, body: JSON.stringify(body) } : {});
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.message ?? words.failed);
  return answer;
}

async function burst() {
  const camera = await openCamera(root.querySelector("[data-camera]"), words);
  try {
    const challenge = await call(root.dataset.liveness, { purpose: root.dataset.purpose });
    const shots = await camera.shoot(challenge.actions, FRAMES);
    return { challenge: challenge.challenge, frames: await Promise.all(shots.map(base64)) };
  } finally {
    camera.close();
  }
}

async function prove() {
  busy(true);
  say("");
  try {
    const taken = await burst();
    say(words.sending);
    const idPhoto = file?.files[0] ? await base64(await smaller(file.files[0])) : "";
    await settle(await call(root.dataset.faces, { purpose: root.dataset.purpose, ...taken, id_photo: idPhoto }));
  } catch (error) {
    say(error instanceof TypeError ? words.failed : error.message);
    busy(false);
  }
}

async function settle(check) {
  if (check.outcome === "pass") {
    say(words.done);
    location.assign(root.dataset.next);
    return;
  }
  say(check.message);
  busy(check.outcome === "pending");
  if (check.outcome === "pending" || check.outcome === "review") await watch(check.check, check.outcome);
}

/** Ask again until the outcome changes; a person who goes another way leaves the page. */
async function watch(check, before) {
  for (;;) {
    await new Promise((done) => setTimeout(done, POLL_MS));
    const now = await call(`${root.dataset.faces}/${check}`).catch(() => ({ outcome: before }));
    if (now.outcome !== before) {
      await settle(now);
      return;
    }
    if (before === "pending") say(words.waiting);
  }
}

function say(text) {
  told.textContent = text;
}

function busy(on) {
  go.disabled = on;
  go.setAttribute("aria-busy", String(on));
  if (!on) go.querySelector("span").textContent = words.again;
}

go.addEventListener("click", prove);
