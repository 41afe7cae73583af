// Moves the figures with the sliders. In ink stands only the answer to where they are.
"use strict";

(() => {
  const SLOW_MS = 300;
  const REST_MS = 500;
  const PATIENCE_MS = 120000;
  const AGAIN_MS = 3000;
  const READY_MS = 1000;
  const SILENT = "The server does not answer. Asking again.";

  const form = document.getElementById("question");
  if (form === null) {
    setInterval(lookWhetherReady, READY_MS);
    return;
  }

  const answer = () => document.getElementById("answer");
  const question = () => new URLSearchParams(new FormData(form)).toString();

  // Every position has a number; the answer shown belongs to one of them.
  let position = 0;
  let shown = 0;
  let asking = null;
  let slow = 0;
  let again = 0;

  function dress() {
    for (const slider of form.querySelectorAll("input[type=range]")) {
      const { min, max, value } = slider;
      const output = slider.parentElement.querySelector("output");
      const digits = Number(output.dataset.digits);
      const number = Number(value).toLocaleString("en-AU", {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      output.textContent = `${number} ${output.dataset.unit}`;
      slider.style.setProperty("--share", (value - min) / (max - min || 1));
    }
    for (const choice of form.querySelectorAll(".choice")) {
      const chosen = choice.querySelector("input:checked + span");
      if (chosen !== null) {
        choice.querySelector(".chosen").textContent = chosen.textContent;
      }
    }
  }

  function moved() {
    position += 1;
    dress();
    wait();
    ask();
  }

  function wait() {
    const isPending = shown !== position;
    answer().classList.toggle("is-pending", isPending);
    answer().setAttribute("aria-busy", String(isPending));
    if (!isPending) {
      rest();
    } else if (slow === 0) {
      slow = setTimeout(() => answer().classList.add("is-slow"), SLOW_MS);
    }
  }

  function rest() {
    clearTimeout(slow);
    slow = 0;
  }

  // One question at a time, and the next is for where the sliders are by then. Only
  // one that takes long is not waited for; its answer may still come, and come late.
  async function ask() {
    clearTimeout(again);
    const askedForMs = asking === null ? REST_MS : performance.now() - asking.sinceMs;
    if (askedForMs < REST_MS) {
      again = setTimeout(ask, REST_MS - askedForMs);
      return;
    }
    const mine = { number: position, sinceMs: performance.now() };
    asking = mine;
    try {
      const reply = await fetch(`${form.dataset.answer}?${question()}`, {
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      show(await reply.text(), mine.number);
      if (reply.status === 503) {
        again = setTimeout(moved, AGAIN_MS);
      }
    } catch {
      if (asking === mine) {
        lose(mine.number);
      }
    }
    if (asking === mine) {
      asking = null;
      if (mine.number !== position) {
        ask();
      }
    }
  }

  function show(html, number) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const next = template.content.querySelector("#answer");
    if (next === null) {
      throw new Error("the reply holds no answer");
    }
    if (number < shown) {
      return;
    }
    shown = number;
    rest();
    answer().replaceWith(next);
    wait();
  }

  function lose(number) {
    const words = document.createElement("p");
    words.textContent = SILENT;
    const box = document.createElement("div");
    box.className = "finding is-problem";
    box.append(words);
    const lost = document.createElement("section");
    lost.id = "answer";
    lost.className = "answer is-lost";
    lost.append(box);
    shown = number;
    rest();
    answer().replaceWith(lost);
    wait();
    again = setTimeout(moved, AGAIN_MS);
  }

  async function lookWhetherReady() {
    const waiting = document.getElementById("waiting");
    const words = waiting.querySelector("p");
    try {
      const reply = await fetch(waiting.dataset.sliders, { cache: "no-store" });
      const sliders = await reply.json();
      if (sliders.is_ready) {
        location.reload();
        return;
      }
      words.textContent = sliders.said ?? sliders.detail;
    } catch {
      words.textContent = SILENT;
    }
  }

  form.addEventListener("input", moved);
  form.addEventListener("change", () => {
    history.replaceState(null, "", `${form.getAttribute("action")}?${question()}`);
    for (const open of form.querySelectorAll(":popover-open")) {
      open.hidePopover();
    }
  });
  addEventListener("pageshow", (event) => event.persisted && moved());
  dress();
})();
