// Puts a canned answer into the field below; what stands there already is kept before it.

for (const choice of document.querySelectorAll("[data-canned]")) {
  choice.addEventListener("change", () => {
    const field = document.getElementById(choice.dataset.canned);
    if (choice.value) field.value = field.value.trim() ? `${field.value.trim()}\n${choice.value}` : choice.value;
    choice.value = "";
    field.focus();
  });
}
