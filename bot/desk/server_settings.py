"""The server's own settings: what holds for all who read there. Each choice holds at once, and who made it is noted."""

from collections.abc import Callable
from dataclasses import replace

from bot.clock import Clock
from bot.desk.scheduling import Scheduling
from bot.domain.answers import Reader, SettingChange
from bot.domain.places import Place
from bot.errors import Code, UserError
from bot.store.store import Store

MOST_PUBLIC = 10  # channels

Edit = Callable[[Place], Place]


class ServerSettings:
    """The use cases of the panel. Whether who asks may manage the place is checked before."""

    def __init__(self, store: Store, scheduling: Scheduling, clock: Clock) -> None:
        self._store = store
        self._scheduling = scheduling
        self._clock = clock

    async def panel(self, reader: Reader) -> Place:
        """Give the place as it is now; channels and roles that are gone are left out."""
        place = await self._store.places.by_id(reader.place.id) or reader.place
        return self._without_gone(place)

    async def answer_publicly_in(self, reader: Reader, channels: tuple[int, ...]) -> Place:
        """Choose the channels in which answers are for everyone."""
        self._must_be_here(reader.place, *channels)
        chosen = channels[:MOST_PUBLIC]
        return await self._change(reader, "answers", lambda old: replace(old, public_channels=chosen))

    async def send_notices_to(self, reader: Reader, channel_id: int | None) -> Place:
        """Choose where managers are told what they must know; None: where Discord suggests."""
        if channel_id is not None:
            self._must_be_here(reader.place, channel_id)
        return await self._change(reader, "notices", lambda old: replace(old, notices_channel=channel_id))

    async def let_manage(self, reader: Reader, role_id: int | None) -> Place:
        """Choose the news managers role; None: only Manage Server."""
        return await self._change(reader, "managers", lambda old: replace(old, manager_role=role_id))

    async def toggle_sharing(self, reader: Reader) -> Place:
        """Let members share stories in channels, or no longer."""
        may_share = (await self.panel(reader)).may_share
        what = "sharing-off" if may_share else "sharing-on"
        return await self._change(reader, what, lambda old: replace(old, may_share=not may_share))

    async def toggle_corrections(self, reader: Reader) -> Place:
        """Edit posts whose headlines changed, or leave them as they were sent."""
        corrects = (await self.panel(reader)).corrections
        what = "corrections-off" if corrects else "corrections-on"
        return await self._change(reader, what, lambda old: replace(old, corrections=not corrects))

    async def _change(self, reader: Reader, what: str, edit: Edit) -> Place:
        change = SettingChange(self._clock.now(), what, reader.user_id)
        return self._without_gone(await self._store.places.change(reader.place.id, edit, change))

    def _must_be_here(self, place: Place, *channels: int) -> None:
        """Refuse what no select of ours offers here.

        Raises:
            UserError: CONTROL_EXPIRED.
        """
        if not all(self._scheduling.has_channel(place, channel) for channel in channels):
            raise UserError(Code.CONTROL_EXPIRED, command="newsdesk setup")

    def _without_gone(self, place: Place) -> Place:
        desk = self._scheduling
        return replace(
            place,
            public_channels=tuple(one for one in place.public_channels if desk.has_channel(place, one)),
            notices_channel=place.notices_channel if desk.has_channel(place, place.notices_channel) else None,
            manager_role=place.manager_role if desk.has_role(place, place.manager_role) else None,
        )
