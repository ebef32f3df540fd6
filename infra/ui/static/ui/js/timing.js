// How long people wait for this page, told as they leave.
(() => {
  const meta = document.querySelector("[name=ax-timing]");
  if (!meta || !navigator.sendBeacon) return;
  const time = () => Math.round(performance.now());
  let began = new WeakMap(), swaps = [], painted = 0, isSeen = !document.hidden;
  try {
    new PerformanceObserver((list) => (painted = list.getEntries().pop().startTime))
      .observe({ type: "largest-contentful-paint", buffered: true });
  } catch {}

  function tell() {
    const now = time(), page = performance.getEntriesByType("navigation")[0];
    // leaving: waited till now
    const loaded = page?.loadEventEnd || (now > 3000 && now);
    const times = isSeen && loaded && page?.responseStart ?
      [page.responseStart, page.domContentLoadedEventEnd || loaded, loaded, painted].map(Math.round) : [];
    if (times.length || swaps.length)
      navigator.sendBeacon("/api/page-times", JSON.stringify({ page: meta.content, times, swaps }));
    [isSeen, swaps, began] = [false, [], new WeakMap()]; // out of sight, no wait
  }
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.requestConfig.triggeringEvent?.isTrusted) began.set(detail.xhr, time());
  });
  document.addEventListener("htmx:afterSettle", ({ detail: { xhr } }) => {
    if (began.has(xhr) && swaps.push(time() - began.get(xhr)) > 19) tell();
    began.delete(xhr);
  });
  document.addEventListener("visibilitychange", () => document.hidden && tell());
  addEventListener("pagehide", tell);
})();
