"""Reads pages as a browser does: what in them is an element, an attribute, a script.

`python -m tests.hostile.browser DIRECTORY` prints as JSON what each page holds that came out of a
text of the record. In a process of its own, for Playwright's loop and Django's connections do not
go together.
"""

import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.services import chromium

FOUND = """
(html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const found = [];
  const addresses = ["href", "src", "action", "formaction", "data", "srcdoc", "xlink:href"];
  for (const one of page.querySelectorAll("*")) {
    const told = one.outerHTML.slice(0, 120);
    if (one.localName.startsWith("zz")) found.push(told);
    if (one.localName === "script" && one.type === "application/ld+json") {
      try { JSON.parse(one.textContent); } catch (error) { found.push(`${error}: ${told}`); }
    } else if (one.localName === "script" && !/^[/][^/]/.test(one.getAttribute("src")))
      found.push(told);
    for (const {name, value} of one.attributes) {
      const target = value.replace(/[\\u0000-\\u0020]/g, "").toLowerCase();
      if (name === "zz" || name.startsWith("on") || name === "style") found.push(told);
      if (addresses.includes(name) && /^(javascript|vbscript|data:text)/.test(target))
        found.push(told);
    }
  }
  return found;
}
"""


def main(directory: Path) -> None:
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        for file in sorted(directory.iterdir()):
            found[file.name] = page.evaluate(FOUND, file.read_text())
        browser.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
