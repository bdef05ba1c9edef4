// The intake: the words of the entry in hand are lit, and keys take, clear and move.
"use strict";

(() => {
  const form = document.querySelector(".intake form");
  if (!form) return;
  const entries = [...form.querySelectorAll(".intake-entry")];
  const boxes = (entry) => [...entry.querySelectorAll(".intake-boxes input, .intake-boxes select, .intake-boxes textarea")];
  const tick = (entry) => entry.querySelector("input[type=checkbox]");

  const light = (number) => {
    for (const one of form.querySelectorAll(".lit")) one.classList.remove("lit");
    for (const one of form.querySelectorAll(`.intake-entry[data-fact="${number}"], [data-facts~="${number}"]`)) one.classList.add("lit");
    const words = document.getElementById(`w${number}`);
    const pane = form.querySelector(".intake-words");
    if (words && pane.scrollHeight > pane.clientHeight) pane.scrollTop = words.offsetTop - pane.offsetTop - 60;
  };
  const go = (entry) => {
    if (entry) boxes(entry)[0].focus();
    else form.querySelector("[name=save]").focus();
  };

  form.addEventListener("focusin", (event) => {
    const entry = event.target.closest(".intake-entry");
    if (entry) light(entry.dataset.fact);
  });
  form.addEventListener("click", (event) => {
    const words = event.target.closest(".intake-words a");
    if (!words) return;
    const entry = document.getElementById(`f${words.dataset.fact}`);
    if (!entry || !entry.matches(".intake-entry")) return;
    event.preventDefault();
    go(entry);
  });
  form.addEventListener("input", (event) => {
    const entry = event.target.closest(".intake-entry");
    if (entry && event.target.type !== "checkbox") tick(entry).checked = event.target.value !== "";
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[name=save]"));
      return;
    }
    const entry = event.target.closest(".intake-entry");
    if (!entry) return;
    const next = entries[entries.indexOf(entry) + 1];
    if (event.key === "Enter") {
      event.preventDefault();
      tick(entry).checked = boxes(entry)[0].value !== "";
      go(next);
    } else if (event.key === "Escape") {
      event.preventDefault();
      tick(entry).checked = false;
      go(next);
    } else if (event.key === "ArrowDown" && !event.target.matches("select, textarea")) {
      event.preventDefault();
      go(next);
    } else if (event.key === "ArrowUp" && !event.target.matches("select, textarea")) {
      event.preventDefault();
      go(entries[entries.indexOf(entry) - 1] || entry);
    }
  });
  if (entries.length) go(entries[0]);
})();
