// What the page has to tell the server, in order, again and again until it is answered. Every saying has a number that rises over
// all pages of the try, so a late retry never overwrites a newer answer. What is not confirmed survives a reload in this browser.

const RETRY_MS = [1000, 2000, 3000, 5000, 8000];
const OVER = ["submitted", "time_up"];

/** `on(event, detail)`: `state` ("saving", "saved", "unsaved", "offline"), `reply`, `over`, `prove`, `expired`, `refused`. */
export class Outbox {
  #queue = [];
  #busy = false;
  #running = null;
  #held = false;
  #tries = 0;
  #wake = () => {};

  constructor({ url, key, base, name, on }) {
    Object.assign(this, { url, key, seq: base, name: `ax-exam-${name}`, on });
    try {
      this.#queue = JSON.parse(localStorage.getItem(this.name) ?? "[]");
    } catch {
      this.#queue = [];
    }
    addEventListener("online", () => this.#wake());
  }

  get size() {
    return this.#queue.length;
  }

  /** What an earlier page said and nobody has heard yet: `{no, response, seq}` each. */
  get waiting() {
    return this.#queue.filter((one) => one.path === "answer").map(({ body }) => body);
  }

  answer(no, response) {
    this.#queue = this.#queue.filter((one, at) => !(one.path === "answer" && one.body.no === no && !(this.#busy && at === 0)));
    this.#add("answer", { no, response });
  }

  leaving(back) {
    this.#add("leaving", { back });
  }

  #add(path, body) {
    this.#queue.push({ path, body: { ...body, seq: this.seq } });
    this.seq += 1;
    this.#keep();
    this.flush();
  }

  #keep() {
    try {
      if (this.#queue.length) localStorage.setItem(this.name, JSON.stringify(this.#queue));
      else localStorage.removeItem(this.name);
    } catch {
      // no room or not allowed: the queue lives as long as the page
    }
  }

  /** Forget everything: the try is over. */
  clear() {
    this.#queue = [];
    this.#keep();
  }

  /** One call beside the queue; throws for a lost line, returns `{ok, status, body}`. */
  async call(path, body = {}) {
    const headers = { "Content-Type": "application/json", "X-Sitting": this.key };
    const text = JSON.stringify(body);
    const reply = await fetch(this.url + path, { method: "POST", headers, body: text, keepalive: text.length < 30_000 });
    return { ok: reply.ok, status: reply.status, body: await reply.json().catch(() => ({})) };
  }

  /** After a passed check: go on with what was held. */
  release() {
    this.#held = false;
    this.flush();
  }

  /** Send what waits; resolves when nothing does any more, or when the queue rests until `release`. */
  flush() {
    if (this.#held) return Promise.resolve();
    this.#running ??= this.#send().finally(() => { this.#running = null; });
    return this.#running;
  }

  async #send() {
    this.#busy = true;
    while (this.#queue.length && !this.#held) {
      this.on("state", "saving");
      const one = this.#queue[0];
      try {
        const reply = await this.call(one.path, one.body);
        if (reply.status >= 500 || reply.status === 429) throw new Error(String(reply.status));
        this.#tries = 0;
        if (!this.#take(reply, one)) break;
      } catch {
        this.on("state", navigator.onLine ? "unsaved" : "offline");
        await this.#pause();
      }
    }
    this.#busy = false;
    if (!this.#queue.length) this.on("state", "saved");
  }

  /** Act on an answer; false: the queue rests. */
  #take({ ok, status, body }, one) {
    if (!ok && body.code === "identity_first") {
      this.#held = true;
      this.on("prove");
      return false;
    }
    if (!ok && OVER.includes(body.code)) {
      this.clear();
      this.on("over");
      return false;
    }
    if (!ok && status === 401) {
      this.#held = true;
      this.on("expired");
      return false;
    }
    this.#queue = this.#queue.filter((other) => other !== one);
    this.#keep();
    this.on(ok ? "reply" : "refused", body);
    return true;
  }

  #pause() {
    const ms = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)];
    this.#tries += 1;
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.#wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}
