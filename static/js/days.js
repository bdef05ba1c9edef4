/* A slider over the days that the page links to. The links do the same without it. */
"use strict";

for (const days of document.querySelectorAll("[data-days]")) {
  const place = days.querySelector(".days-slider");
  const links = [...days.querySelectorAll(".days-list a")];
  if (!place || links.length < 2) continue;
  const shown = links.findIndex((link) => link.hasAttribute("aria-current"));

  const slider = document.createElement("input");
  slider.type = "range";
  slider.max = links.length - 1;
  slider.value = shown < 0 ? nearest(links) : shown;
  slider.setAttribute("aria-label", place.dataset.label);
  const words = document.createElement("output");

  const say = () => {
    words.textContent = links[slider.value].textContent;
    slider.setAttribute("aria-valuetext", words.textContent);
  };
  slider.addEventListener("input", say);
  slider.addEventListener("change", () => location.assign(links[slider.value].href));
  say();
  place.append(slider, words);
}

/* The last day that is not later than the one asked for. */
function nearest(links) {
  const asked = new URLSearchParams(location.search).get("on");
  const earlier = links.filter((link) => {
    const day = new URL(link.href).searchParams.get("on");
    return day && day <= asked;
  });
  return Math.max(earlier.length - 1, 0);
}
