// Upload boxes: Uppy cuts the file, retries and resumes; this page shows where it stands and asks what became of it.
// An upload is remembered by the server under the file's fingerprint, so after a reload the same file goes on where it was.
// A session that ends in the middle ends nothing: who signs in again, over the page or in another tab, goes on from the parts that arrived.

const RETRY_MS = [0, 1000, 2000, 4000, 8000, 15000, 30000, 30000];
const PARALLEL = 3;
const ASK_MS = 1500;

const csrf = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

class Refused extends Error {}
class SignedOut extends Error {}

/** Whether nobody, or somebody else than this page was made for, is signed in now. */
const isSignedOut = (status, code) => status === 401 || (status === 403 && code === "csrf");

async function ask(method, url, body) {
  const headers = { "X-CSRFToken": csrf(), Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  const reply = await fetch(url, { method, headers, body: body && JSON.stringify(body), credentials: "same-origin" });
  if (reply.status === 204) return null;
  const said = await reply.json().catch(() => ({}));
  if (reply.ok) return said;
  if (isSignedOut(reply.status, said.code)) throw new SignedOut(said.message ?? String(reply.status));
  throw reply.status < 500 ? new Refused(said.message ?? String(reply.status)) : new Error(String(reply.status));
}

async function fingerprint(file, purpose) {
  const text = `${purpose}|${file.name}|${file.size}|${file.lastModified}|${file.type}`;
  if (!crypto.subtle) return text.slice(-64); // plain http in a test network
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function sizeText(bytes) {
  const units = [[1 << 30, "GB"], [1 << 20, "MB"], [1024, "KB"]];
  const [unit, name] = units.find(([unit]) => bytes >= unit) ?? [1, "B"];
  return `${(bytes / unit).toFixed(unit > 1024 ? 1 : 0)} ${name}`;
}

class Box {
  constructor(root) {
    this.root = root;
    this.url = root.dataset.url;
    this.say = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), root.dataset[`say${name}`]);
    this.part = (name) => root.querySelector(`[data-upload-${name}]`);
    this.many = "many" in root.dataset;
    this.queue = [];
    this.part("input").addEventListener("change", (event) => { this.add(event.target.files); if (this.many) event.target.value = ""; });
    for (const name of ["dragover", "dragenter"]) root.addEventListener(name, (event) => { event.preventDefault(); root.classList.add("is-over"); });
    for (const name of ["dragleave", "drop"]) root.addEventListener(name, () => root.classList.remove("is-over"));
    root.addEventListener("drop", (event) => { event.preventDefault(); this.add(event.dataTransfer.files); });
    this.part("list")?.addEventListener("click", (event) => event.target.closest("[data-upload-remove]") && this.remove(event.target.closest("li")));
    this.part("pause").addEventListener("click", () => this.pause());
    this.part("resume").addEventListener("click", () => this.resume());
    this.part("cancel").addEventListener("click", () => this.cancel());
    root.closest("form")?.addEventListener("submit", (event) => this.guard(event), { capture: true });
    window.addEventListener("offline", () => this.sending && this.tell(this.say("Offline")));
    window.addEventListener("online", () => this.broken && !this.signedOut && this.resume());
    document.addEventListener("ax:signed-in", () => this.signedOut && this.resume());
    this.remind();
  }

  /** Say what was left unfinished, so that the person chooses the same file again. */
  async remind() {
    const open = await ask("GET", `${this.url}?purpose=${encodeURIComponent(this.root.dataset.purpose)}`).catch(() => []);
    const last = open?.[0];
    if (!last || this.upload) return;
    const percent = Math.floor((last.received * 100) / last.size);
    this.part("waiting").textContent = this.say("Waiting", { name: last.file_name, percent });
    this.part("waiting").hidden = false;
  }

  /** Take files one after another; a box for a single file goes on with the one it has. */
  add(files) {
    if (this.many) this.queue.push(...files);
    else if (files[0] && !this.sending) [this.queue, this.broken] = [[files[0]], false]; // another one instead of what broke off
    if (!this.sending && !this.broken) this.next();
  }

  /** A form that went off now would leave without the file. */
  guard(event) {
    if (!this.sending && !this.broken && !this.queue.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.tell(this.say("Unfinished"), "attention");
    this.root.scrollIntoView({ block: "center" });
  }

  next() {
    const file = this.queue.shift();
    if (file) this.take(file);
  }

  async take(file) {
    this.file = file;
    this.uppy?.destroy();
    this.uppy = this.upload = this.found = null;
    this.arrived = false;
    this.part("waiting").hidden = true;
    this.part("job").hidden = false;
    this.part("name").textContent = `${file.name} · ${sizeText(file.size)}`;
    if (!this.many) this.part("value").value = "";
    this.part("bar").value = 0;
    this.sending = true;
    this.tell(this.say("Finding"));
    try {
      const mark = await fingerprint(file, this.root.dataset.purpose);
      const body = { file_name: file.name, size: file.size, purpose: this.root.dataset.purpose, fingerprint: mark };
      this.upload = await ask("POST", this.url, body);
      if (this.upload.state !== "OPEN") return void (await this.check());
      this.uppy = await this.engine(file);
      this.began = { at: performance.now(), bytes: null };
      this.buttons("pause", "cancel");
      await this.uppy.upload();
    } catch (error) {
      this.stop(error);
    }
  }

  async engine(file) {
    const { Uppy, AwsS3 } = await import(new URL(this.root.dataset.library, location.href).href);
    const uppy = new Uppy({ autoProceed: false, allowMultipleUploadBatches: true });
    const at = (upload) => `${this.url}/${upload}`;
    uppy.use(AwsS3, {
      limit: PARALLEL,
      retryDelays: RETRY_MS,
      shouldUseMultipart: true,
      getChunkSize: () => this.upload.part_size,
      createMultipartUpload: async () => ({ uploadId: this.upload.uuid, key: this.upload.uuid }),
      listParts: async (_file, { uploadId }) => {
        const parts = await ask("GET", `${at(uploadId)}/parts`);
        const done = parts.reduce((sum, part) => sum + part.size, 0);
        if (done) this.tell(this.say("Resumed", { percent: Math.floor((done * 100) / file.size) }));
        return parts.map((part) => ({ PartNumber: part.number, Size: part.size, ETag: part.etag }));
      },
      signPart: async (_file, { uploadId, partNumber }) => {
        try {
          return await ask("POST", `${at(uploadId)}/parts/${partNumber}/sign`);
        } catch (error) {
          if (error instanceof Refused || error instanceof SignedOut) this.halt(error);
          throw error;
        }
      },
      completeMultipartUpload: async (_file, { uploadId }) => {
        await ask("POST", `${at(uploadId)}/complete`);
        return { location: uploadId };
      },
      abortMultipartUpload: async () => {}, // only the person's own word cancels: see `cancel`
    });
    uppy.on("upload-progress", (_file, progress) => this.progress(progress.bytesUploaded, file.size));
    uppy.on("upload-success", () => this.check());
    uppy.on("upload-error", (_file, error) => this.stop(error));
    const id = uppy.addFile({ name: file.name, type: file.type, data: file });
    // Known from the start, so that Uppy first asks what has arrived and never throws it away.
    uppy.setFileState(id, { s3Multipart: { uploadId: this.upload.uuid, key: this.upload.uuid } });
    return uppy;
  }

  progress(done, total) {
    this.part("bar").value = (done * 100) / total;
    this.began.bytes ??= done;
    const passed = (performance.now() - this.began.at) / 1000;
    const speed = (done - this.began.bytes) / passed;
    if (this.paused || !navigator.onLine || passed < 2 || speed <= 0 || performance.now() - (this.saidAt ?? 0) < 500) return;
    this.saidAt = performance.now();
    const left = (total - done) / speed;
    const time = left < 90 ? this.say("Seconds", { n: Math.ceil(left) }) : this.say("Minutes", { n: Math.ceil(left / 60) });
    this.tell(`${this.say("Sending")} ${Math.floor((done * 100) / total)}% · ${sizeText(speed)}/s · ${this.say("Left", { time })}`);
  }

  pause() {
    this.paused = true;
    this.uppy.pauseAll();
    this.tell(this.say("Paused"));
    this.buttons("resume", "cancel");
  }

  resume() {
    this.paused = this.broken = this.signedOut = false;
    this.sending = true;
    this.began = { at: performance.now(), bytes: null };
    this.tell(this.say("Sending"));
    if (this.found) return void this.done(this.found); // the file is there, only the page had not heard of it
    if (this.arrived) return void this.check();
    this.buttons("pause", "cancel");
    if (!this.uppy) this.take(this.file); // it broke before anything was sent
    else if (this.uppy.getFiles().some((one) => one.error)) this.uppy.retryAll().catch((error) => this.stop(error));
    else this.uppy.resumeAll();
  }

  async cancel() {
    this.uppy?.destroy();
    this.sending = this.paused = this.broken = this.signedOut = false;
    const upload = this.upload;
    this.upload = this.found = null;
    this.part("job").hidden = true;
    this.part("input").value = "";
    if (upload) await ask("DELETE", `${this.url}/${upload.uuid}`).catch(() => {});
    this.next();
  }

  /** An upload that stopped: a refusal is final, anything else can go on. */
  stop(error) {
    const is = (kind) => error instanceof kind || error?.cause instanceof kind;
    const refusal = is(Refused);
    this.sending = false;
    this.broken = !refusal;
    this.signedOut = is(SignedOut);
    this.tell(refusal ? error.message : this.say(this.signedOut ? "Signedout" : "Failed"), refusal ? "stop" : "attention");
    this.part("input").value = "";
    this.buttons(...(this.broken ? ["resume", "cancel"] : []));
    if (this.signedOut) document.dispatchEvent(new CustomEvent("ax:signed-out"));
    if (refusal) this.goOn(error.message);
  }

  /** Uppy asks for an address again and again, whatever the answer was: what the server has said holds. */
  halt(error) {
    this.uppy.pauseAll();
    if (this.sending) this.stop(error);
  }

  async check() {
    this.arrived = true;
    this.part("bar").removeAttribute("value");
    this.tell(this.say("Checking"));
    this.buttons();
    for (;;) {
      const found = await ask("GET", `${this.url}/${this.upload.uuid}`).catch((error) => error);
      if (found instanceof SignedOut) return this.stop(found);
      if (found.state === "READY") return this.done(found);
      if (found.state === "REFUSED") return this.refused(found);
      await wait(ASK_MS);
    }
  }

  refused(found) {
    this.part("bar").value = 0;
    this.sending = false;
    this.part("input").value = "";
    this.tell(found.error, "stop");
    this.goOn(found.error);
  }

  /** Of several files one was refused: it stays in the list with the reason, and the others go on. */
  goOn(why) {
    if (!this.many) return;
    this.part("job").hidden = true;
    this.row(this.file.name, why, "stop");
    this.next();
  }

  row(name, words, tone = "") {
    const row = this.part("row").content.firstElementChild.cloneNode(true);
    row.querySelector("span").textContent = name;
    row.querySelector("small").textContent = words;
    if (tone) row.querySelector("small").className = `ax-tone-${tone}`;
    row.querySelector("button span").textContent = ` ${name}`;
    this.part("list").append(row);
    this.part("list").hidden = false;
    return row;
  }

  remove(row) {
    row.remove();
    this.part("list").hidden = !this.part("list").children.length;
    this.part("input").focus();
  }

  async done(found) {
    this.part("bar").value = 100;
    this.buttons();
    this.found = found;
    this.sending = this.many; // until the page has it, so that the next one waits
    if (!this.many) this.part("value").value = found.uuid;
    this.tell(found.is_scanned ? this.say("Ready") : this.say("Unscanned"), "proven");
    this.root.dispatchEvent(new CustomEvent("ax:uploaded", { bubbles: true, detail: found }));
    const url = this.root.dataset.doneUrl;
    try {
      if (url) await this.handOver(url, found);
    } catch (error) {
      return this.stop(error); // no network or no session just then: "go on" says it again
    }
    this.found = null;
    if (!this.many) return;
    if (!url) {
      const value = Object.assign(document.createElement("input"), { type: "hidden", name: "upload", value: found.uuid });
      this.row(found.file_name, sizeText(found.size)).append(value);
    }
    this.part("job").hidden = true;
    this.sending = false;
    this.next();
  }

  /** Tell the page's own address what has arrived; what it refuses in words, the page shows. */
  async handOver(url, found) {
    let answer = null;
    const note = ({ detail }) => (answer = detail.xhr);
    this.root.addEventListener("htmx:beforeOnLoad", note, { once: true });
    await window.htmx.ajax("POST", url, { source: this.root, swap: "none", values: { upload: found.uuid } });
    this.root.removeEventListener("htmx:beforeOnLoad", note);
    if (answer?.status === 401) throw new SignedOut();
    if (!answer || answer.status >= 500) throw new Error("unheard"); // no answer: held back by `signed.js`, which says why
  }

  tell(text, tone = "") {
    const said = this.part("said");
    said.textContent = text;
    said.className = `ax-hint ax-tabular${tone ? ` ax-tone-${tone}` : ""}`;
  }

  buttons(...names) {
    for (const name of ["pause", "resume", "cancel"]) this.part(name).hidden = !names.includes(name);
  }
}

const boxes = new WeakSet();
function bind() {
  for (const root of document.querySelectorAll("[data-upload]")) {
    if (boxes.has(root)) continue;
    boxes.add(root);
    new Box(root);
  }
}
document.addEventListener("htmx:afterSettle", bind);
bind();
