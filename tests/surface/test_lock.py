"""The locks are whole: they are installed as they stand, and pip looks for nothing beside them."""

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
_LOCKS = sorted((Path(__file__).resolve().parents[2] / "requirements").glob("*.txt"))


def _needs(name: str, extra: str = "") -> Iterator[str]:
    """The names of all that a package needs on this machine, with what the extras that it asks for need."""
    for one in map(Requirement, metadata.requires(name) or []):
        if one.marker is None or one.marker.evaluate({"extra": extra}):
            yield canonicalize_name(one.name)
            for further in one.extras:
                yield from _needs(one.name, further)


@pytest.mark.parametrize("lock", _LOCKS, ids=lambda path: path.name)
def test_all_that_a_locked_package_needs_is_locked(lock: Path) -> None:
    locked = {canonicalize_name(name) for name in _PIN.findall(lock.read_text("utf-8"))}
    here = locked & {canonicalize_name(one.name) for one in metadata.distributions()}
    assert len(here) > 20
    assert set() == {f"{name} needs {need}" for name in here for need in _needs(name) if need not in locked}
