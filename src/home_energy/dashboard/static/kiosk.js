// The page on the fridge tells the server that it is alive.
"use strict";

(() => {
  const BEAT_MS = 5000;
  const { heartbeat, screen } = document.body.dataset;

  async function beat() {
    try {
      await fetch(heartbeat, {
        method: "POST",
        signal: AbortSignal.timeout(BEAT_MS),
      });
    } catch {
      // The next one may get through.
    }
  }

  // The first page beats by itself, each time that it shows what the server said.
  if (screen === undefined) {
    setInterval(beat, BEAT_MS);
    beat();
  }
})();
