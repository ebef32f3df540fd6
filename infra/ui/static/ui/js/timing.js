// How long this page let people wait: told when it is left, as numbers and its name only.
(() => {
  const meta = document.querySelector("meta[name=ax-timing]");
  const page = window.performance?.getEntriesByType?.("navigation")[0];
  if (!meta || !page || !navigator.sendBeacon) return;
  const began = new WeakMap();
  let swaps = [], painted = 0, isSeen = !document.hidden;
  try {
    new PerformanceObserver((list) => (painted = list.getEntries().pop().startTime))
      .observe({ type: "largest-contentful-paint", buffered: true });
  } catch {}

  function tell() {
    const now = performance.now(); // who leaves a slow page has waited so long
    const loaded = page.loadEventEnd || (now > 3000 && now);
    const times = isSeen && loaded ? [page.responseStart, page.domContentLoadedEventEnd || loaded, loaded, painted] : [];
    isSeen = false;
    if (times[0] || swaps[0])
      navigator.sendBeacon("/api/page-times", JSON.stringify({ page: meta.content, times: times.map(Math.round), swaps }));
    swaps = [];
  }
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.requestConfig.triggeringEvent?.isTrusted) began.set(detail.xhr, Date.now());
  });
  document.addEventListener("htmx:afterSettle", ({ detail: { xhr } }) => {
    if (began.has(xhr) && swaps.push(Date.now() - began.get(xhr)) > 19) tell();
    began.delete(xhr);
  });
  document.addEventListener("visibilitychange", () => document.hidden && tell());
  addEventListener("pagehide", tell);
})();
