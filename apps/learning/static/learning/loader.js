// Brings a film's playlist, keys and segments to its element, by hls.js where that works, by the browser's own player elsewhere.
// A line that breaks never ends the film: loading begins again, and what is buffered plays on meanwhile.

const LONGEST_WAIT_MS = 8000;
const MOST_REFUSALS = 4;
const PACE_MS = 400;
const LATER = [425, 429, 503]; // "not yet": ask again

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Attach `playlist` to `video` and resolve to a line when the first picture is there.
 *
 * `mayLoad(ms)` says whether media that starts at `ms` may be asked for yet: keys are handed out at the pace of the clock, so a
 * key is asked for when it is due rather than refused. `onLevels(heights)` gets the ladder's pixel heights in the order of
 * `line.choose(index)`, -1 being automatic; `wanted()` the remembered one. `onFault()` is called where nothing helps any more.
 * Rejects with `Error("unsupported")`, or with a fault before the first picture.
 */
export function attach(video, playlist, startMs, told) {
  if (window.Hls?.isSupported()) return byHls(video, playlist, startMs, told);
  if (video.canPlayType("application/vnd.apple.mpegurl")) return byBrowser(video, playlist, startMs, told);
  return Promise.reject(new Error("unsupported"));
}

const retry = (most, ms, more = {}) => ({ maxNumRetry: most, retryDelayMs: ms, maxRetryDelayMs: LONGEST_WAIT_MS, ...more });

function keyPolicy() {
  const isLater = (_policy, _tries, _isTimeout, response, again) => again || LATER.includes(response?.code);
  const errorRetry = retry(8, 2000, { backoff: "linear", shouldRetry: isLater });
  return { default: { maxTimeToFirstByteMs: 8000, maxLoadTimeMs: 20_000, timeoutRetry: retry(4, 1000), errorRetry } };
}

function byHls(video, playlist, startMs, { mayLoad, onLevels, wanted, onFault }) {
  const { Events, ErrorTypes } = window.Hls;
  const hls = new window.Hls({
    startPosition: startMs / 1000,
    maxBufferLength: 40,
    maxMaxBufferLength: 60,
    backBufferLength: 60,
    capLevelToPlayerSize: true,
    keyLoadPolicy: keyPolicy(),
    async xhrSetup(_xhr, _url, context) {
      if (context?.type !== "key") return;
      while (!mayLoad(Math.round(context.frag.start * 1000)) && !this.stats.aborted) await wait(PACE_MS);
    },
  });
  return new Promise((ready, failed) => {
    let isReady = false;
    let tries = 0;
    let refusals = 0;
    let broken = 0;
    const giveUp = (fault) => (isReady ? onFault(fault) : failed(new Error(fault.details)));
    const again = () => (hls.levels?.length ? hls.startLoad() : hls.loadSource(playlist));

    hls.on(Events.ERROR, (_event, fault) => {
      if (!fault.fatal) return;
      const status = fault.response?.code ?? 0;
      if (fault.type === ErrorTypes.MEDIA_ERROR) {
        broken += 1;
        if (broken > MOST_REFUSALS) giveUp(fault);
        else hls.recoverMediaError();
        return;
      }
      if (fault.type !== ErrorTypes.NETWORK_ERROR) return giveUp(fault);
      refusals = status >= 400 && status < 500 && !LATER.includes(status) ? refusals + 1 : 0;
      tries += 1;
      if (refusals >= MOST_REFUSALS || (!isReady && tries > MOST_REFUSALS)) giveUp(fault);
      else setTimeout(again, Math.min(1500 * tries, LONGEST_WAIT_MS));
    });
    hls.on(Events.FRAG_BUFFERED, () => {
      tries = 0;
      refusals = 0;
    });
    hls.on(Events.MANIFEST_PARSED, (_event, { levels }) => {
      const heights = levels.map((level) => Math.min(level.width || level.height, level.height));
      onLevels(heights);
      const first = wanted(heights);
      if (first >= 0) hls.loadLevel = first;
    });
    const online = () => isReady && hls.startLoad();
    window.addEventListener("online", online);
    video.addEventListener("loadeddata", () => {
      isReady = true;
      ready({
        choose: (index) => (hls.nextLevel = index),
        release() {
          window.removeEventListener("online", online);
          hls.destroy();
        },
      });
    }, { once: true });
    hls.loadSource(playlist);
    hls.attachMedia(video);
  });
}

// The system's player chooses the quality itself. It gives a film up where a key is not due yet or the line breaks; then it is
// loaded again from where it stood.
function byBrowser(video, playlist, startMs, { onLevels, onFault }) {
  onLevels([]);
  return new Promise((ready, failed) => {
    let isReady = false;
    let isOver = false;
    let tries = 0;
    let atMs = startMs;
    let wasPlaying = false;
    const load = () => {
      video.src = playlist;
      video.load();
    };
    const loaded = () => {
      video.currentTime = atMs / 1000;
      if (wasPlaying) video.play().catch(() => {});
      if (isReady) return;
      isReady = true;
      ready({ choose() {}, release });
    };
    const moved = () => {
      if (video.readyState < 2) return;
      atMs = video.currentTime * 1000;
      wasPlaying = !video.paused;
      tries = 0;
    };
    const fault = () => {
      if (isOver) return;
      tries += 1;
      if (tries > MOST_REFUSALS && navigator.onLine) (isReady ? onFault : failed)(new Error("media"));
      else setTimeout(() => !isOver && load(), Math.min(1500 * tries, LONGEST_WAIT_MS));
    };
    const events = { loadedmetadata: loaded, timeupdate: moved, pause: moved, error: fault };
    function release() {
      isOver = true;
      for (const name in events) video.removeEventListener(name, events[name]);
      video.removeAttribute("src");
    }
    for (const name in events) video.addEventListener(name, events[name]);
    load();
  });
}
