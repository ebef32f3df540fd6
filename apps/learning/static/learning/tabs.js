// Pages of one browser tell each other who begins: the server hears it with the next beat, the other tab at once.

const CHANNEL = "ax-learning";

/** `onTaken()` is called when another page of this browser begins to learn. `begin()` tells the others that this one does. */
export function tabs(onTaken) {
  if (!window.BroadcastChannel) return { begin() {} };
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", (event) => event.data === "begin" && onTaken());
  return { begin: () => channel.postMessage("begin") };
}
