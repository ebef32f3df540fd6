// Copying what stands in a field: by the clipboard, or where the browser refuses it by selecting.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // plain HTTP: there is no clipboard object
  }
  document.dispatchEvent(new CustomEvent("ax:toast", { detail: { text: button.dataset.copied, tone: "proven" } }));
});
