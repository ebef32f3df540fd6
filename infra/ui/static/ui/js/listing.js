// Lists: choosing rows for a bulk action, and choosing columns (remembered on this device).

const chosenWords = document.getElementById("words")?.dataset.chosen ?? "{n}";

function refresh(form) {
  const items = [...form.querySelectorAll("[data-bulk-item]")];
  const chosen = items.filter((item) => item.checked).length;
  const all = form.querySelector("[data-bulk-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === items.length;
    all.indeterminate = chosen > 0 && chosen < items.length;
  }
  const bar = form.querySelector("[data-bulk-bar]");
  if (bar) bar.hidden = chosen === 0;
  const count = form.querySelector("[data-bulk-count]");
  if (count) count.textContent = chosenWords.replace("{n}", chosen);
}

function hiddenColumns(key) {
  try {
    return JSON.parse(localStorage.getItem(`ax-columns-${key}`) ?? "[]");
  } catch {
    return [];
  }
}

function showColumns(menu) {
  const hidden = hiddenColumns(menu.dataset.columns);
  for (const box of menu.querySelectorAll("[data-column]")) {
    box.checked = !hidden.includes(box.dataset.column);
    for (const cell of document.querySelectorAll(`[data-col="${CSS.escape(box.dataset.column)}"]`)) cell.hidden = !box.checked;
  }
}

document.addEventListener("change", (event) => {
  const menu = event.target.closest("[data-columns]");
  if (menu && event.target.matches("[data-column]")) {
    const hidden = [...menu.querySelectorAll("[data-column]:not(:checked)")].map((box) => box.dataset.column);
    try {
      localStorage.setItem(`ax-columns-${menu.dataset.columns}`, JSON.stringify(hidden));
    } catch {
      return; // storage refused: the choice cannot be kept
    }
    showColumns(menu);
  }
  const form = event.target.closest("form[data-bulk]");
  if (!form) return;
  if (event.target.matches("[data-bulk-all]")) {
    for (const item of form.querySelectorAll("[data-bulk-item]")) item.checked = event.target.checked;
  }
  refresh(form);
});

function prepare() {
  document.querySelectorAll("form[data-bulk]").forEach(refresh);
  document.querySelectorAll("[data-columns]").forEach(showColumns);
}

document.addEventListener("htmx:load", prepare);
prepare();
