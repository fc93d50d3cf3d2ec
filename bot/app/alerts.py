"""Wires alerts: the desk chooses them, render writes them in the person's language, deliver sends them."""

import random
from collections.abc import Iterable
from dataclasses import replace

from bot.app.delivery import Speak
from bot.app.house import House
from bot.deliver.alerts import AlertSender, Direct
from bot.deliver.pace import Pace
from bot.deliver.senders import DiscordSender
from bot.desk.alerting import Alerting, Outgoing
from bot.render import follows
from bot.render.message import to_payload


def build(house: House, sender: DiscordSender, desk: Alerting, pace: Pace, speak: Speak) -> AlertSender:
    """Give the sender of alerts."""
    return AlertSender(house.store, sender, Writer(house, desk, speak), pace, clock=house.clock, rng=random.Random())


class Writer:
    """Writes what the desk chose."""

    def __init__(self, house: House, desk: Alerting, speak: Speak) -> None:
        self._house = house
        self._desk = desk
        self._speak = speak

    async def outgoing(self) -> tuple[Direct, ...]:
        """Give what may be sent now, written."""
        return self._written(await self._desk.outgoing())

    async def undressed(self) -> tuple[Direct, ...]:
        """Give what was sent and lacks its controls, written."""
        return self._written(await self._desk.undressed())

    def _written(self, found: Iterable[Outgoing]) -> tuple[Direct, ...]:
        return tuple(self._write(one) for one in found)

    def _write(self, one: Outgoing) -> Direct:
        say = replace(self._speak(one.due.place.locale), now=self._house.clock.now())
        return Direct(
            id=one.due.id,
            user_id=one.due.user_id,
            nonce=one.due.nonce,
            plain=follows.alert(one.alert, say).content or "",
            dressed=to_payload(follows.dressed_alert(one.alert, say))["components"],
            story_id=one.alert.story.id,
            tries=one.due.tries,
            channel_id=one.due.channel_id,
            message_id=one.due.message_id,
        )
