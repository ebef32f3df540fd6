// The review: a film per lesson, pins that jump to their second, the place of a finding filled in from the film.

const lessons = new Map();
let last = null;

function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  return (hours ? `${hours}:` : "") + `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** Load the film once; resolves when it can be moved. */
function load(lesson) {
  lesson.loading ??= new Promise((ready) => {
    const { video, playlist } = lesson;
    video.addEventListener("loadedmetadata", () => ready(), { once: true });
    if (window.Hls?.isSupported()) {
      const hls = new window.Hls();
      hls.loadSource(playlist);
      hls.attachMedia(video);
    } else {
      video.src = playlist;
    }
  });
  return lesson.loading;
}

async function jump(no, second) {
  const lesson = lessons.get(no);
  if (!lesson) return;
  lesson.box.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  if (!lesson.playlist) return;
  await load(lesson);
  lesson.video.currentTime = second;
  lesson.video.play().catch(() => {}); // the browser may want a tap first
}

for (const box of document.querySelectorAll("[data-lesson]")) {
  const video = box.querySelector("video");
  const lesson = { box, video, playlist: video?.dataset.playlist ?? "" };
  lessons.set(box.dataset.lesson, lesson);
  if (!video) continue;
  const now = box.querySelector("[data-now]");
  video.addEventListener("play", () => load(lesson), { once: true });
  box.querySelector("[data-load]")?.addEventListener("click", (event) => {
    event.currentTarget.hidden = true;
    video.hidden = false;
    load(lesson).then(() => video.play().catch(() => {}));
  });
  video.addEventListener("timeupdate", () => {
    last = box.dataset.lesson;
    if (now && video.duration) now.setAttribute("x2", String((video.currentTime / video.duration) * 1000));
  });
}

document.addEventListener("click", (event) => {
  const to = event.target.closest("[data-jump]");
  if (!to) return;
  event.preventDefault();
  const { video } = lessons.get(to.dataset.jump) ?? {};
  if (video?.hidden) {
    video.hidden = false;
    lessons.get(to.dataset.jump).box.querySelector("[data-load]")?.setAttribute("hidden", "");
  }
  jump(to.dataset.jump, Number(to.dataset.second));
});

/* ---- the form of a finding: only the fields of its place; time and lesson from the film that runs ---- */

const form = document.querySelector("[data-finding-form]");
if (form) {
  const place = form.querySelector('[name="place"]');
  const shows = { SECOND: ["lesson", "at"], PAGE: ["lesson", "page"], QUESTION: ["question"], WHOLE: [] };
  const arrange = () => {
    for (const name of ["lesson", "at", "page", "question"]) {
      form.querySelector(`[data-for="${name}"]`).hidden = !shows[place.value].includes(name);
    }
  };
  place.addEventListener("change", arrange);
  form.querySelector("[data-from-film]")?.addEventListener("click", () => {
    const no = last ?? lessons.keys().next().value;
    const film = lessons.get(no)?.video;
    if (!film) return;
    place.value = "SECOND";
    form.querySelector('[name="lesson"]').value = no;
    form.querySelector('[name="at"]').value = clock(film.currentTime);
    arrange();
    form.querySelector('[name="text"]').focus();
  });
  arrange();
}
