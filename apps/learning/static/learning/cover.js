// What lies over the film while it does not run: why, and the one thing to do next.

const ICONS = { start: "player-play", pause: "player-pause", net: "wifi-off", hidden: "eye-off", taken: "devices", done: "circle-check", limit: "moon-stars", problem: "alert-triangle", lock: "lock", shield: "shield-exclamation" };

/** Bind the cover inside `root`. `show({icon, title, text, button, link, busy, isAppeal})` opens it, `hide()` takes it away. */
export function cover(root) {
  const box = root.querySelector("[data-cover]");
  const part = (name) => box.querySelector(`[data-cover-${name}]`);
  const under = root.querySelector("[data-under]"); // words of a page must not be read from under the cover
  const button = box.querySelector("[data-act=go]");
  return {
    get isOpen() {
      return !box.hidden;
    },
    show({ icon, title, text = "", button: label = "", link = false, busy = false, isAppeal = false }) {
      part("icon").innerHTML = "";
      const mark = document.createElement("i");
      mark.className = `ti ti-${ICONS[icon]}`;
      part("icon").append(mark);
      part("title").textContent = title;
      part("text").textContent = text;
      button.textContent = label;
      button.hidden = !label;
      button.disabled = busy;
      part("link").hidden = !link;
      if (part("appeal")) part("appeal").hidden = !isAppeal;
      box.hidden = false;
      under?.setAttribute("inert", "");
    },
    hide() {
      box.hidden = true;
      under?.removeAttribute("inert");
    },
    button,
  };
}

/** 「12:30」, from one hour on 「1:02:30」. */
export function clockText(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** 「7 小时 12 分钟」 in the page's words. */
export function lengthText(ms, words) {
  const minutes = Math.floor(ms / 60_000);
  const filled = minutes >= 60 ? words.hm : words.m;
  return filled.replace("{h}", Math.floor(minutes / 60)).replace("{m}", minutes % 60);
}
