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

// The boxes of the vendored chooser have no name of their own: they take that of their label.
"use strict";

window.addEventListener("load", () => {
  for (const box of document.querySelectorAll(".select2")) {
    const select = box.previousElementSibling;
    const label = select && document.querySelector(`label[for="${select.id}"]`);
    const name = label ? label.textContent.replace(":", "").trim() : select && select.getAttribute("aria-label");
    if (!name) continue;
    for (const part of box.querySelectorAll("[role=combobox], .select2-search__field")) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", name);
    }
  }
  for (const head of document.querySelectorAll("th.original:empty")) {
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = "Row";
    head.append(words);
  }
});
