// Who watches, drawn over the film: a recording of the screen tells whose it was.

const TIME_MS = 20_000;
const MEND_MS = 250;
const MOST_MENDS = 5;
const CLASS = "lp-mark";

/**
 * Draw `text` and the time over `stage` and keep it there. `seen.mark` counts how often somebody took it away; `onStripped()` is
 * called where that does not stop. Drifting is the style sheet's. `startedAt` is the server's clock in ms when the page was made.
 */
export function mark(stage, { text, startedAt, seen, onStripped }) {
  const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  let box = null;
  let isMending = false;
  const words = () => `${text} ${clock.format(startedAt + performance.now())}`;

  function draw() {
    observer.disconnect();
    for (const old of stage.querySelectorAll(`.${CLASS}`)) old.remove();
    box = document.createElement("div");
    box.className = CLASS;
    box.setAttribute("aria-hidden", "true");
    for (let n = 0; n < 2; n += 1) {
      const line = document.createElement("span");
      line.textContent = words();
      box.append(line);
    }
    box.dataset.text = box.textContent;
    stage.append(box);
    observer.observe(stage, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["class", "style", "hidden"] });
  }

  function isWhole() {
    if (box.parentElement !== stage || box.className !== CLASS || box.textContent !== box.dataset.text) return false;
    return [box, ...box.children].every((node) => !node.hidden && !node.getAttribute("style") && isVisible(node));
  }

  function isVisible(node) {
    const style = getComputedStyle(node);
    return style.display !== "none" && style.visibility === "visible" && Number(style.opacity) > 0.1;
  }

  function check() {
    if (isMending || isWhole()) return;
    isMending = true;
    seen.mark += 1;
    if (seen.mark % MOST_MENDS === 0) onStripped();
    setTimeout(() => {
      isMending = false;
      draw();
    }, MEND_MS);
  }

  const observer = new MutationObserver(check);
  draw();
  setInterval(draw, TIME_MS);
  return { check };
}
