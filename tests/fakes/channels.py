"""Channels as the desk asks about them."""

from bot.domain.places import TargetKind


class FakeChannels:
    """Every channel is an open text channel, until a test says otherwise."""

    def __init__(self) -> None:
        self.kinds: dict[int, TargetKind] = {}
        self.lacking: dict[int, tuple[str, ...]] = {}
        self.server = 500
        self.foreign: set[int] = set()  # channels and roles that are not of this server

    def kind(self, channel_id: int) -> TargetKind | None:
        return self.kinds.get(channel_id, TargetKind.CHANNEL)

    def server_of(self, channel_id: int) -> int | None:
        return 1 if channel_id in self.foreign else self.server

    def has_role(self, server_id: int, role_id: int) -> bool:
        return role_id not in self.foreign

    def missing(self, channel_id: int, *, discussion: bool = False, publish: bool = False) -> tuple[str, ...]:
        return self.lacking.get(channel_id, ())

    def name(self, channel_id: int) -> str | None:
        return None if channel_id in self.foreign else f"channel {channel_id}"

    def role_name(self, server_id: int, role_id: int) -> str | None:
        return None if role_id in self.foreign else f"role {role_id}"
