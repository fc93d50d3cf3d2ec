"""A real store in a folder, filled by hand, and the reading desk on it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.client.access import Access
from bot.client.client import Client
from bot.clock import SimulatedClock
from bot.desk.alerting import Alerting
from bot.desk.arrivals import Arrivals
from bot.desk.briefings import Briefings
from bot.desk.catchup import CatchUps
from bot.desk.correcting import Correcting
from bot.desk.filters import Filters
from bot.desk.follows import Following
from bot.desk.muting import Muting
from bot.desk.overview import Overview
from bot.desk.own_briefings import OwnBriefings
from bot.desk.own_places import OwnPlaces
from bot.desk.privacy import Privacy
from bot.desk.reading import Reading
from bot.desk.recall import Recall
from bot.desk.reporting import Reporting
from bot.desk.scheduling import Scheduling
from bot.desk.scope import Scope
from bot.desk.server_settings import ServerSettings
from bot.desk.services import Services
from bot.desk.setup import Setup
from bot.desk.sharing import Sharing
from bot.desk.suggesting import Suggesting
from bot.desk.summaries import Summaries
from bot.desk.transfers import Transfers
from bot.domain.answers import Reader
from bot.domain.articles import HeadlineOrigin, TextOrigin
from bot.domain.intake import Batch, Draft, content_hash
from bot.domain.place_filters import PlaceFilter
from bot.domain.places import Place, PlaceKind, SampleMode
from bot.domain.sources import Item, Source, SourceKind
from bot.domain.topics import Topic
from bot.errors import DatelineError
from bot.language import jobs
from bot.store import place_filters, subscriptions
from bot.store.places import ensure
from bot.store.store import Store
from tests.fakes.news import NOW
from tests.fakes.packs import FakeSources
from tests.fakes.watch import FakeWatch

JAPAN = (
    "Japan is intensifying its defense capabilities, Takeshi Iwaya stated on Monday. The talks were on stability.",
    "Iwaya emphasized that the build-up of ships, aircraft and satellites is essential for the islands in the south.",
    "Both nations aim to fortify their alliance. The budget for the next five years was doubled in the autumn session.",
    "The meeting reaffirmed the importance of continued partnership between Japan and the U.S. in navigating it.",
)


class Worker:
    """Does the language jobs in this process, and counts them; `is_down` makes it refuse."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.is_down = False

    async def run(self, job: str, /, *arguments: object) -> Any:
        if self.is_down:
            raise DatelineError("the worker is closed")
        self.done.append(job)
        return getattr(jobs, job)(*arguments)


