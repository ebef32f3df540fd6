// 在此刻提问: pauses the lesson, notes the second or the page, and asks in a dialog, so that nobody leaves the lesson.

const opener = document.querySelector("[data-ask]");
const dialog = document.getElementById("ask");

/** Press the lesson's own pause button, if it is playing. */
function pause() {
  const toggle = document.querySelector('#player [data-act="toggle"]');
  if (toggle && toggle.getAttribute("aria-label") === toggle.dataset.labelPause) toggle.click();
}

/** Where the lesson stands: `at` in ms for a film, `page` from 1 for a document. */
function place() {
  const film = document.querySelector("#player video");
  if (film) return { at: Math.floor(film.currentTime * 1000) };
  const index = document.querySelector("#player [data-picture]")?.dataset.index;
  return index === undefined ? {} : { page: Number(index) + 1 };
}

opener?.addEventListener("click", async () => {
  pause();
  const url = new URL(opener.dataset.ask, location.href);
  for (const [name, value] of Object.entries(place())) url.searchParams.set(name, value);
  document.getElementById("ask-body").replaceChildren();
  dialog.showModal();
  await window.htmx.ajax("GET", url.pathname + url.search, { target: "#ask-body", swap: "innerHTML" });
  dialog.querySelector("textarea")?.focus();
});
