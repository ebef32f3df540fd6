// The browser's end of the beat protocol: signed, numbered, one at a time, resent unchanged until it is answered.

const encoder = new TextEncoder();
const RETRY_MS = [800, 1500, 3000, 5000, 8000];

/** Canonical JSON (RFC 8785): keys sorted by UTF-16 units, numbers as ECMAScript writes them. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const parts = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${parts.join(",")}}`;
  }
  return JSON.stringify(value);
}

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** A refusal in the server's words. `code` is stable, `status` the HTTP status; further fields (`reason`, `url`, …) as they came. */
export class Refused extends Error {
  constructor(status, body) {
    super(body.message ?? "");
    Object.assign(this, { ...body, status, code: body.code ?? "failed" });
  }
}

async function answer(response) {
  if (response.status === 204) return null;
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, body);
  return body;
}

/** POST a form-protected call of the JSON interface. */
export async function call(url, body, { keepalive = false } = {}) {
  const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  return answer(await fetch(url, { method: "POST", headers, body: JSON.stringify(body), keepalive }));
}

/** GET what the JSON interface says. */
export async function read(url) {
  return answer(await fetch(url));
}

/**
 * Beats of one session. `onReply(reply, claim, isOld)`, `onRefused(error)` and `onNet(isUp, sinceMs)` tell the page what happened
 * (`isOld`: the answer to an earlier tick, whose answer was lost);
 * `now()` returns what the page would say at this moment, in place of a tick that never arrived.
 */
export class Beats {
  #queue = [];
  #busy = false;
  #ended = false;
  #seq = 0;
  #wake = () => {};

  constructor(session, url, { onReply, onRefused, onNet, now = () => null }) {
    Object.assign(this, { url: `${url}/${session.session}`, onReply, onRefused, onNet, now });
    this.nonce = session.nonce;
    this.key = crypto.subtle.importKey("raw", unhex(session.key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    this.online = () => this.#wake();
    window.addEventListener("online", this.online);
  }

  get pending() {
    return this.#busy || this.#queue.length > 0;
  }

  /** Whether more was said since; then the reply at hand speaks of a place that the learner has left. */
  get hasMore() {
    return this.#queue.length > 0;
  }

  /** Queue what the player says now; a mere tick is dropped while something else is on its way. */
  say(claim) {
    if (this.#ended || (claim.reason === "tick" && this.pending)) return;
    this.#queue.push(claim);
    if (!this.#busy) this.#drain();
  }

  /** Stop for good, e.g. when the session is over. */
  stop() {
    this.#ended = true;
    this.#queue = [];
    window.removeEventListener("online", this.online);
    this.#wake();
  }

  /** Wait until everything said was answered. */
  async settled() {
    while (this.pending && !this.#ended) await wait(50);
  }

  async close(reason) {
    this.stop();
    return call(`${this.url}/close`, { reason }, { keepalive: true });
  }

  async #drain() {
    this.#busy = true;
    while (this.#queue.length && !this.#ended) {
      try {
        const told = await this.#deliver(this.#queue.shift());
        if (!told) break;
        this.#seq = told.reply.seq;
        this.nonce = told.reply.nonce;
        this.onReply(told.reply, told.claim, told.isOld);
      } catch (error) {
        this.stop();
        this.onRefused(error);
      }
    }
    this.#busy = false;
  }

  async #sign(claim) {
    const body = { ...claim, seq: this.#seq + 1, nonce: this.nonce };
    const mac = await crypto.subtle.sign("HMAC", await this.key, encoder.encode(canonical(body)));
    return JSON.stringify({ ...body, mac: hex(mac) });
  }

  /**
   * Send until there is an answer. The same bytes again are safe: the server answers a repeated beat from its memory.
   * A tick that got no answer is brought up to date, so that what played on from the buffer is not behind the server's clock;
   * where the old one had arrived after all (`wrong_seq`), its bytes are sent again for the answer that was lost.
   */
  async #deliver(claim) {
    const began = performance.now();
    let text = await this.#sign(claim);
    let isOld = false;
    const formers = [];
    for (let tries = 0; !this.#ended; tries += 1) {
      if (document.visibilityState === "hidden" && tries === 0) this.#beacon(text);
      try {
        const response = await this.#post(text);
        if (response.status < 500 && response.status !== 429) {
          const reply = await answer(response);
          this.onNet(true);
          return { reply, claim, isOld };
        }
      } catch (error) {
        if (error instanceof Refused) {
          if (error.code !== "wrong_seq" || !formers.length) throw error;
          ({ text, claim } = formers.pop());
          isOld = true;
          continue;
        }
      }
      this.onNet(false, began);
      await this.#nap(RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
      const fresh = claim.reason === "tick" && !isOld && !this.#ended ? this.#fresher(claim) : null;
      if (!fresh) continue;
      formers.push({ text, claim });
      claim = fresh;
      text = await this.#sign(claim);
    }
    return null;
  }

  /** What ends or goes on with the run that `tick` spoke of; null where it moved back meanwhile. */
  #fresher(tick) {
    const isLater = (claim) => claim && claim.position_ms >= tick.position_ms;
    if (this.#queue.length) return isLater(this.#queue[0]) && this.#queue[0].state !== "playing" ? this.#queue.shift() : null;
    const claim = this.now();
    return isLater(claim) ? claim : null;
  }

  #post(text) {
    const limit = AbortSignal.timeout ? AbortSignal.timeout(10_000) : undefined;
    return fetch(`${this.url}/beats`, { method: "POST", body: text, keepalive: true, signal: limit });
  }

  #nap(ms) {
    return new Promise((done) => {
      this.#wake = done;
      setTimeout(done, ms);
    });
  }

  // A page on its way out may lose its fetch; the beacon's copy arrives all the same, and twice does no harm.
  #beacon(text) {
    navigator.sendBeacon?.(`${this.url}/beats`, text);
  }
}
