// Keeps two things and no more: static files that carry a hash in their name, and the page for times without a network.
// Pages, answers of the API, beats, keys and films hold personal data or earn time: they pass by and are never kept.

const CACHE = "anxue-{{ version }}";
const OFFLINE = "{{ offline }}";
const SHELL = {{ shell|safe }};
const STATIC = {{ static|safe }};
const HASHED = /\.[0-9a-f]{12}\.[a-z0-9]+$/;

async function fill() {
  const cache = await caches.open(CACHE);
  const page = await fetch(OFFLINE, { credentials: "omit", cache: "no-cache" });
  if (!page.ok || page.redirected) throw new Error("no offline page");
  await cache.put(OFFLINE, page);
  await Promise.allSettled(
    SHELL.map(async (url) => {
      const reply = await fetch(url, { credentials: "omit" });
      if (reply.ok) await cache.put(url, reply);
    }),
  );
}

self.addEventListener("install", (event) => {
  try {
    // Where the browser knows such rules, beats and keys do not even wake the worker.
    event.addRoutes?.({ condition: { urlPattern: new URLPattern({ pathname: "/api/*" }) }, source: "network" });
  } catch {
    // an older shape of the rule: `fetch` below passes the same requests by
  }
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))),
  );
});

async function kept(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request.url);
  if (found) return found;
  const reply = await fetch(request);
  if (reply.status === 200 && reply.type === "basic") await cache.put(request.url, reply.clone());
  return reply;
}

async function shown(request) {
  try {
    return await fetch(request);
  } catch (lost) {
    const page = await (await caches.open(CACHE)).match(OFFLINE);
    if (page) return page;
    throw lost;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(shown(request));
  else if (url.pathname.startsWith(STATIC) && (HASHED.test(url.pathname) || SHELL.includes(url.pathname))) {
    event.respondWith(kept(request));
  }
});
