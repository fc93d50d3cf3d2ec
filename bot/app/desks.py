"""Builds the desks on the house: everything that commands may ask for."""

from collections.abc import Callable

from bot.app.house import House
from bot.client.access import Access
from bot.desk.alerting import Alerting
from bot.desk.arrivals import Arrivals
from bot.desk.briefings import Briefings
from bot.desk.catchup import CatchUps
from bot.desk.correcting import Correcting
from bot.desk.follows import Following
from bot.desk.muting import Muting
from bot.desk.overview import Overview
from bot.desk.own_briefings import OwnBriefings
from bot.desk.own_places import OwnPlaces
from bot.desk.ports import Watch
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
from bot.domain.places import SampleMode


def build(house: House, access: Access, watch: Watch) -> Services:
    """Give the desks; nothing is opened here, so nothing has to be closed."""
    store, clock, outside = house.store, house.clock, house.outside
    scope = Scope(store, clock, SampleMode(house.settings.sample))
    summaries = Summaries(store, house.pool)
    recall = Recall(store.members, clock)
    reading = Reading(store, clock, scope, recall, summaries, outside.texts)
    suggesting = Suggesting(store, clock, scope, reading.resolver, reading.rankings)
    briefings = Briefings(store, clock, scope, summaries, recall)
    scheduling = Scheduling(store, access, clock, watch.wake)
    own_places = OwnPlaces(store, clock)
    return Services(
        clock=clock,
        places=store.places,
        reading=reading,
        suggesting=suggesting,
        briefings=briefings,
        sharing=Sharing(store, clock, reading, recall),
        recall=recall,
        scheduling=scheduling,
        setup=Setup(store, scheduling, outside.sources, briefings, clock),
        server_settings=ServerSettings(store, scheduling, clock),
        transfers=Transfers(store, access, clock, _both(watch.wake, outside.refresher.wake), outside.guard),
        sources=outside.sources,
        filters=outside.filters,
        muting=Muting(store, clock),
        overview=Overview(store, scope),
        privacy=Privacy(store, recall),
        arrivals=Arrivals(store, scope, clock),
        correcting=Correcting(store, clock, watch),
        watch=watch,
        catchups=CatchUps(store, clock, scope, recall, reading.rankings),
        reporting=Reporting(store, clock, reading),
        own_briefings=OwnBriefings(store, scheduling, own_places),
        alerting=Alerting(store, clock, scope),
        follows=Following(store, clock, reading, suggesting, own_places),
    )


def _both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    """Wake two that sleep: new briefings are planned, new sources visited."""

    def wake() -> None:
        first()
        second()

    return wake
