"""Tells managers, in their private place, how their sources do and that the sample gave way; each thing once."""

import logging
from typing import NoReturn

import aiohttp
import discord

from bot.app.house import House
from bot.client.access import Access
from bot.client.client import Client
from bot.client.telling import Teller
from bot.domain.filters import StoryFilter
from bot.errors import StoreError
from bot.render import notices

log = logging.getLogger(__name__)

_EVERY_S = 30.0


async def tell_managers(house: House, client: Client) -> NoReturn:
    """Look for news for managers, for as long as the bot runs."""
    await client.wait_until_ready()
    teller, trouble = Teller(client, Access(client)), ""
    said: set[tuple[str, int]] = set()  # and not written down yet: a full disk must not have it said again and again
    while True:
        try:
            await tell_of_sources(house, client, teller, said)
            await tell_of_sample(house, client, teller, said)
            trouble = ""
        except (OSError, aiohttp.ClientError, discord.HTTPException, StoreError) as error:
            if str(error) != trouble:
                log.warning("Managers could not be told yet", extra={"why": str(error) or repr(error)})
            trouble = str(error)
        await house.clock.sleep(_EVERY_S)


async def tell_of_sources(house: House, client: Client, teller: Teller, said: set[tuple[str, int]]) -> None:
    """Tell what is noted about sources; what nobody can be told is forgotten."""
    for notice in await house.store.subscriptions.untold():
        key = ("source", notice.id)
        place = await house.store.places.by_id(notice.place_id)
        if key not in said and place is not None and place.left_at is None:
            await teller.tell(place, notices.source_notice(notice, client.voice(place.locale)))
            said.add(key)
        await house.store.subscriptions.told(notice.id)
        said.discard(key)


async def tell_of_sample(house: House, client: Client, teller: Teller, said: set[tuple[str, int]]) -> None:
    """Tell once that a place's own sources have taken the sample's place."""
    store = house.store
    for place_id in await store.place_filters.untold_yields():
        key = ("sample", place_id)
        place = await store.places.by_id(place_id)
        if key not in said and place is not None and place.left_at is None:
            sources = await store.sources.by_ids(await store.subscriptions.source_ids(place_id))
            own = tuple(source.id for source in sources if not source.is_sample)
            counts = await store.stories.counts(StoryFilter(source_ids=own))
            await teller.tell(place, notices.sample_gave_way(counts.stories, client.voice(place.locale)))
            said.add(key)
        await store.place_filters.yield_told(place_id, house.clock.now())
        said.discard(key)
