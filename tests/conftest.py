"""What every test gets: no network beyond loopback, and no waiting."""

import ipaddress
import socket
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from bot.client import asking
from bot.store import database
from tests.fakes.schema import bring_up
from tests.fakes.waiting import PATIENCE_S

# A busy machine is no wrong answer: pytest's own time-out catches what hangs. The same code gets the same answer each
# time; `--hypothesis-profile search` draws anew.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dateline", _patient, derandomize=True, database=None)
settings.register_profile("search", _patient)
settings.load_profile("dateline")


FIRST = ("/storm/", "/browser/")
"""Rooms whose tests take longest, by waiting rather than by work: the others fill the time beside them."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Begin with the longest, whatever the random order is: begun last, one would be waited for alone."""
    yield
    items.sort(key=lambda item: not any(room in item.path.as_posix() for room in FIRST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each test to whoever is free, but all that need a browser to one: two cores can't drive more."""

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if "/browser/" in nodeid else nodeid

    return Scheduling(config, log)


class NetworkUsedError(AssertionError):
    """A test tried to leave this machine."""


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    try:
        return ipaddress.ip_address(address[0].split("%")[0]).is_loopback
    except ValueError:
        return bool(address[0] == "localhost")


@pytest.fixture(autouse=True, scope="session")
def quick_schema() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "migrate", bring_up)
        yield


@pytest.fixture(autouse=True, scope="session")
def patient_bot() -> Iterator[None]:
    """Let the bot answer at once however long that takes: who presses a button in a test reads what comes first.

    On a busy machine it would announce its answer after a second; tests of that set the patience themselves.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "PATIENCE_S", PATIENCE_S)
        yield


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect
    connect_ex = socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:
        if not _is_local(address):
            raise NetworkUsedError(f"a test connects to {address!r}")
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        if not _is_local(address):
            raise NetworkUsedError(f"a test connects to {address!r}")
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_ex)
