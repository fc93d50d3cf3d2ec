"""The sources desk without a web: two packs can be chosen, an address is read as it is typed, nothing is fetched."""

from bot.clock import Clock
from bot.desk.adding import Added
from bot.desk.sources import Sources
from bot.domain.answers import SettingChange
from bot.domain.feeds import SourceStatus
from bot.domain.managing import ListImport, SourcesPanel
from bot.domain.places import Place, SampleMode
from bot.domain.sources import Source, SourceKind
from bot.domain.uploads import Upload
from bot.errors import Code, UserError
from bot.store import setting_changes
from bot.store.store import Store


class FakeSources(Sources):
    """What a place chose is remembered here, not stored; who chose it is."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.chosen: dict[int, tuple[str, ...]] = {}
        self.own: dict[int, dict[int, SourceStatus]] = {}
        self.done: list[str] = []

    async def panel(self, place_id: int, *, page: int = 1, selected: int | None = None) -> SourcesPanel:
        own = tuple(self.own.get(place_id, {}).values())
        shown, pages = own[(page - 1) * 10 : page * 10], max(1, -(-len(own) // 10))
        chosen = self.chosen.get(place_id, ())
        return SourcesPanel(shown, 50, len(own), ("World", "US"), chosen, selected, page, pages)

    async def choose_packs(self, place_id: int, names: tuple[str, ...], by: int) -> int:
        self.chosen[place_id] = names
        await self._note(place_id, "packs", by)
        return len(names)

    async def add(self, place_id: int, user_id: int, typed: str) -> Added:
        if "." not in typed:
            raise UserError(Code.FEED_UNREADABLE, host=typed, reason="it is no feed")
        own = self.own.setdefault(place_id, {})
        source = Source(len(own) + 1, SourceKind.FEED, typed, typed.title(), typed)
        own[source.id] = SourceStatus(source, is_own=True)
        await self._note(place_id, "source-added", user_id)
        return Added(source, ("A *first* headline", "A second"), 2, is_new=True)

    async def remove(self, place_id: int, source_id: int, by: int) -> None:
        self._known(place_id, source_id)
        del self.own[place_id][source_id]
        await self._note(place_id, "source-removed", by)

    async def set_paused(self, place_id: int, source_id: int, by: int, *, is_paused: bool) -> None:
        source = self._known(place_id, source_id).source
        self.own[place_id][source_id] = SourceStatus(source, is_own=True, is_paused=is_paused)
        await self._note(place_id, "source-paused" if is_paused else "source-resumed", by)

    async def check(self, place_id: int, source_id: int) -> SourceStatus:
        self._known(place_id, source_id)
        self.done.append(f"checked {source_id}")
        return self._known(place_id, source_id)

    async def _note(self, place_id: int, what: str, by: int) -> None:
        change = SettingChange(self._clock.now(), what, by)
        await self._store.db.write(lambda raw: setting_changes.note(raw, place_id, change))

    def _known(self, place_id: int, source_id: int) -> SourceStatus:
        found = self.own.get(place_id, {}).get(source_id)
        if found is None:
            raise UserError(Code.UNKNOWN_SOURCE, text=str(source_id))
        return found

    async def import_opml(self, place_id: int, user_id: int, file: Upload) -> ListImport:
        typed = (await file.read()).decode().split()
        names = [one for one in typed if not one.startswith("10.")]
        for name in names:
            await self.add(place_id, user_id, name)
        return ListImport(len(names), 0, tuple(one for one in typed if one not in names), 0, 50)

    async def export_opml(self, place_id: int) -> bytes:
        return b"<opml/>"

    async def set_sample(self, place: Place, mode: SampleMode, by: int) -> Place:
        self.done.append(f"sample {mode}")
        return place
