// Mending a list by keyboard: Enter saves and goes to the next wrong cell, Escape brings back what was, arrows go up and down.

const CELL = "[data-cell]";

/** The next wrong cell after `cell`, from the top again when there is none below. */
function nextWrong(cell) {
  const wrong = [...document.querySelectorAll(`${CELL}.is-invalid`)].filter((one) => one !== cell && one.offsetParent);
  return wrong.find((one) => cell.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) ?? wrong[0];
}

/** The cell of the same column one row up or down. */
function neighbour(cell, step) {
  let row = cell.closest("tr");
  row = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  return row?.querySelector(`[data-cell="${cell.dataset.cell}"]`);
}

function go(cell) {
  cell?.focus();
  cell?.select();
}

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(CELL);
  if (!cell || event.isComposing) return;
  if (event.key === "Enter") {
    event.preventDefault();
    const next = nextWrong(cell);
    cell.blur(); // what was typed is sent by the change this brings
    go(next);
  } else if (event.key === "Escape") {
    cell.value = cell.defaultValue;
  } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && !cell.list) {
    const next = neighbour(cell, event.key === "ArrowUp" ? -1 : 1);
    if (next) event.preventDefault();
    go(next);
  }
});

// What the network lost is sent again when the cell is left the next time.
document.addEventListener("focusout", (event) => {
  const cell = event.target.closest?.(`${CELL}.is-unsaved`);
  if (cell) htmx.trigger(cell, "change");
});

/** Mark the cells of a row as their messages say. */
function mark(row) {
  for (const cell of row.querySelectorAll(CELL)) {
    const wrong = document.getElementById(`m${cell.id.slice(1)}`).childElementCount > 0;
    cell.classList.toggle("is-invalid", wrong);
    cell.toggleAttribute("aria-invalid", wrong);
    if (wrong) cell.setAttribute("aria-invalid", "true");
    cell.closest("td").classList.toggle("ax-mend-more", cell.closest("td").matches(".ax-mend-more") && !wrong);
  }
}

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const cell = detail.elt;
  if (cell.matches(CELL)) {
    cell.classList.toggle("is-unsaved", !detail.successful);
    if (detail.successful) cell.defaultValue = detail.requestConfig.parameters.value ?? cell.value;
  }
  if (detail.successful && /\/rows\/\d+$/.test(detail.pathInfo?.requestPath ?? "")) {
    setTimeout(() => document.querySelectorAll(".ax-mend tbody tr").forEach(mark)); // a change may mend another row too
  }
});
