// The questions of a paper, whatever their kind: what was answered, and how it is put back. A response is a list of texts.

const all = (question, selector) => [...question.querySelectorAll(selector)];

function placed(question) {
  return all(question, "[data-place][data-no]").sort((one, other) => one.dataset.no - other.dataset.no).map((one) => one.dataset.place);
}

function place(question, keys) {
  for (const button of all(question, "[data-place]")) {
    const at = keys.indexOf(button.dataset.place);
    if (at < 0) delete button.dataset.no;
    else button.dataset.no = at + 1;
    button.querySelector("[data-at]").textContent = at < 0 ? "·" : at + 1;
    button.setAttribute("aria-pressed", at >= 0);
  }
}

/** The response as it is on the screen. */
export function response(question) {
  const { kind } = question.dataset;
  if (kind === "order") return placed(question);
  if (kind === "text") return [question.querySelector("[data-text]").value.trim()].filter(Boolean);
  if (kind === "blank") {
    const texts = all(question, "[data-gap]").map((input) => input.value.trim());
    return texts.some(Boolean) ? texts : [];
  }
  return all(question, "input:checked").map((input) => input.value);
}

/** "" not answered, "half" begun, "whole". */
export function standing(question) {
  const given = response(question);
  if (!given.length) return "";
  if (question.dataset.kind === "order" && given.length < all(question, "[data-place]").length) return "half";
  return given.every(Boolean) ? "whole" : "half";
}

/** Put a response back. */
export function restore(question, given) {
  const { kind } = question.dataset;
  if (kind === "order") place(question, given);
  else if (kind === "text") question.querySelector("[data-text]").value = given[0] ?? "";
  else if (kind === "blank") all(question, "[data-gap]").forEach((input, at) => { input.value = given[at] ?? ""; });
  else for (const input of all(question, "input")) input.checked = given.includes(input.value);
}

/** Choose by a letter of the keyboard; false where the question has no such option. */
export function choose(question, letter) {
  const button = question.querySelector(`[data-place="${CSS.escape(letter)}"], input[value="${CSS.escape(letter)}"]`);
  button?.click();
  return Boolean(button);
}

/** Tell `onChange(question, isTyping)` of each change within `root`. */
export function watchAnswers(root, onChange) {
  root.addEventListener("change", (event) => {
    const question = event.target.closest("[data-question]");
    if (question) onChange(question, false);
  });
  root.addEventListener("input", (event) => {
    const question = event.target.closest("[data-question]");
    if (question && event.target.matches("[data-gap], [data-text]")) onChange(question, true);
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-place], [data-place-again]");
    if (!button) return;
    const question = button.closest("[data-question]");
    const keys = placed(question);
    const key = button.dataset.place;
    if (!key) place(question, []);
    else place(question, keys.includes(key) ? keys.filter((one) => one !== key) : [...keys, key]);
    onChange(question, false);
  });
}
