// Native dialogs: opening, closing, asking before something happens, and menus that close themselves.

for (const button of document.querySelectorAll("[data-back]")) button.hidden = history.length < 2;

const confirmBox = document.getElementById("confirm");

/** Ask a question; `done(true|false)` is called once. `danger` colours the button. */
function ask({ question, more = "", yes = "", danger = false, done }) {
  const words = document.getElementById("words").dataset;
  confirmBox.querySelector("[data-confirm-question]").textContent = question;
  const detail = confirmBox.querySelector("[data-confirm-more]");
  detail.textContent = more;
  detail.hidden = !more;
  const button = confirmBox.querySelector("[data-confirm-ok]");
  button.textContent = yes || words.ok;
  button.classList.toggle("btn-danger", danger);
  button.classList.toggle("btn-primary", !danger);
  confirmBox.returnValue = "";
  confirmBox.addEventListener("close", () => done(confirmBox.returnValue === "yes"), { once: true });
  confirmBox.showModal();
}

function askFor(element, done) {
  const { confirm, confirmMore, confirmYes } = element.dataset;
  const danger = element.matches(".btn-outline-danger, .btn-danger, [data-danger]");
  ask({ question: confirm, more: confirmMore, yes: confirmYes, danger, done });
}

/** The element that carries the question: the pressed button first, then the form or link itself. */
function asker(element, submitter) {
  return [submitter, element].find((candidate) => candidate?.dataset?.confirm);
}

const usesHtmx = (element) => element.matches("[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete]");

document.addEventListener("htmx:confirm", (event) => {
  const { elt, triggeringEvent, issueRequest } = event.detail;
  const who = asker(elt, triggeringEvent?.submitter);
  if (!who) return;
  event.preventDefault();
  askFor(who, (agreed) => agreed && issueRequest(true));
});

const agreed = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  const who = asker(form, event.submitter);
  if (!who || usesHtmx(form) || (event.submitter && usesHtmx(event.submitter)) || agreed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  askFor(who, (yes) => {
    if (!yes) return;
    agreed.add(form);
    form.requestSubmit(event.submitter);
  });
}, true);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-confirm]");
  if (link && !usesHtmx(link)) {
    event.preventDefault();
    askFor(link, (yes) => yes && location.assign(link.href));
    return;
  }
  if (event.target.closest("[data-back]")) history.back(); // the browser still has what was typed there
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal();
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target.matches?.("dialog.ax-sheet")) event.target.close(); // a press on the backdrop
  for (const menu of document.querySelectorAll("details.ax-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.ax-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("ax:ask", (event) => ask(event.detail));
document.addEventListener("closeDialog", (event) => {
  // HX-Trigger: {"closeDialog": "id"} arrives as {value: "id"}
  const id = event.detail?.value ?? event.detail;
  document.getElementById(id)?.close();
});
