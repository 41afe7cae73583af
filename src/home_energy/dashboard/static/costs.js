// Brings the page of now up to date while somebody looks at it.
"use strict";

(() => {
  const everyMs = Number(document.querySelector(".sheet").dataset.pollMs);

  async function update() {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const text = await answer.text();
      const fresh = new DOMParser().parseFromString(text, "text/html");
      document.querySelector(".sheet").replaceWith(fresh.querySelector(".sheet"));
    } catch {
      document.querySelector(".sheet").classList.add("is-offline");
      document.querySelector(".offline")?.removeAttribute("hidden");
    }
  }

  setInterval(update, everyMs);
})();
