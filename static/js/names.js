// The boxes of the vendored chooser have no name of their own: they take that of their label.
"use strict";

(() => {
  const named = (root) => {
    for (const box of root.querySelectorAll(".select2")) {
      const select = box.previousElementSibling;
      const label = select && document.querySelector(`label[for="${select.id}"]`);
      const name = label ? label.textContent.replace(":", "").trim() : select && select.getAttribute("aria-label");
      if (!name) continue;
      for (const part of box.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field")) {
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", name);
      }
      // Within a box that is one entry, a list is none.
      for (const part of box.querySelectorAll("ul, li")) part.setAttribute("role", "presentation");
    }
    for (const head of root.querySelectorAll("th.original:empty")) {
      const words = document.createElement("span");
      words.className = "visually-hidden";
      words.textContent = "Row";
      head.append(words);
    }
  };
  // After the desk's own script has made the boxes, which it does once the page is read.
  if (window.django && django.jQuery) django.jQuery(() => named(document));
  document.addEventListener("formset:added", (event) => named(event.target));
})();
