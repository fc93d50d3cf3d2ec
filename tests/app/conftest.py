"""The stand-in, for what the app wires to Discord."""

from tests.wire.conftest import clock, discord_contract, loopback  # noqa: F401 - fixtures
