// Passkeys: begin (the server's options), ask the authenticator, end (its answer). Binary values travel as base64url.

const csrf = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

const bytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const text = (buffer) => {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

class Refused extends Error {}

async function send(url, body, name) {
  const headers = { "X-CSRFToken": csrf(), Accept: "application/json", "Content-Type": "application/json" };
  if (name) headers["X-Passkey-Name"] = encodeURIComponent(name);
  const reply = await fetch(url, { method: "POST", headers, body: body ?? "{}", credentials: "same-origin" });
  const said = await reply.json().catch(() => null);
  if (reply.ok && said) return said;
  throw said?.message ? new Refused(said.message) : new Error(String(reply.status));
}

const listed = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

async function made(options) {
  const user = { ...options.user, id: bytes(options.user.id) };
  const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: listed(options.excludeCredentials) };
  const key = await navigator.credentials.create({ publicKey });
  const response = { clientDataJSON: text(key.response.clientDataJSON), attestationObject: text(key.response.attestationObject) };
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
}

async function used(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
  const key = await navigator.credentials.get({ publicKey });
  const response = {
    clientDataJSON: text(key.response.clientDataJSON),
    authenticatorData: text(key.response.authenticatorData),
    signature: text(key.response.signature),
    userHandle: key.response.userHandle ? text(key.response.userHandle) : null,
  };
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
}

for (const box of document.querySelectorAll("[data-passkey]")) {
  const button = box.querySelector("[data-passkey-go]");
  const says = box.querySelector("[data-passkey-says]");
  const say = (words) => {
    says.textContent = words;
    says.hidden = !words;
  };
  const go = async (event) => {
    event.preventDefault();
    if (!window.PublicKeyCredential) return say(box.dataset.sayNone);
    button.disabled = true;
    say("");
    try {
      const options = await send(box.dataset.begin);
      const answer = box.dataset.passkey === "add" ? await made(options) : await used(options);
      const name = box.querySelector("[name=name]")?.value ?? "";
      const done = await send(box.dataset.end, answer, name);
      location.assign(done.next);
    } catch (error) {
      say(error instanceof Refused ? error.message : error instanceof DOMException ? box.dataset.sayStopped : box.dataset.sayLost);
      button.disabled = false;
    }
  };
  (box.tagName === "FORM" ? box : button).addEventListener(box.tagName === "FORM" ? "submit" : "click", go);
}
