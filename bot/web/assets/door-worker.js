// Lets a phone show the list at the door again while the net is gone. It keeps the last page of each list that was opened,
// and the files that the page needs; what is said goes to the net alone (door.js keeps it until then).
const KEPT = "door-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const asked = event.request, url = new URL(asked.url);
  if (asked.method !== "GET" || url.origin !== location.origin) return;
  event.respondWith(
    fetch(asked)
      .then(async (answer) => {
        const kept = await caches.open(KEPT);
        if (answer.ok && !answer.redirected) await kept.put(asked, answer.clone());
        else if (url.pathname.startsWith("/d/") && [404, 410].includes(answer.status)) await kept.delete(asked, { ignoreSearch: true });
        return answer;
      })
      .catch(async () => (await caches.match(asked, { ignoreSearch: true })) || Response.error()),
  );
});
