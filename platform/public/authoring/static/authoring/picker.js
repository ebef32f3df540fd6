// Choosing questions of the bank in a dialog: search, topic, add. What is chosen belongs to whoever opened it.

const WAIT_MS = 250;

/** Bind the dialog. `open(chosen, most, done)` shows it; `done(chosen)` is called after every change. */
export function picker(dialog) {
  const part = (name) => dialog.querySelector(`[data-pick-${name}]`);
  const words = document.getElementById("pick-words-of").dataset;
  let chosen = [];
  let most = 50;
  let done = () => {};
  let timer = 0;
  let asked = 0;

  const has = (one) => chosen.some((other) => other.question === one.question);

  function line(one) {
    const label = document.createElement("label");
    label.className = "aq-hit";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.className = "form-check-input";
    box.checked = has(one);
    box.disabled = !box.checked && chosen.length >= most;
    box.addEventListener("change", () => {
      chosen = box.checked ? [...chosen, one] : chosen.filter((other) => other.question !== one.question);
      count();
      done(chosen);
    });
    const text = document.createElement("span");
    const small = document.createElement("small");
    small.className = "ax-muted";
    small.textContent = `${one.code} · ${one.kind} · ${one.topic}`;
    text.append(one.stem, document.createElement("br"), small);
    label.append(box, text);
    return label;
  }

  function count() {
    part("count").textContent = words.count.replace("{n}", chosen.length).replace("{most}", most);
    for (const box of part("list").querySelectorAll("input")) box.disabled = !box.checked && chosen.length >= most;
  }

  async function search() {
    asked += 1;
    const mine = asked;
    const query = new URLSearchParams({ q: part("words").value, topic: part("topic").value, ...(words.points ? { points: "1" } : {}) });
    try {
      const response = await fetch(`${words.url}?${query}`, { headers: { "HX-Request": "true" } });
      if (!response.ok) throw new Error();
      const found = await response.json();
      if (mine !== asked) return;
      part("list").replaceChildren(...found.questions.map(line));
      part("news").textContent = found.questions.length ? (found.more ? words.more : "") : words.none;
      count();
    } catch {
      part("news").textContent = words.failed;
    }
  }

  part("words").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, WAIT_MS);
  });
  part("words").addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  part("topic").addEventListener("change", search);

  return {
    open(now, limit, told) {
      [chosen, most, done] = [now, limit, told];
      dialog.showModal();
      search();
    },
  };
}

/** One chosen question as a line with its button to take it out. */
export function chosenLine(one, words, remove) {
  const item = document.createElement("li");
  item.className = "ax-list-item";
  const main = document.createElement("span");
  main.className = "ax-list-main";
  const small = document.createElement("small");
  small.textContent = `${one.code} V${one.version} · ${one.kind}${one.answer ? ` · ${words.answer.replace("{answer}", one.answer)}` : ""}`;
  main.append(one.stem, small);
  item.append(main);
  if (remove) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn ax-btn-ghost btn-sm";
    button.setAttribute("aria-label", words.remove.replace("{code}", one.code));
    button.innerHTML = '<i class="ti ti-x" aria-hidden="true"></i>';
    button.addEventListener("click", remove);
    item.append(button);
  }
  return item;
}
