// A ready answer goes into the reply where it is chosen; what was typed before stays above it.
document.addEventListener("change", (event) => {
  const select = event.target.closest("[data-canned]");
  if (!select || !select.value) return;
  const ready = document.querySelector(`template[data-canned-text="${CSS.escape(select.value)}"]`);
  const reply = select.form.querySelector("textarea");
  if (!ready || !reply) return;
  const words = ready.content.textContent.trim();
  reply.value = reply.value.trim() ? `${reply.value.trim()}\n\n${words}` : words;
  reply.focus();
});
