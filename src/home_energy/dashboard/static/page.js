// Every page but the first goes back to it when nobody touches the screen.
"use strict";

(() => {
  const AWAY_MS = 60000;
  const body = document.body;
  if (!("returnsHome" in body.dataset)) {
    return;
  }
  let timer = 0;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.assign(body.dataset.home), AWAY_MS);
  };
  for (const event of ["pointerdown", "keydown", "scroll", "touchmove"]) {
    addEventListener(event, restart, { passive: true });
  }
  restart();
})();
