"""The store: every noun on one database. A new noun is one import and one line."""

from pathlib import Path
from types import TracebackType
from typing import Self

from bot.store.alerts import Alerts
from bot.store.articles import Articles
from bot.store.catchups import Catchups
from bot.store.changes import Changes
from bot.store.corrections import Corrections
from bot.store.database import BUSY_MS, Database
from bot.store.deliveries import Deliveries
from bot.store.documents import Documents
from bot.store.drafts import Drafts
from bot.store.editions import Editions
from bot.store.feeds import Feeds
from bot.store.followers import Followers
from bot.store.follows import Follows
from bot.store.glances import Glances
from bot.store.groupings import Groupings
from bot.store.ledger import Ledger
from bot.store.members import Members
from bot.store.names import Names
from bot.store.notes import Notes
from bot.store.notices import Notices
from bot.store.overview import Overview
from bot.store.people import People
from bot.store.place_filters import PlaceFilters
from bot.store.places import Places
from bot.store.plans import Plans
from bot.store.reports import Reports
from bot.store.retention import Retention
from bot.store.schedules import Schedules
from bot.store.search import Search
from bot.store.setting_changes import SettingChanges
from bot.store.sources import Sources
from bot.store.stories import Stories
from bot.store.subscriptions import Subscriptions
from bot.store.summaries import Summaries
from bot.store.titles import Titles
from bot.store.transfers import Transfers
from bot.store.visits import Visits


class Store:
    """What the rest of the program may ask of the database, by noun."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.alerts = Alerts(db)
        self.articles = Articles(db)
        self.catchups = Catchups(db)
        self.changes = Changes(db)
        self.documents = Documents(db)
        self.drafts = Drafts(db)
        self.editions = Editions(db)
        self.followers = Followers(db)
        self.follows = Follows(db)
        self.glances = Glances(db)
        self.feeds = Feeds(db)
        self.groupings = Groupings(db)
        self.members = Members(db)
        self.names = Names(db)
        self.search = Search(db)
        self.sources = Sources(db)
        self.stories = Stories(db)
        self.corrections = Corrections(db)
        self.deliveries = Deliveries(db)
        self.ledger = Ledger(db)
        self.notes = Notes(db)
        self.notices = Notices(db)
        self.overview = Overview(db)
        self.people = People(db)
        self.place_filters = PlaceFilters(db)
        self.places = Places(db)
        self.plans = Plans(db)
        self.reports = Reports(db)
        self.retention = Retention(db)
        self.schedules = Schedules(db)
        self.setting_changes = SettingChanges(db)
        self.subscriptions = Subscriptions(db)
        self.summaries = Summaries(db)
        self.titles = Titles(db)
        self.transfers = Transfers(db)
        self.visits = Visits(db)

    @classmethod
    async def open(cls, path: Path, *, read_only: bool = False, busy_ms: int = BUSY_MS) -> Self:
        """Open the database file, making and migrating it unless `read_only`.

        Raises:
            StoreError: the file cannot be opened, is damaged, or is from a newer Dateline.
        """
        return cls(await Database.open(path, read_only=read_only, busy_ms=busy_ms))

    async def close(self) -> None:
        """Close every connection and end its thread."""
        await self.db.close()

    async def __aenter__(self) -> Self:
        """Give the open store."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self.close()
