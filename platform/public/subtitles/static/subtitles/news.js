// What the editor says above itself, and a copy to take home.

import { webvtt } from "./cues.js";

/** Hand the cues over as a file, without asking the server. */
export function download(cues) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([webvtt(cues)], { type: "text/vtt" }));
  link.download = `${document.title.split(" · ")[0]}.vtt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Say something above the editor that stays, with buttons; nothing to say takes it away. */
export function news(text, tone = "info", choices = []) {
  const box = document.querySelector("[data-news]");
  if (!text) return box.replaceChildren();
  const notice = document.createElement("div");
  notice.className = `ax-notice ax-tone-${tone}`;
  notice.setAttribute("role", tone === "info" ? "status" : "alert");
  const body = document.createElement("div");
  for (const line of [text].flat()) body.append(Object.assign(document.createElement("p"), { textContent: line }));
  const row = Object.assign(document.createElement("div"), { className: "ax-actions" });
  for (const [label, done] of choices) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn ax-btn-secondary btn-sm", textContent: label });
    button.addEventListener("click", done);
    row.append(button);
  }
  if (choices.length) body.append(row);
  notice.append(body);
  box.replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}
