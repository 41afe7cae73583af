"use strict";

// Looks whether the settings can be used by now. The program ends and starts again
// meanwhile; who went to its address just then would see the browser's own error, and
// for ever. So this page stays where it is until a program with good settings answers.
(() => {
  const LOOK_EVERY_MS = 5000;
  const FAULT = 503;

  async function look() {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (answer.status !== FAULT) {
        location.reload();
        return;
      }
      const told = new DOMParser().parseFromString(await answer.text(), "text/html");
      const sheet = told.querySelector(".sheet");
      if (sheet !== null) {
        document.querySelector(".sheet").replaceWith(document.adoptNode(sheet));
      }
    } catch {
      // Nobody answers: the program is starting anew.
    }
    setTimeout(look, LOOK_EVERY_MS);
  }

  setTimeout(look, LOOK_EVERY_MS);
})();
