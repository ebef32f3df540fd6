// What this device remembers about how its learner likes to watch. Never who, never what.

const PREFIX = "ax-player-";

/** What was remembered under `name`, else `fallback`. */
export function recall(name, fallback) {
  try {
    return localStorage.getItem(PREFIX + name) ?? fallback;
  } catch {
    return fallback; // storage may be refused in private windows
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // then it lasts as long as the page
  }
}
