// Who sits there: the camera guides through poses, or a code by text message, of equal worth. The server decides; if it cannot, the exam
// goes on and the log says so.

const base64 = (blob) =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1]);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });

/** Bind the dialog. `open()` resolves with the server's words once the exam may go on. */
export function identityCheck(dialog, call) {
  const part = (name) => dialog.querySelector(`[data-check-${name}]`);
  const words = dialog.dataset;
  let finish = null;

  const tell = (text, tone = "") => {
    part("news").textContent = text ?? "";
    part("news").className = tone ? `ax-tone-${tone}` : "";
  };
  const show = (name) => ["face", "code"].forEach((one) => { part(one).hidden = one !== name; });
  const busy = (is) => dialog.querySelectorAll("button").forEach((button) => { button.disabled = is; });

  async function open() {
    if (finish) return null;
    const done = new Promise((resolve) => { finish = resolve; });
    dialog.showModal();
    begin();
    return done;
  }

  async function begin() {
    try {
      const { ok, status, body } = await call("check");
      if (status >= 500) throw new Error(String(status));
      if (!ok || body.method === "") end(ok ? "" : body.message);
      else if (body.method === "face") await byFace(body);
      else askCode();
    } catch {
      tell(words.again, "attention");
      setTimeout(() => finish && begin(), 2000);
    }
  }

  async function byFace({ actions, challenge }) {
    show("face");
    tell(words.face);
    part("again").hidden = true;
    try {
      const { capture } = await import(words.camera);
      const frames = await capture(part("camera"), { actions, frames: 12, words });
      if (!finish || part("face").hidden) return;
      tell(words.busy);
      judged(await call("check/face", { challenge, frames: await Promise.all(frames.map(base64)) }));
    } catch (error) {
      tell((error.code && error.message) || words.noCamera, "attention");
      part("again").hidden = false;
    }
  }

  function askCode(text = "") {
    show("code");
    tell(text);
    part("send").focus();
  }

  function judged({ ok, body }) {
    if (ok && ["passed", "pending"].includes(body.outcome)) return end(body.message);
    if (part("code").hidden && body.code === "face_rests") return askCode(body.message);
    tell(body.message ?? words.again, "attention");
    part("again").hidden = false;
    return undefined;
  }

  async function withCode(code) {
    busy(true);
    try {
      const reply = await call("check/code", { code });
      if (reply.ok && reply.body.mobile) tell(words.sent.replace("{mobile}", reply.body.mobile));
      else judged(reply);
      if (!code) part("digits").focus();
    } catch {
      tell(words.again, "attention");
    }
    busy(false);
  }

  function end(message) {
    part("camera").replaceChildren();
    const done = finish;
    finish = null;
    dialog.close();
    done?.(message ?? "");
  }

  part("again").addEventListener("click", begin);
  part("instead").addEventListener("click", () => {
    part("camera").replaceChildren();
    askCode();
  });
  part("send").addEventListener("click", () => withCode(""));
  part("code").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = part("digits").value.normalize("NFKC").replace(/\D/g, "");
    if (code.length === 6) withCode(code);
    else tell(words.codeFirst, "attention");
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => finish && dialog.showModal());
  return {
    open,
    get isOpen() {
      return finish !== null;
    },
  };
}
