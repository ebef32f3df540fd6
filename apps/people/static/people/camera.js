// The camera: guides a person through held poses and returns a burst of JPEG frames. Nothing here judges; the server does.
// Everything is asynchronous and small, so that a film playing on the same page never stutters.

const SIDE = 640;
const MOST_BYTES = 195_000;
const MOVE_MS = 1300; // time to turn before the first frame of a pose
const GAP_MS = 220;
const ICONS = { left: "arrow-left", right: "arrow-right", straight: "focus-2" };

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Why the camera cannot be used: `denied` or `none`; the message is in the page's words. */
export class NoCamera extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Ask for the front camera and show it in `root`; returns `{ shoot(actions, frames), close() }`. */
export async function openCamera(root, words) {
  const view = draw(root, words.opening);
  let stream;
  try {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "NotFoundError");
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "user", width: { ideal: SIDE }, height: { ideal: 480 } } });
  } catch (error) {
    root.replaceChildren();
    const code = error.name === "NotAllowedError" || error.name === "SecurityError" ? "denied" : "none";
    throw new NoCamera(code, words[code]);
  }
  const video = view.box.querySelector("video");
  video.srcObject = stream;
  await video.play();
  const close = () => {
    stream.getTracks().forEach((track) => track.stop());
    root.replaceChildren();
  };
  return { close, shoot: (actions, frames) => shoot(video, view, { actions, frames, words }) };
}

/** Guide through `actions` and return at most `frames` blobs, in the order they were taken. Closes the camera in any case. */
export async function capture(root, { actions = [], frames = 12, words }) {
  const camera = await openCamera(root, words);
  try {
    return await camera.shoot(actions, frames);
  } finally {
    camera.close();
  }
}

async function shoot(video, view, { actions, frames, words }) {
  const poses = actions.length ? actions : ["straight"];
  const each = Math.max(1, Math.min(4, Math.floor(Math.min(frames, 15) / poses.length)));
  view.steps(poses.length);
  view.say("", words.ready);
  await wait(600);
  const shots = [];
  for (const [number, pose] of poses.entries()) {
    view.say(ICONS[pose] ?? "focus-2", words[pose] ?? pose);
    navigator.vibrate?.(60);
    await wait(MOVE_MS);
    view.hold(true);
    for (let n = 0; n < each; n += 1) {
      shots.push(await frame(video));
      await wait(GAP_MS);
    }
    view.hold(false);
    view.done(number);
  }
  view.say("circle-check", words.finished);
  return shots;
}

/** One JPEG of at most 200 kB, not mirrored. */
async function frame(source, side = SIDE) {
  const [width, height] = [source.videoWidth ?? source.width, source.videoHeight ?? source.height];
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
  for (let quality = 0.88; ; quality -= 0.12) {
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob.size <= MOST_BYTES || quality < 0.3) return blob;
  }
}

/** A chosen picture file, made small enough to send. */
export async function smaller(file, side = 1280) {
  const picture = await createImageBitmap(file);
  try {
    return await frame(picture, side);
  } finally {
    picture.close();
  }
}

/** Base64 of a blob, without the head of a data URL. */
export function base64(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1]);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}

function draw(root, opening) {
  const box = document.createElement("div");
  box.className = "face-view";
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true, disablePictureInPicture: true });
  video.setAttribute("aria-hidden", "true");
  const oval = document.createElement("div");
  oval.className = "face-oval";
  const steps = document.createElement("ol");
  steps.className = "face-steps";
  steps.setAttribute("aria-hidden", "true");
  const said = document.createElement("p");
  said.className = "face-say";
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "assertive");
  said.textContent = opening;
  box.append(video, oval, steps, said);
  root.replaceChildren(box);
  return {
    box,
    steps: (count) => steps.replaceChildren(...Array.from({ length: count }, () => document.createElement("li"))),
    done: (number) => steps.children[number]?.classList.add("is-done"),
    hold: (on) => box.toggleAttribute("data-holding", on),
    say(icon, text) {
      const mark = document.createElement("i");
      mark.className = `ti ti-${icon}`;
      mark.setAttribute("aria-hidden", "true");
      said.replaceChildren(...(icon ? [mark] : []), document.createTextNode(text));
    },
  };
}
