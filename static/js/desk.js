// The desk's forms: whoever leaves one with unsaved entries is asked first.
"use strict";

(() => {
  const form = document.querySelector("#content-main form[method=post]");
  if (!form) return;
  const entries = () => new URLSearchParams(
    [...new FormData(form)].filter(([, value]) => typeof value === "string")
  ).toString();
  let opened = "";
  let sent = false;
  // The desk's own scripts fill in some fields while the page loads.
  window.addEventListener("load", () => { opened = entries(); });
  form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && opened && (entries() !== opened || document.querySelector(".errornote"))) {
      event.preventDefault();
    }
  });
  // Coming back to a sent form by the browser's history.
  window.addEventListener("pageshow", () => { sent = false; });
})();
