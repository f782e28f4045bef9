// The tab in Teams: asks Teams' client who opened it, shows that to our own page, and goes on where it says.
// Outside Teams nothing happens, and the page says where it belongs. Needs teams.min.js (@microsoft/teams-js).
"use strict";
(function () {
  const tab = document.getElementById("tab");
  const PATIENCE_MS = 15000;

  function say(what) {
    for (const one of tab.querySelectorAll("[data-says]")) {
      one.hidden = one.dataset.says !== what;
    }
    tab.querySelector("[data-way]").hidden = what === "waiting";
  }

  function inTime(promise) {
    return new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error("late")), PATIENCE_MS);
      promise.then(resolve, reject);
    });
  }

  async function signIn() {
    const teams = window.microsoftTeams;
    await inTime(teams.app.initialize());
    let token;
    try {
      token = await inTime(teams.authentication.getAuthToken());
    } catch (error) {
      return say(String(error && error.message).toLowerCase().includes("consent") ? "consent" : "failed");
    }
    const answer = await fetch(tab.dataset.door, { method: "POST", headers: { Authorization: `Bearer ${token}` } });
    if (!answer.ok) {
      return say(answer.status === 401 || answer.status === 403 ? "refused" : "failed");
    }
    window.location.replace((await answer.json()).next);
  }

  if (window.parent !== window && window.microsoftTeams) {
    say("waiting");
    signIn().catch(() => say("failed"));
  }
})();
