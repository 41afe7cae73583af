// Keeps the first page true: asks the server for news, and says so when none comes.
"use strict";

(() => {
  const body = document.body;
  const POLL_MS = Number(body.dataset.pollMs);
  const MISSES_ALLOWED = 3;
  const TICK_MS = 1000;
  const FRESH_PAGE_MS = 600000;

  const clockWords = new Intl.DateTimeFormat("en-AU", {
    timeZone: body.dataset.zone,
    hour: "numeric",
    minute: "2-digit",
    hour12: true,
  });
  const hourMinute = new Intl.DateTimeFormat("en-GB", {
    timeZone: body.dataset.zone,
    hour: "2-digit",
    minute: "2-digit",
  });

  // Server time at the last contact, and two of our own clocks then: the steady one
  // may sleep with the machine, the other may jump. The one that ran further counts.
  const contact = { serverMs: null, steadyMs: 0, wallMs: 0 };
  let etag = "";
  let isAsking = false;

  const screen = () => document.getElementById("screen");

  function noteContact(serverTimeMs) {
    contact.serverMs = serverTimeMs === "" ? null : Number(serverTimeMs);
    contact.steadyMs = performance.now();
    contact.wallMs = Date.now();
  }

  function silentMs() {
    const steadyMs = performance.now() - contact.steadyMs;
    return Math.max(steadyMs, Date.now() - contact.wallMs);
  }

  function words(ms) {
    return clockWords.format(ms).replace(/[\s\u202f]+/g, " ").toLowerCase();
  }

  function show(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const next = template.content.querySelector("#screen");
    if (next === null) {
      throw new Error("the answer holds no screen");
    }
    screen().replaceWith(next);
    dress();
  }

  // Somebody who has just touched the screen sees the colours of the day.
  function dress() {
    const { theme, shift } = screen().dataset;
    const root = document.documentElement;
    const isAwake = performance.now() < Number(root.dataset.awakeUntilMs ?? 0);
    const shown = isAwake ? "day" : theme;
    root.className = root.className.replace(/theme-\w+/, `theme-${shown}`);
    body.className = body.className.replace(/shift-\d+/, `shift-${shift}`);
  }

  async function ask() {
    if (isAsking) {
      return;
    }
    isAsking = true;
    try {
      const answer = await fetch(body.dataset.screen, {
        headers: etag === "" ? {} : { "If-None-Match": etag },
        cache: "no-store",
        signal: AbortSignal.timeout(POLL_MS),
      });
      if (answer.status !== 200 && answer.status !== 304) {
        throw new Error(`the server answered ${answer.status}`);
      }
      if (answer.status === 200) {
        show(await answer.text());
        etag = answer.headers.get("ETag") ?? "";
      }
      noteContact(answer.headers.get("X-Server-Time-Ms") ?? "");
      tick();
      if ("heartbeat" in body.dataset) {
        await fetch(body.dataset.heartbeat, { method: "POST" });
      }
    } catch {
      tick();
    } finally {
      isAsking = false;
    }
  }

  function tick() {
    const isOffline = silentMs() > MISSES_ALLOWED * POLL_MS;
    const nowMs = contact.serverMs === null ? null : contact.serverMs + silentMs();
    if (nowMs !== null) {
      screen().querySelector(".clock").textContent = words(nowMs);
    }
    dress();
    mark(isOffline, nowMs);
    reloadAtNight(isOffline, nowMs);
  }

  function mark(isOffline, nowMs) {
    if (!isOffline) {
      return;
    }
    etag = ""; // the next answer must bring back what is taken away here
    const root = screen();
    root.classList.remove("verdict-cheap", "verdict-normal", "verdict-expensive");
    root.classList.remove("is-spike", "state-fresh", "state-updating");
    root.classList.add("is-offline");
    root.querySelector(".offline").hidden = false;
    root.querySelector("[data-since]").textContent =
      contact.serverMs === null ? "a while" : words(contact.serverMs);
    const caption = root.querySelector(".caption");
    if (caption && !/forecast/.test(caption.textContent)) {
      caption.prepend("forecast: ");
    }
    const dashAtMs = root.dataset.dashAtMs;
    const number = root.querySelector(".number");
    if (number && (nowMs === null || dashAtMs === "" || nowMs > Number(dashAtMs))) {
      number.textContent = "–";
      root.classList.add("is-lost");
    }
  }

  function reloadAtNight(isOffline, nowMs) {
    const isDue = nowMs !== null && hourMinute.format(nowMs) === body.dataset.reloadAt;
    if (isDue && !isOffline && performance.now() > FRESH_PAGE_MS) {
      location.reload();
    }
  }

  noteContact(body.dataset.serverTimeMs);
  setInterval(ask, POLL_MS);
  setInterval(tick, Math.min(TICK_MS, POLL_MS));
  addEventListener("pageshow", ask);
  ask();
})();