class Newsroom:
    """A store with the reading desk on it. `add` puts articles in; ids count from 1 in order."""

    def __init__(self, store: Store, *, sample: SampleMode = SampleMode.AUTO) -> None:
        self.store = store
        self.clock = SimulatedClock(NOW)
        self.worker = Worker()
        self.recall = Recall(store.members, self.clock)
        self.scope = Scope(store, self.clock, sample)
        self.summaries = Summaries(store, self.worker)
        self.reading = Reading(store, self.clock, self.scope, self.recall, self.summaries)
        self.suggesting = Suggesting(store, self.clock, self.scope, self.reading.resolver, self.reading.rankings)
        self.watch = FakeWatch()
        self.client: Client | None = None  # once `services` was asked for
        self.sources = FakeSources(store, self.clock)
        self.sharing = Sharing(store, self.clock, self.reading, self.recall)
        self.catchups = CatchUps(store, self.clock, self.scope, self.recall, self.reading.rankings)
        self.own_places = OwnPlaces(store, self.clock)
        self.follows = Following(store, self.clock, self.reading, self.suggesting, self.own_places)
        self.alerting = Alerting(store, self.clock, self.scope)
        self.muting = Muting(store, self.clock)
        self.reporting = Reporting(store, self.clock, self.reading)

    @classmethod
    async def open(cls, folder: Path, **options: Any) -> "Newsroom":
        return cls(await Store.open(folder / "dateline.db"), **options)

    @property
    def desks(self) -> Services:
        """The desks that the bot of `client` was given."""
        assert self.client is not None
        return self.client.services

    def services(self, client: Client) -> Services:
        """Give the desks as `app` would, for a client that is not started yet."""
        self.client = client
        scheduling = Scheduling(self.store, Access(client), self.clock, self.watch.wake)
        briefings = Briefings(self.store, self.clock, self.scope, self.summaries, self.recall)
        return Services(
            clock=self.clock,
            places=self.store.places,
            reading=self.reading,
            suggesting=self.suggesting,
            briefings=briefings,
            sharing=self.sharing,
            recall=self.recall,
            scheduling=scheduling,
            setup=Setup(self.store, scheduling, self.sources, briefings, self.clock),
            server_settings=ServerSettings(self.store, scheduling, self.clock),
            transfers=Transfers(self.store, Access(client), self.clock, self.watch.wake),
            sources=self.sources,
            filters=Filters(self.store, self.clock),
            muting=self.muting,
            overview=Overview(self.store, self.scope),
            privacy=Privacy(self.store, self.recall),
            arrivals=Arrivals(self.store, self.scope, self.clock),
            correcting=Correcting(self.store, self.clock, self.watch),
            watch=self.watch,
            catchups=self.catchups,
            reporting=self.reporting,
            own_briefings=OwnBriefings(self.store, scheduling, self.own_places),
            follows=self.follows,
            alerting=self.alerting,
        )

    async def source(
        self, name: str, kind: SourceKind = SourceKind.FEED, *, is_sample: bool = False, for_all: bool = True
    ) -> int:
        """Make a source that every place reads, or (`for_all` off) nobody yet; give its id."""
        made = await self.store.sources.add(Source(0, kind, name, name.title(), is_sample=is_sample), NOW)
        if kind is SourceKind.FEED:
            feed = "insert into feed(source_id, domain, is_for_all) values(:id, :name, :all)"
            values = {"id": made.id, "name": name, "all": int(for_all)}
            await self.store.db.write(lambda raw: raw.execute(feed, values))
        return made.id

    async def subscribe(self, place: Place, source_id: int) -> None:
        """Let a place read a source."""
        await self.store.db.write(lambda raw: subscriptions.add(raw, place.id, source_id, NOW))

    async def add(self, source_id: int, *headlines: str, story: int | None = None, **fields: Any) -> list[int]:
        """Put articles into one source, each a story of its own unless `story` is given; give the story ids."""
        added_at: datetime = fields.pop("added_at", NOW)
        first, _ = await self.store.stories.next_ids()
        drafts = [_draft(headline, n, story or first + n, **fields) for n, headline in enumerate(headlines)]
        await self.store.articles.take_in(source_id, Batch(drafts=tuple(drafts)), added_at)
        return [draft.story_id for draft in drafts]

    async def leave_out(self, place: Place, word: str) -> None:
        """Let a place filter a word out."""
        await self.store.db.write(lambda raw: place_filters.keep(raw, place.id, PlaceFilter(exclude=(word,))))

    async def place(self, discord_id: int = 900, kind: PlaceKind = PlaceKind.SERVER) -> Place:
        """Make a place; give it."""
        return await self.store.db.write(lambda raw: ensure(raw, kind, discord_id, NOW))

    async def reader(self, user_id: int = 7, **fields: Any) -> Reader:
        """Give somebody who reads in the place, with the right to share."""
        place = fields.pop("place", None) or await self.place()
        return Reader(**{"user_id": user_id, "place": place, "channel_id": 50, "may_share": True, **fields})


def _draft(
    headline: str,
    position: int,
    story_id: int,
    *,
    outlet: str = "one.example",
    age_h: float | None = 1.0,
    paragraphs: Sequence[str] = (),
    is_derived: bool = False,
    origin: TextOrigin = TextOrigin.FEED,
    topics: tuple[Topic, ...] = (),
    names: tuple[str, ...] = (),
    link: str | None = None,
) -> Draft:
    published = None if age_h is None else NOW - timedelta(hours=age_h)
    item = Item(headline, tuple(paragraphs), position, link, published_at=published)
    return Draft(
        key=content_hash(headline + outlet, ()),
        item=item,
        outlet=outlet,
        story_id=story_id,
        item_hash=content_hash(headline, paragraphs),
        headline_origin=HeadlineOrigin.DERIVED if is_derived else HeadlineOrigin.SOURCE,
        text_origin=origin if paragraphs else TextOrigin.NONE,
        language="en",
        topics=topics,
        names=names,
    )
