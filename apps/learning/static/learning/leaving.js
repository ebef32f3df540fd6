// A link inside the page leaves time to confirm the last seconds first.

const MOST_MS = 2500;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** `pause()` pauses and returns the session's beats, or null where there is none; they are closed before the page goes. */
export function leaving(pause) {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const beats = pause();
    if (!beats) return;
    event.preventDefault();
    await Promise.race([wait(50).then(() => beats.settled()), wait(MOST_MS)]);
    await beats.close("left").catch(() => {});
    location.assign(link.href);
  });
}
