// Sign-up: the address appears while it is typed, and a suggestion fills the field.

const field = document.getElementById("id_subdomain");
const preview = document.querySelector("[data-preview]");
const example = preview?.textContent ?? "";

field?.addEventListener("input", () => {
  preview.textContent = field.value.trim().toLowerCase() || example;
});

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-fill]");
  if (!chip) return;
  const target = document.getElementById(chip.dataset.fill);
  target.value = chip.dataset.value;
  target.dispatchEvent(new Event("input", { bubbles: true }));
  target.dispatchEvent(new Event("change", { bubbles: true }));
  target.focus();
});
