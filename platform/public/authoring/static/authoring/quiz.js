// The form of a quiz: chosen questions, or a draw; only what belongs to the chosen way is shown.

import { chosenLine, picker } from "./picker.js";

const form = document.getElementById("quiz-form");
const words = form.dataset;
const list = form.querySelector("[data-chosen-list]");
const field = form.querySelector("[name=chosen]");
const dialog = picker(document.getElementById("pick"));
let chosen = JSON.parse(document.getElementById("quiz-chosen").textContent);

function draw() {
  list.replaceChildren(...chosen.map((one) => chosenLine(one, words, () => set(chosen.filter((other) => other !== one)))));
  form.querySelector("[data-chosen-none]").hidden = chosen.length > 0;
  field.value = JSON.stringify(chosen.map(({ question, version }) => ({ question, version })));
}

function set(now) {
  chosen = now;
  draw();
}

function showWay() {
  const way = form.querySelector("[name=mode]:checked")?.value ?? "chosen";
  for (const box of form.querySelectorAll("[data-way]")) box.hidden = box.dataset.way !== way;
}

form.querySelector("[data-act=pick]").addEventListener("click", () => dialog.open(chosen, 50, set));
for (const radio of form.querySelectorAll("[name=mode]")) radio.addEventListener("change", showWay);
draw();
showWay();
