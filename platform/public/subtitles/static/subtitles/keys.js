// The keyboard: what each key does beside the fields, and with Alt inside them.

const PLAIN = {
  Space: "play", ArrowUp: "previous", ArrowDown: "next", Enter: "write", BracketLeft: "start", BracketRight: "end",
  Comma: "earlier", Period: "later", KeyN: "insert", KeyS: "split", KeyM: "merge", Delete: "remove", Backspace: "remove",
};
const IN_FIELDS = ["BracketLeft", "BracketRight", "Comma", "Period"];
const WITH_CONTROL = { KeyZ: "undo", KeyY: "redo", KeyS: "save" };

/** Call `act(name, event)` for each key that means something; `act` says whether it was used. */
export function keys(act) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const name = meaning(event);
    if (name && act(name, event) !== false) event.preventDefault();
  });
}

function meaning(event) {
  const field = event.target.closest?.("input, textarea, select");
  if (event.ctrlKey || event.metaKey) {
    if (event.code === "KeyZ" && event.shiftKey) return "redo";
    if (event.code === "Enter") return field?.matches("textarea") ? "split" : "";
    return WITH_CONTROL[event.code];
  }
  if (event.code === "Escape") return field ? "leave" : "";
  if (field) return event.altKey && IN_FIELDS.includes(event.code) ? shifted(event) : "";
  if (event.altKey || event.target.closest?.("summary, a, .se-time") || (event.target.closest?.("button") && ["Space", "Enter"].includes(event.code))) return "";
  return shifted(event);
}

function shifted(event) {
  const name = PLAIN[event.code];
  if (!event.shiftKey) return name;
  return { earlier: "shorter", later: "longer" }[name] ?? "";
}
