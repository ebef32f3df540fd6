// What somebody types while a reply is on its way stays, when that reply replaces the field (slow networks, quick hands).

const TEXTS = "input:is([type=text], [type=tel], [type=email], [type=number], [type=search], [type=password], :not([type])), textarea";
const asked = new WeakMap(); // request → what the fields held when it was sent, by id
const kept = new WeakMap(); // request → what was typed since

const fields = (root) => [...root.querySelectorAll(TEXTS)].filter((field) => field.id);

document.addEventListener("htmx:beforeSend", ({ detail }) => {
  asked.set(detail.xhr, new Map(fields(detail.target).map((field) => [field.id, field.value])));
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const former = asked.get(detail.xhr);
  if (!former || !detail.shouldSwap) return;
  const since = fields(detail.target).filter((field) => former.has(field.id) && former.get(field.id) !== field.value);
  if (since.length) kept.set(detail.xhr, since.map(({ id, value }) => [id, value]));
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  for (const [id, value] of kept.get(detail.xhr) ?? []) {
    const field = document.getElementById(id);
    if (field?.matches(TEXTS)) field.value = value;
  }
  kept.delete(detail.xhr);
});
