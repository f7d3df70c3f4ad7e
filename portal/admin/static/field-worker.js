// Keeps one page, "Catat di lapangan", and the files that it names, so that it opens without a line. No other page is
// looked at, and nothing about anybody is kept here: what is typed stays in the page's own store until it is sent.

const CACHE = "lapangan", PAGE = "/lapangan", PATIENCE = 4000;

async function keep(answer) {
  if (!answer?.ok || answer.redirected || !answer.headers.get("content-type")?.startsWith("text/html")) return;
  const html = await answer.clone().text();
  const files = [...new Set([...html.matchAll(/(?:src|href)="(\/static\/[^"]+|\/lapangan\/manifest\.json)"/g)].map((found) => found[1]))];
  const cache = await caches.open(CACHE);
  for (const file of files) if (!(await cache.match(file))) await cache.add(file);
  await cache.put(PAGE, answer);
  for (const { url } of await cache.keys()) {
    const path = new URL(url).pathname;
    if (path !== PAGE && !files.includes(path)) await cache.delete(url);
  }
}

async function page(event) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(event.request, { signal: stop.signal });
    event.waitUntil(keep(answer.clone()).catch(() => {}));
    return answer;
  } catch (error) {
    const kept = await caches.match(PAGE);
    if (kept) return kept;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

self.addEventListener("install", (event) => event.waitUntil(fetch(PAGE).then(keep).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate") {
    if (pathname === PAGE) event.respondWith(page(event));
  } else if (pathname.startsWith("/static/") || pathname === "/lapangan/manifest.json") {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  }
});
