// The list at the door when the net is gone: a press shows at once, is kept by the phone, and is sent when it can be.
// Without this script every press is a form of its own. What is sent twice under one key is one word to the server.
(() => {
  "use strict";
  const door = document.getElementById("door");
  if (!door) return;
  const address = door.dataset.address.split("?")[0];
  const query = door.dataset.address.includes("?") ? "?" + door.dataset.address.split("?")[1] : "";
  const store = "door " + door.dataset.address;
  const net = document.getElementById("door-net");
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16).padStart(2, "0")).join("");
  const load = () => { try { return JSON.parse(localStorage.getItem(store) || "[]"); } catch { return []; } };
  const save = (words) => { try { localStorage.setItem(store, JSON.stringify(words)); } catch { /* a full phone keeps what is on the screen */ } };
  let waiting = load();
  let sending = false;
  let refused = false;

  const tell = () => {
    net.hidden = waiting.length === 0 && !refused;
    net.textContent = refused ? net.dataset.refused : net.dataset.waiting.replace("#", waiting.length);
  };

  const mark = (line, came) => {
    line.dataset.came = came === true ? "yes" : came === false ? "no" : "";
    const said = line.querySelector(".door-said");
    said.textContent = came === true ? said.dataset.yes : came === false ? said.dataset.no : "";
    for (const button of line.querySelectorAll("button[aria-pressed]")) {
      const is = (button.value === "came" && came === true) || (button.value === "absent" && came === false);
      button.setAttribute("aria-pressed", is ? "true" : "false");
      button.classList.toggle("button-primary", is);
      button.classList.toggle("button-secondary", !is);
    }
  };

  const count = () => {
    document.getElementById("door-came").textContent = door.querySelectorAll('li[data-came="yes"]').length;
  };

  const lineOf = (who) => [...door.querySelectorAll("li[data-who]")].find((one) => one.dataset.who === who);

  const show = (word) => {
    // Who walked in, and the list itself, have no line.
    const line = word.who ? lineOf(word.who) : null;
    if (line) mark(line, word.said === "came" ? true : word.said === "absent" ? false : null);
    line?.querySelector(".door-teams")?.remove();
    count();
  };

  const follow = (state) => {
    const list = door.querySelector(".door-list");
    const known = new Set([...list.querySelectorAll("li[data-who]")].map((one) => one.dataset.who));
    if (Object.keys(state.lines).some((who) => !known.has(who)) || (state.closed ? "yes" : "") !== door.dataset.closed) {
      if (waiting.length === 0 && !document.activeElement?.matches("input")) location.reload();
    }
    for (const [who, came] of Object.entries(state.lines)) {
      const line = lineOf(who);
      if (line && !waiting.some((word) => word.who === who)) mark(line, came);
    }
    document.getElementById("door-expected").textContent = state.expected;
    count();
  };

  const send = async () => {
    if (sending) return;
    sending = true;
    const batch = waiting.slice(0, 200);
    let arrived = false;
    try {
      const answer = await fetch(address + "/words" + query, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ proof: door.dataset.proof, words: batch }),
      });
      if (answer.ok) {
        const keys = new Set(batch.map((word) => word.key));
        waiting = waiting.filter((word) => !keys.has(word.key));
        save(waiting);
        refused = false;
        arrived = true;
        follow(await answer.json());
      } else if (answer.status === 410) {
        location.reload();
      } else if (answer.status < 500 && answer.status !== 429) {
        refused = waiting.length > 0;
      }
    } catch { /* no net: it is sent again */ }
    sending = false;
    tell();
    // What was pressed meanwhile.
    if (arrived && waiting.length) send();
  };

  door.addEventListener("submit", (event) => {
    const form = event.target, said = event.submitter?.value || form.elements.said?.value;
    if (!said || !["came", "absent", "undo", "closed", "reopened"].includes(said)) return;
    event.preventDefault();
    const name = form.elements.name ? form.elements.name.value.trim() : "";
    if (form.elements.name && !name) return;
    const word = { key: fresh(), said, who: form.elements.who ? form.elements.who.value : "", name, at: new Date().toISOString() };
    if (form.elements.name) form.elements.name.value = "";
    waiting.push(word);
    save(waiting);
    show(word);
    tell();
    send();
  });

  const search = door.querySelector(".door-search");
  search.hidden = false;
  search.querySelector("input").addEventListener("input", (event) => {
    const words = event.target.value.toLocaleLowerCase("da").split(/\s+/).filter(Boolean);
    for (const line of door.querySelectorAll("li[data-who]")) {
      const name = line.querySelector(".door-name").textContent.toLocaleLowerCase("da");
      line.hidden = !words.every((word) => name.includes(word));
    }
  });

  for (const word of waiting) show(word);
  tell();
  addEventListener("online", send);
  setInterval(send, 10000);
  if (waiting.length) send();
  if (address.startsWith("/d/") && "serviceWorker" in navigator) navigator.serviceWorker.register("/d/worker.js").catch(() => {});
})();
