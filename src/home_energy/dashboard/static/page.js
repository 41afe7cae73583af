// Every page but the first goes back to it when nobody touches the screen.
"use strict";

(() => {
  const AGAIN_MS = 5000;
  const body = document.body;
  if (!("returnsHome" in body.dataset)) {
    return;
  }
  const awayMs = Number(body.dataset.awayMs ?? 60000);
  let timer = 0;

  // Never to a page that says "This site can't be reached".
  async function goHome() {
    try {
      await fetch(body.dataset.home, { method: "HEAD", cache: "no-store" });
      location.assign(body.dataset.home);
    } catch {
      timer = setTimeout(goHome, AGAIN_MS);
    }
  }

  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(goHome, awayMs);
  };
  for (const event of ["pointerdown", "keydown", "scroll", "touchmove"]) {
    addEventListener(event, restart, { capture: true, passive: true });
  }
  restart();
})();
