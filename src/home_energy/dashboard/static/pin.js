// The keypad writes into the field; without a script the field alone does.
"use strict";

(() => {
  const keypad = document.querySelector(".keypad");
  if (keypad === null) {
    return;
  }
  const field = document.querySelector("[name=pin]");
  keypad.hidden = false;
  keypad.addEventListener("click", (event) => {
    const { digit, clear } = event.target.closest("button")?.dataset ?? {};
    if (digit !== undefined && field.value.length < field.maxLength) {
      field.value += digit;
    }
    if (clear !== undefined) {
      field.value = "";
    }
  });
})();
