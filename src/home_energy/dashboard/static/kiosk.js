// On the fridge: the page tells that it is alive, wakes at a touch, and never leaves
// for one that Chromium would have to make up.
"use strict";

(() => {
  const BEAT_MS = 5000;
  const ANSWER_MS = 2000;
  const AWAKE_MS = 60000;
  const TELL_EVERY_MS = 1000;
  const CORNER = { taps: 5, withinMs: 3000, share: 0.2 };
  const NO_CONTACT = "No contact: the program is being started again";

  const root = document.documentElement;
  const { heartbeat, touched, device, screen } = document.body.dataset;

  async function post(address, withinMs) {
    try {
      const answer = await fetch(address, {
        method: "POST",
        keepalive: true,
        signal: AbortSignal.timeout(withinMs),
      });
      return answer.ok;
    } catch {
      return false;
    }
  }

  // ---- alive: the first page tells so by itself, when it has shown what is so ----
  async function beat() {
    showContact(await post(heartbeat, BEAT_MS));
  }

  function showContact(isThere) {
    const words = document.querySelector(".no-contact");
    if (isThere) {
      words?.remove();
    } else if (words === null) {
      const lost = document.createElement("p");
      lost.className = "no-contact";
      lost.textContent = NO_CONTACT;
      document.body.append(lost);
    }
  }

  if (screen === undefined) {
    setInterval(beat, BEAT_MS);
    beat();
  }

  // ---- awake: a touch brings the day back; the one that wakes does nothing else ----
  let isWaking = false;
  let toldMs = -Infinity;

  function wake(event) {
    isWaking = root.classList.contains("theme-night");
    if (performance.now() - toldMs >= TELL_EVERY_MS) {
      toldMs = performance.now();
      root.dataset.awakeUntilMs = toldMs + AWAKE_MS;
      post(touched, ANSWER_MS);
    }
    root.classList.replace("theme-night", "theme-day");
    if (!isWaking) {
      countInCorner(event);
    }
  }

  function swallow(event) {
    if (isWaking) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }

  addEventListener("pointerdown", wake, { capture: true });
  for (const event of ["pointerdown", "touchstart", "mousedown", "click"]) {
    addEventListener(event, swallow, { capture: true, passive: false });
  }

  // ---- the corner: five taps, whatever page each of them falls on ----
  function countInCorner(event) {
    const { taps, withinMs, share } = CORNER;
    const reach = share * Math.min(innerWidth, innerHeight);
    const isThere =
      event.clientX >= innerWidth - reach && event.clientY >= innerHeight - reach;
    const now = Date.now();
    const before = JSON.parse(sessionStorage.getItem("corner") ?? "[]");
    const recent = before.filter((ms) => now - ms < withinMs && ms <= now);
    const counted = isThere ? [...recent, now] : [];
    const isAsked = counted.length >= taps;
    sessionStorage.setItem("corner", JSON.stringify(isAsked ? [] : counted));
    if (isAsked) {
      go(device);
    }
  }

  // ---- leaving: only to a program that answers ----
  async function go(address) {
    const isThere = await post(touched, ANSWER_MS);
    showContact(isThere);
    if (isThere) {
      location.assign(address);
    }
  }

  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link !== null && !event.defaultPrevented) {
      event.preventDefault();
      go(link.getAttribute("href"));
    }
  });

  // ---- a finger that rests or slides moves nothing but what is meant to move ----
  for (const event of ["contextmenu", "dragstart", "selectstart"]) {
    addEventListener(event, (one) => one.preventDefault());
  }
})();
