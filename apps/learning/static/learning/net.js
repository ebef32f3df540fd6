// How long the line has been silent, and what that means for the learner.

/** The server pays nothing for a longer silence (`rules.SILENCE_MS`). */
const SILENCE_MS = 40_000;

/** Bind the line's notice inside `root`. `onSilent()` when the silence got too long, `onBack()` when it ended after that. */
export function net(root, words, { onSilent, onBack }) {
  const box = root.querySelector("[data-net]");
  let lostAt = 0;
  let heardAt = 0;
  let isSilent = false;

  function show() {
    if (!lostAt) return;
    const seconds = Math.max(0, Math.floor((performance.now() - lostAt) / 1000));
    const silentMs = heardAt ? performance.now() - heardAt : 0;
    const left = Math.max(0, Math.ceil((SILENCE_MS - silentMs) / 1000));
    const text = silentMs < SILENCE_MS ? words.lost : words.lostLong;
    box.querySelector("span").textContent = text.replace("{n}", seconds).replace("{left}", left);
    box.hidden = false;
    if (silentMs < SILENCE_MS || isSilent) return;
    isSilent = true;
    onSilent();
  }

  function up() {
    heardAt = performance.now();
    lostAt = 0;
    box.hidden = true;
    if (!isSilent) return;
    isSilent = false;
    onBack();
  }

  function down(sinceMs = performance.now()) {
    lostAt = lostAt || sinceMs;
    show();
  }

  setInterval(show, 1000);
  window.addEventListener("offline", () => heardAt && down());
  return {
    up,
    down,
    get isDown() {
      return lostAt > 0;
    },
    /** No session: nothing to lose, nothing to tell. */
    rest() {
      lostAt = heardAt = 0;
      isSilent = false;
      box.hidden = true;
    },
  };
}
