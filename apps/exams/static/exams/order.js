// Steps that are put in order with two buttons each. The order in the page is what the form sends.

const list = document.querySelector("[data-order]");
const status = document.querySelector("[data-order-status]");

list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-up], [data-down]");
  if (!button) return;
  const step = button.closest("li");
  const other = button.matches("[data-up]") ? step.previousElementSibling : step.nextElementSibling;
  if (!other) return;
  if (button.matches("[data-up]")) other.before(step);
  else other.after(step);
  status.textContent = list.dataset.wordMoved.replace("{n}", [...list.children].indexOf(step) + 1);
  (getComputedStyle(button).visibility === "hidden" ? step.querySelector(button.matches("[data-up]") ? "[data-down]" : "[data-up]") : button).focus();
});
