// A document as time: its pages' least reading times laid end to end, so that reading is counted like watching. No page, no clock here.

/** `pages` are `{least_ms}` in order. Indexes count from 0; all times are whole ms on the document's timeline. */
export function timeline(pages) {
  const starts = [];
  let lengthMs = 0;
  for (const page of pages) {
    starts.push(lengthMs);
    lengthMs += page.least_ms;
  }
  return {
    lengthMs,
    last: pages.length - 1,
    start: (index) => starts[index],
    end: (index) => starts[index] + pages[index].least_ms,
    /** The page that shows at `ms`; the very end belongs to the last page, any other border to the page that begins there. */
    indexAt: (ms) => Math.max(0, starts.filter((start) => start <= ms).length - 1),
  };
}
