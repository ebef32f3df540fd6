// Code input: draws one box for each digit behind the real input. Without this script the plain input still works.

function draw(input, cells) {
  [...cells.children].forEach((cell, index) => {
    cell.textContent = input.value[index] ?? "";
    cell.classList.toggle("is-next", index === Math.min(input.value.length, cells.children.length - 1));
  });
}

function build(input) {
  if (input.closest(".ax-code")) return;
  const length = input.maxLength > 0 ? input.maxLength : 6;
  input.removeAttribute("maxlength"); // it would cut a pasted 「123 456」 before the space is taken out
  const box = document.createElement("div");
  box.className = "ax-code";
  box.classList.toggle("is-invalid", input.classList.contains("is-invalid"));
  const cells = document.createElement("div");
  cells.className = "ax-code-cells";
  cells.setAttribute("aria-hidden", "true");
  for (let i = 0; i < length; i++) {
    const cell = document.createElement("span");
    cell.className = "ax-code-cell";
    cells.append(cell);
  }
  const focused = document.activeElement === input;
  input.before(box);
  box.append(cells, input);
  if (focused) input.focus();
  draw(input, cells);
  input.addEventListener("input", () => {
    // Full-width digits come from Chinese keyboards; spaces from pasted messages.
    input.value = input.value.normalize("NFKC").replace(/\D/g, "").slice(0, length);
    box.classList.remove("is-invalid");
    draw(input, cells);
    if ("autosubmit" in input.dataset && input.value.length === length) input.form?.requestSubmit();
  });
  input.addEventListener("focus", () => input.setSelectionRange(input.value.length, input.value.length));
}

function prepare(root) {
  root.querySelectorAll("input[data-code]").forEach(build);
}

document.addEventListener("htmx:load", (event) => prepare(event.target.parentElement ?? document));
prepare(document);
