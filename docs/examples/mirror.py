"""Keep a copy of the whole public record, and prove that it is the same as the original.

    python mirror.py http://127.0.0.1:8000 copy.json

Run it again whenever you like: it asks for what is new, and then proves the whole copy. It needs
Python 3.11 and nothing else.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ACTIONS = "".join(f"&action={a}" for a in ("published", "corrected", "withdrawn", "reissued"))
CHANGES = f"/api/v1/changes/?page_size=200&expand=record{ACTIONS}&cursor="
CHECKSUM = "/api/v1/changes/checksum/?cursor="


class Altered(Exception):
    """The copy is not what the original is."""


def fetched(address: str) -> bytes:
    with urlopen(address) as answer:  # noqa: S310 - an address of the reader's own choice
        return answer.read()


class Mirror:
    """``entries`` is the log; ``records`` holds, by uid, each record that is public."""

    def __init__(self, base: str, fetch: Callable[[str], bytes] = fetched) -> None:
        self.base, self.fetch = base.rstrip("/"), fetch
        self.entries: dict[str, dict[str, Any]] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.cursor = ""

    def ask(self, path: str) -> Any:
        return json.loads(self.fetch(self.base + path))

    def pull(self) -> int:
        """Take what is new. An entry may appear a moment after its instant, so the next pull
        begins where the log was complete when this one began; what comes twice is known."""
        complete = self.ask(CHECKSUM)["cursor"]
        path, new = CHANGES + self.cursor, 0
        while path:
            page = self.ask(path)
            for entry in page["results"]:
                new += self.take(entry)
            path = page["next"]
        self.cursor = complete
        return new

    def take(self, entry: dict[str, Any]) -> bool:
        record = entry.pop("record")
        key = f"{entry['at']} {entry['uid']} {entry['number']}"
        is_new = key not in self.entries
        self.entries[key] = entry
        if record is not None:
            self.records[entry["uid"]] = record
        elif is_new:
            # Taken back; or told anew since, and then the record comes with that entry.
            self.records.pop(entry["uid"], None)
        return is_new

    def prove(self) -> str:
        """Raise Altered unless each record is what its digest says, and all digests together
        are what the original says; else the checksum that both have."""
        ordered = sorted(self.entries.values(), key=place)
        last = {entry["uid"]: entry for entry in ordered}
        public = {uid for uid, entry in last.items() if entry["action"] != "withdrawn"}
        if public != set(self.records):
            raise Altered(f"Not the same records: {sorted(public ^ set(self.records))}")
        for uid, record in self.records.items():
            if digest_of(last[uid], record) != last[uid]["digest"]:
                raise Altered(f"Not as it was told: {last[uid]['resource']} {uid}")
        theirs = self.ask(CHECKSUM + self.cursor)
        checksum = ""
        for entry in ordered[: theirs["entries"]]:
            checksum = hashlib.sha256((checksum + entry["digest"]).encode()).hexdigest()
        if checksum != theirs["checksum"]:
            raise Altered("The log is not the same.")
        return checksum


def place(entry: dict[str, Any]) -> tuple[str, str, int]:
    """In the order of the log. Instants are written without a fraction where there is none."""
    at = entry["at"].rstrip("Z")
    return at if "." in at else f"{at}.000000", entry["uid"], entry["number"]


def digest_of(entry: dict[str, Any], record: dict[str, Any]) -> str:
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    parts = [str(entry[name]) for name in ("uid", "number", "at", "resource", "action", "reason")]
    parts.append(hashlib.sha256(body.encode()).hexdigest())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def main(base: str, file: Path) -> None:
    mirror = Mirror(base)
    if file.exists():
        kept = json.loads(file.read_text("utf-8"))
        mirror.entries, mirror.records, mirror.cursor = kept["log"], kept["records"], kept["cursor"]
    new = mirror.pull()
    checksum = mirror.prove()
    kept = {"cursor": mirror.cursor, "records": mirror.records, "log": mirror.entries}
    file.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
    print(f"{new} new entries; {len(mirror.records)} records; proved at {checksum[:16]}")


if __name__ == "__main__":
    try:
        main(sys.argv[1], Path(sys.argv[2]))
    except Altered as altered:
        sys.exit(f"THE COPY IS NOT THE SAME: {altered}")
