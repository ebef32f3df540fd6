// Dragging a unit onto another one moves it below that one. Without a mouse the unit's own page does the same.

const tree = document.querySelector("[data-tree]");
const form = document.querySelector("[data-move]");
const top = document.querySelector("[data-top]");
let dragged = null;

function isBelow(node, unit) {
  for (let here = node; here; here = tree.querySelector(`[data-unit="${CSS.escape(here.dataset.parent)}"]`)) {
    if (here.dataset.unit === unit) return true;
  }
  return false;
}

function targetOf(event) {
  const place = event.target.closest?.("[data-unit], [data-top]");
  if (!dragged || !place) return null;
  if (place === top) return dragged.dataset.parent ? place : null;
  if (place.dataset.unit === dragged.dataset.parent || isBelow(place, dragged.dataset.unit)) return null;
  return place;
}

function mark(place) {
  for (const old of document.querySelectorAll(".pp-target")) old.classList.remove("pp-target");
  place?.classList.add("pp-target");
}

function end() {
  dragged?.classList.remove("pp-dragged");
  dragged = null;
  mark(null);
  if (top) top.hidden = true;
}

if (tree && form) {
  tree.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-unit]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.unit);
    // The page may change only after the browser has taken the picture of what is dragged.
    requestAnimationFrame(() => {
      dragged?.classList.add("pp-dragged");
      if (top && dragged?.dataset.parent) top.hidden = false;
    });
  });
  document.addEventListener("dragover", (event) => {
    const place = targetOf(event);
    if (place) event.preventDefault();
    mark(place);
  });
  document.addEventListener("drop", (event) => {
    const place = targetOf(event);
    if (!place) return;
    event.preventDefault();
    form.elements.unit.value = dragged.dataset.unit;
    form.elements.parent.value = place.dataset.unit ?? "";
    end();
    form.requestSubmit();
  });
  document.addEventListener("dragend", end);
}
