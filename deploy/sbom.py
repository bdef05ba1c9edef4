"""The packages that an installation runs, as CycloneDX: `python deploy/sbom.py > sbom.json`.

What is pinned in requirements.txt and installed here, with its licence, and what is vendored. Few
enough lines to need no package that would have to be listed itself.
"""

import json
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PICO = ROOT / "static/vendor/pico/pico.classless.min.css"
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^ ;\\]+)", re.MULTILINE)
# Python's own classifiers, where a package says its licence in no other way.
CLASSIFIER = re.compile(r"License :: (?:OSI Approved :: )?(.+)")


def bill() -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "tradeinit",
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": [*map(component, installed()), pico()],
    }


def installed() -> list[Distribution]:
    """Those of the pinned packages that this system needs: some are for others."""
    found = []
    for name, version in PINNED.findall((ROOT / "requirements.txt").read_text()):
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        if package.version != version:
            sys.exit(f"{name} {package.version} is installed and {version} pinned: make lock")
        found.append(package)
    return found


def component(package: Distribution) -> dict[str, Any]:
    name = re.sub(r"[-_.]+", "-", package.metadata["Name"]).lower()
    return {
        "type": "library",
        "name": name,
        "version": package.version,
        "purl": f"pkg:pypi/{name}@{package.version}",
        "licenses": [licence(package)],
    }


def licence(package: Distribution) -> dict[str, Any]:
    said = package.metadata
    if expression := said.get("License-Expression"):
        return {"expression": expression}
    classified = [
        match[1] for line in said.get_all("Classifier", []) if (match := CLASSIFIER.match(line))
    ]
    named = " / ".join(classified) or (said.get("License") or "").partition("\n")[0]
    return {"license": {"name": named or "not said"}}


def pico() -> dict[str, Any]:
    version = re.search(r"v(\d[\d.]+\d)", PICO.read_text()[:300])
    return {
        "type": "library",
        "name": "pico.css",
        "version": version[1] if version else "unknown",
        "purl": f"pkg:npm/%40picocss/pico@{version[1] if version else ''}",
        "licenses": [{"license": {"id": "MIT"}}],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bill(), indent=1) + "\n")
