// A button of the device page asks once whether it is meant, and acts at a second tap.
"use strict";

(() => {
  const QUESTION_MS = 10000;
  const AGAIN = "Tap the same button again. Without a tap nothing happens.";
  const SILENT = "The program did not answer. Nothing was asked for.";
  const facts = document.querySelector(".facts");
  const asked = document.getElementById("asked");
  let meant = null;
  let timer = 0;

  function say(title, words) {
    asked.querySelector("h2").textContent = title;
    asked.querySelector("p").textContent = words;
    asked.hidden = false;
    facts.hidden = true;
  }

  function forget() {
    meant?.classList.remove("is-meant");
    meant = null;
    asked.hidden = true;
    facts.hidden = false;
  }

  function question(button) {
    forget();
    meant = button;
    meant.classList.add("is-meant");
    say(button.dataset.question, AGAIN);
    timer = setTimeout(forget, QUESTION_MS);
  }

  async function ask(button) {
    button.classList.remove("is-meant");
    meant = null;
    try {
      const answer = await fetch(button.dataset.ask, { method: "POST" });
      const text = await answer.text();
      say(button.textContent, answer.ok ? text : reason(text));
    } catch {
      say(button.textContent, SILENT);
    }
  }

  // A refusal is a page of ours: its first paragraph says why.
  function reason(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    return page.querySelector(".finding p")?.textContent ?? SILENT;
  }

  for (const button of document.querySelectorAll("[data-ask]")) {
    button.addEventListener("click", () => {
      clearTimeout(timer);
      if (meant === button) {
        ask(button);
      } else {
        question(button);
      }
    });
  }
})();
