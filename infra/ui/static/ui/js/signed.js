// A session that ends while somebody works takes nothing away: the page stays, a dialog signs in over it, the forms go on.

const mark = document.querySelector("meta[name=ax-session]");
const box = document.getElementById("signed-out");
const words = document.getElementById("words")?.dataset ?? {};
const SURE_MS = 60_000;
const isStrangers = !document.querySelector("meta[name=ax-session], meta[name=ax-signed-in]");
let seenAt = Date.now();
const sure = new WeakSet();
let isPutOff = false; // a page that asks by itself does not ask for the person again and again

const toast = (text, tone) => document.dispatchEvent(new CustomEvent("ax:toast", { detail: { text, tone } }));
const usesHtmx = (element) => element?.matches("[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete]");

const cookie = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
let known = cookie(); // the token of whom this page is for

/**
 * Signing in, here or in another tab, changes the token; a page that was open before takes the new one from the cookie.
 * Only after it has asked whose session that is: else the token would no longer keep one person's page from acting for another.
 */
function freshen() {
  const token = cookie();
  if (!token || token === known) return;
  known = token;
  const meta = document.querySelector("meta[name=csrf-token]");
  if (meta) meta.content = token;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
}

/** Who is signed in now: "same", "nobody", "other"; "unsure" where the network does not say. */
async function who() {
  try {
    const answer = await fetch(mark.content, { cache: "no-store", signal: AbortSignal.timeout(8000) });
    if (answer.status === 401) return "nobody";
    if (!answer.ok) return "unsure";
    if ((await answer.text()) !== mark.dataset.who) return "other";
  } catch {
    return "unsure"; // sending will say what is wrong
  }
  seenAt = Date.now();
  return "same";
}

/** Ask who is there to sign in, over the page. */
function askToSignIn() {
  if (box.open) return;
  box.returnValue = "";
  box.querySelector("[data-sign-in-here]").replaceChildren();
  box.showModal();
  window.htmx.ajax("GET", mark.dataset.signIn, { target: "#signed-out [data-sign-in-here]", select: "#sign-in" });
}

/** The page below may have fields of the same names: labels and errors of these must not point at those. */
function rename() {
  for (const name of ["id", "for", "aria-describedby", "href"]) {
    for (const one of box.querySelectorAll(`[${name}*="id_"]`)) {
      one.setAttribute(name, one.getAttribute(name).replace(/(^|\s|#)id_/g, "$1here_id_"));
    }
  }
}

/** Whose page this is, is here again: what waited for that (an upload) goes on by itself. */
function goOn() {
  freshen();
  document.dispatchEvent(new CustomEvent("ax:signed-in"));
}

async function back(leadsTo) {
  const now = await who();
  if (now === "other" || now === "nobody") return location.assign(leadsTo); // the page is somebody else's
  box.close("signed-in");
  if (now === "same") goOn();
  toast(words.signedback, "proven");
}

/** A request was refused because nobody is signed in, or because somebody has signed in in another tab since. */
async function isOver(isPoll) {
  if (isPoll && isPutOff) return;
  const now = cookie() === known ? "nobody" : await who();
  if (now === "same") return goOn();
  if (now === "other") return toast(words.signedother, "stop");
  askToSignIn();
}

if (mark && box) {
  document.addEventListener("ax:signed-out", ({ detail }) => isOver(detail?.isPoll));
  box.addEventListener("close", () => (isPutOff = box.returnValue !== "signed-in"));

  box.addEventListener("htmx:beforeOnLoad", (event) => {
    const leadsTo = event.detail.xhr.getResponseHeader("HX-Redirect");
    if (!leadsTo) return;
    event.preventDefault();
    back(leadsTo);
  });

  box.addEventListener("htmx:load", rename);

  // Signed in again in another tab.
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState === "visible" && box.open && (await who()) === "same") back("/");
  });
}

if (mark) {
  // Before the other listeners: a form that would only lead to the sign-in page, or act for somebody else, is not sent.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("method")?.toLowerCase() !== "post" || usesHtmx(form) || usesHtmx(event.submitter)) return;
    if (sure.delete(form) || box?.contains(form) || (cookie() === known && Date.now() - seenAt < SURE_MS)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const now = await who();
    if (now === "nobody" && box) return askToSignIn();
    if (now === "other") return toast(words.signedother, "stop");
    if (now === "same") freshen();
    sure.add(form);
    form.requestSubmit(event.submitter);
  }, true);
}

/** A tab that is looked at again: somebody may have signed in in another one. */
async function look() {
  if (cookie() === known) return;
  if (isStrangers || (mark && (await who()) === "same")) freshen();
}

/** A part of the page cannot wait for the answer: it is not sent, and the person is told whether to press again. */
async function hold() {
  const now = await who();
  if (now === "same") freshen();
  if (now === "nobody" && box) return askToSignIn();
  toast({ same: words.signedback, other: words.signedother }[now] ?? words.offline, now === "same" ? "proven" : "stop");
}

document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
document.addEventListener("submit", () => isStrangers && freshen(), true);
document.addEventListener("htmx:configRequest", (event) => { // before the listener that reads the token
  if (isStrangers) return freshen();
  if (!mark || event.detail.verb === "get" || box?.contains(event.target) || cookie() === known) return;
  event.preventDefault();
  hold();
}, true);
