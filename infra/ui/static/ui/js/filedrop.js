// File drop: says what was chosen and refuses at once what cannot be used (the server checks again).

function size(bytes) {
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function accepted(file, accept) {
  const kinds = accept.split(",").map((kind) => kind.trim().toLowerCase()).filter(Boolean);
  const name = file.name.toLowerCase();
  return !kinds.length || kinds.some((kind) =>
    kind.startsWith(".") ? name.endsWith(kind) : file.type === kind || file.type.startsWith(kind.replace("*", "")));
}

/** What is wrong with a file, in words, or an empty string. */
function complaint(file, input, box) {
  const words = document.getElementById("words").dataset;
  const most = Number(box.dataset.maxMb) * 1048576;
  if (file.name.toLowerCase().endsWith(".xls") && input.accept.includes(".xlsx")) return words.fileold;
  if (!accepted(file, input.accept)) return words.filetype.replace("{accept}", input.accept);
  if (most && file.size > most) return words.filebig.replace("{size}", size(file.size)).replace("{max}", size(most));
  return "";
}

document.addEventListener("change", (event) => {
  const box = event.target.closest?.("[data-filedrop]");
  if (!box) return;
  const input = event.target;
  const wrong = [...input.files].map((file) => complaint(file, input, box)).find(Boolean);
  if (wrong) input.value = "";
  box.classList.toggle("has-file", input.files.length > 0);
  box.classList.toggle("is-wrong", Boolean(wrong));
  const names = [...input.files].map((file) => `${file.name} · ${size(file.size)}`);
  box.querySelector("[data-filedrop-name]").textContent = wrong || names.join("; ");
});

for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => event.target.closest?.("[data-filedrop]")?.classList.toggle("is-over", over));
}
