"""Services: everything that commands may ask for, built once by `app` and handed to the client."""

from dataclasses import dataclass

from bot.clock import Clock
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
from bot.desk.ports import Watch
from bot.desk.privacy import Privacy
from bot.desk.reading import Reading
from bot.desk.recall import Recall
from bot.desk.reporting import Reporting
from bot.desk.scheduling import Scheduling
from bot.desk.server_settings import ServerSettings
from bot.desk.setup import Setup
from bot.desk.sharing import Sharing
from bot.desk.sources import Sources
from bot.desk.suggesting import Suggesting
from bot.desk.transfers import Transfers
from bot.store.places import Places


@dataclass(frozen=True, slots=True)
class Services:
    """The desks, by name. A cog takes what it needs from here and nothing from the bot."""

    clock: Clock
    places: Places
    reading: Reading
    suggesting: Suggesting
    briefings: Briefings
    sharing: Sharing
    recall: Recall
    catchups: CatchUps
    reporting: Reporting
    own_briefings: OwnBriefings
    follows: Following
    alerting: Alerting
    scheduling: Scheduling
    setup: Setup
    server_settings: ServerSettings
    transfers: Transfers
    sources: Sources
    filters: Filters
    muting: Muting
    overview: Overview
    privacy: Privacy
    arrivals: Arrivals
    correcting: Correcting
    watch: Watch
