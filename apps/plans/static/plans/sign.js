// Writing one's name with a finger: strokes in a field of 1000 × 400, put into the form when it is sent. The server draws the picture.

const WIDTH = 1000;
const HEIGHT = 400;
const form = document.querySelector("[data-sign]");
const pad = form.querySelector("[data-sign-pad]");
const canvas = form.querySelector("[data-sign-canvas]");
const field = form.querySelector("[data-sign-strokes]");
const status = form.querySelector("[data-sign-status]");
let strokes = written();
let line = null;

/** What was drawn before the server asked for something else. */
function written() {
  try {
    return JSON.parse(field.value);
  } catch {
    return [];
  }
}

function scale() {
  const box = canvas.getBoundingClientRect();
  return { box, x: WIDTH / box.width, y: HEIGHT / box.height };
}

function draw() {
  const { box } = scale();
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(box.width * ratio);
  canvas.height = Math.round(box.height * ratio);
  const pen = canvas.getContext("2d");
  pen.scale(canvas.width / WIDTH, canvas.height / HEIGHT);
  pen.lineWidth = 10;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#141414";
  for (const points of strokes) {
    pen.beginPath();
    pen.moveTo(...points[0]);
    for (const point of points.slice(points.length > 1 ? 1 : 0)) pen.lineTo(...point);
    pen.stroke();
  }
  pad.classList.toggle("is-written", strokes.length > 0);
}

function add(event) {
  const { box, x, y } = scale();
  const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
  const point = [within((event.clientX - box.left) * x, WIDTH), within((event.clientY - box.top) * y, HEIGHT)];
  const last = line.at(-1);
  if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) >= 4) line.push(point);
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  line = [];
  strokes.push(line);
  add(event);
  draw();
});

canvas.addEventListener("pointermove", (event) => {
  if (!line) return;
  for (const one of event.getCoalescedEvents?.() ?? [event]) add(one);
  draw();
});

for (const name of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(name, () => {
    if (line) status.textContent = status.dataset.words;
    line = null;
  });
}

form.querySelector("[data-sign-clear]").addEventListener("click", () => {
  strokes = [];
  status.textContent = "";
  draw();
});

form.addEventListener("submit", () => {
  field.value = strokes.length ? JSON.stringify(strokes) : "";
});

form.querySelector("[data-sign-none]").hidden = true;
pad.hidden = false;
new ResizeObserver(draw).observe(canvas);
