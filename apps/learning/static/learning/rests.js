// Why the film stands still and what to do next, in the page's words: one entry for each reason.

/** Reasons of this page: what the learner or the device did. */
export function restOf(reason, words) {
  const texts = {
    hidden: { icon: "hidden", title: words.hidden, text: words.hiddenText },
    blur: { icon: "hidden", title: words.blur, text: words.blurText },
    sleep: { icon: "limit", title: words.sleep, text: words.sleepText },
    pip: { icon: "taken", title: words.pip, text: words.pipText },
    mark: { icon: "problem", title: words.mark, text: words.markText },
    offline: { icon: "net", title: words.offline, text: words.offlineText },
    back: { icon: "start", title: words.back, text: words.backText },
    quiz: { icon: "start", title: words.quiz, text: words.quizText },
    manual: { icon: "pause", title: words.paused, text: words.manualText },
  };
  return { ...(texts[reason] ?? texts.manual), button: words.resume };
}

/** Reasons of the server, or of a film that cannot be shown. */
export function refusalOf(error, words) {
  const reason = error.code === "closed" ? error.reason : error.code;
  const known = {
    taken_over: { icon: "taken", title: words.taken, text: words.takenText, button: words.here },
    terminal_taken: { icon: "taken", title: words.terminal, text: words.terminalText, button: words.here },
    idle: { icon: "pause", title: words.idle, text: words.idleText, button: words.resume },
    daily_limit: { icon: "limit", title: words.limit, text: words.limitText },
    recalled: { icon: "problem", title: words.recalled, text: words.recalledText },
    locked: { icon: "lock", title: words.locked, text: error.code === "locked" && error.message ? error.message : words.lockedText, isAppeal: true },
    identity_required: { icon: "shield", title: words.identity, text: error.message || words.identityText },
  }[reason];
  if (known) return { ...known, link: true };
  if (error.message === "unsupported") return { icon: "problem", title: words.unsupported, text: words.unsupportedText, link: true };
  const said = error.status && error.status < 500 && error.message;
  return { icon: "problem", title: words.failed, text: said || words.failedText, button: words.retry, link: true };
}

/** What a check left behind that was not passed. */
export function missOf(result, words, clockText) {
  const voided = result.voided_ms ? words.voided.replace("{time}", clockText(result.voided_ms)) : "";
  return { icon: "shield", title: words.missed, text: voided + words.missedText, button: words.resume, isAppeal: true };
}

/** A lesson that was seen to its end; what still waits for a check is said. */
export function doneOf({ unproven_ms: waiting = 0 }, words, clockText, hasNext) {
  const text = waiting ? words.doneWaiting.replace("{time}", clockText(waiting)) : words.doneText;
  return { icon: "done", title: words.done, text, button: hasNext ? words.next : words.toCourse, link: hasNext };
}
