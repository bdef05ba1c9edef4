"""The bill of what an installation runs is whole, and each part has its licence."""

import json
import re
import subprocess
import sys

from django.conf import settings

# For Windows, or for a Python that is older than this one.
FOR_OTHER_SYSTEMS = {"async-timeout", "colorama", "tzdata"}


def test_the_bill_names_every_package_with_its_licence() -> None:
    made = subprocess.run(
        [sys.executable, "deploy/sbom.py"], cwd=settings.BASE_DIR, capture_output=True, check=True
    )
    bill = json.loads(made.stdout)
    pinned = re.findall(
        r"^([\w-]+)[\w\[\],]*==", (settings.BASE_DIR / "requirements.txt").read_text(), re.MULTILINE
    )
    named = {part["name"]: part["licenses"][0] for part in bill["components"]}

    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert set(pinned) - named.keys() <= FOR_OTHER_SYSTEMS
    assert named["pico.css"] == {"license": {"id": "MIT"}}
    assert [name for name, licence in named.items() if "not said" in str(licence)] == []
