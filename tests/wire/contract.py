"""Holds every request the stand-in receives against Discord's own OpenAPI description.

The description is not part of the project: it is found through DATELINE_DISCORD_OPENAPI, or beside the repository
at ../shared/discord/openapi.json. `python -m tests.wire.contract` fails when ../shared is there and it is not.
"""

import copy
import json
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from bot.loopback.traffic import Request

ROOT = Path(__file__).resolve().parents[2]
ABSENT = (
    "Discord's OpenAPI description is not here: set DATELINE_DISCORD_OPENAPI to the openapi.json of "
    "github.com/discord/discord-api-spec"
)


def shared() -> Path | None:
    """Give the folder of shared material beside this checkout or beside the main one, if there is one."""
    for folder in ROOT.parents[:2]:
        if (folder / "shared").is_dir():
            return folder / "shared"
    return None


def description() -> Path | None:
    """Find the description; None when it is nowhere."""
    named = os.environ.get("DATELINE_DISCORD_OPENAPI")  # noqa: TID251 - tests read it; the program never does
    beside = shared()
    for path in (Path(named) if named else None, beside / "discord" / "openapi.json" if beside else None):
        if path is not None and path.is_file():
            return path
    return None


class Contract:
    """Discord's description, ready to validate."""

    def __init__(self, path: Path) -> None:
        self._spec: dict[str, Any] = json.loads(path.read_text())
        resource = DRAFT202012.create_resource(self._spec)
        self._registry: Registry[Any] = Registry().with_resource("urn:discord", resource)
        self._validators: dict[str, Draft202012Validator | None] = {}
        self._passed: set[tuple[str, str, str]] = set()  # many answers are the same, and looking takes 10 ms

    def violations(self, requests: Iterable[Request]) -> list[str]:
        """Say what is wrong with the bodies of requests that were not refused as malformed."""
        return [found for request in requests if request.status != 400 for found in self.objections(request)]

    def objections(self, request: Request) -> list[str]:
        """Say what is wrong with one request's body."""
        if request.body is None:
            return []
        asked = request.method, request.template, json.dumps(request.body, sort_keys=True)
        if asked in self._passed:
            return []
        validator = self._validator(request)
        if validator is None:
            return [f"{request.route}: not in Discord's description"]
        found = [
            f"{request.route}: {'/'.join(map(str, error.absolute_path)) or '(body)'}: {error.message[:300]}"
            for error in validator.iter_errors(_normalized(request.body))
        ]
        if not found:
            self._passed.add(asked)
        return found

    def _validator(self, request: Request) -> Draft202012Validator | None:
        if request.route not in self._validators:
            self._validators[request.route] = self._find(request)
        return self._validators[request.route]

    def _find(self, request: Request) -> Draft202012Validator | None:
        for template, item in self._spec["paths"].items():
            if not _same(template, request.template):
                continue
            content = item.get(request.method.lower(), {}).get("requestBody", {}).get("content", {})
            if "application/json" not in content:
                continue
            pointer = f"urn:discord#/paths/{_escape(template)}/{request.method.lower()}"
            schema = {"$ref": f"{pointer}/requestBody/content/application~1json/schema"}
            return Draft202012Validator(schema, registry=self._registry)
        return None


def _same(template: str, ours: str) -> bool:
    theirs, mine = template.split("/"), ours.split("/")
    if len(theirs) != len(mine):
        return False
    return all(a == b or (a.startswith("{") and b.startswith("{")) or (a, b) == ("@original", "{message}")
               for a, b in zip(theirs, mine, strict=True))  # fmt: skip


def _escape(template: str) -> str:
    return template.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def _normalized(body: Any) -> Any:
    """Copy a body with the false alarms taken out: ids may come as numbers."""
    body = copy.deepcopy(body)
    pending = [body]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending += node
        elif isinstance(node, dict):
            if isinstance(allowed := node.get("allowed_mentions"), dict):
                for kind in ("roles", "users"):
                    allowed[kind] = [str(number) for number in allowed.get(kind) or []]
            if "recipient_id" in node:
                node["recipient_id"] = str(node["recipient_id"])
            for item in [*(node.get("attachments") or []), *(node.get("default_values") or [])]:
                item["id"] = str(item["id"])
            pending += node.values()
    return body


@cache
def load() -> Contract | None:
    """Read the description once; None when it is not here."""
    path = description()
    return Contract(path) if path else None


def main() -> int:
    """Fail when the shared material is here and the contract could not be held against it."""
    if shared() is not None and description() is None:
        print(f"../shared is here, yet the contract tests skip. {ABSENT}", file=sys.stderr)  # noqa: T201 - it is a command
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
