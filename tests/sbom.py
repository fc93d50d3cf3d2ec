"""`./dev sbom [FILE]`: the software bill of materials as CycloneDX 1.5 JSON, from the locked requirements.

It is the same on every run: no time, no random serial number. Licences are those the installed packages state.
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import bot

LOCK = Path(__file__).resolve().parents[1] / "requirements" / "run.txt"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def pins(lock: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give each package's name, version and hashes."""
    for block in lock.replace("\\\n", " ").splitlines():
        if found := _PIN.match(block.strip()):
            yield found[1], found[2], tuple(_HASH.findall(block))


def bill(lock: str) -> dict[str, Any]:
    """Give the whole document."""
    own = {"type": "application", "name": "dateline", "version": bot.__version__, "bom-ref": "dateline"}
    parts = [_component(name, version, hashes) for name, version, hashes in pins(lock)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": own | {"licenses": [{"license": {"id": "MIT"}}]}},
        "components": parts,
        "dependencies": [{"ref": "dateline", "dependsOn": [part["bom-ref"] for part in parts]}],
    }


def _component(name: str, version: str, hashes: tuple[str, ...]) -> dict[str, Any]:
    purl = f"pkg:pypi/{name.lower()}@{version}"
    made: dict[str, Any] = {"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl}
    if len(hashes) == 1:  # one file fits every platform; of several, which one is installed depends on the machine
        made["hashes"] = [{"alg": "SHA-256", "content": hashes[0]}]
    if licence := _licence(name):
        made["licenses"] = [{"license": {"name": licence}}]
    return made


def _licence(name: str) -> str | None:
    try:
        facts = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    stated = next((facts[key] for key in ("License-Expression", "License") if key in facts), "")
    if stated and "\n" not in stated and len(stated) <= 80:
        return stated
    known = [one.rpartition(" :: ")[2] for one in facts.get_all("Classifier") or [] if one.startswith("License")]
    return known[0] if known else None


def main(words: list[str]) -> int:
    """Write to the named file, or print."""
    text = json.dumps(bill(LOCK.read_text("utf-8")), indent=2, ensure_ascii=False) + "\n"
    if words:
        Path(words[0]).write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
