"""`dateline snapshot OUT/`: the main messages and try mode's page as pictures, for the documents."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import logs
from bot.cli.captions import caption, stands, write
from bot.cli.tryout import Tryout, open_tryout
from bot.clock import AdjustableClock
from bot.desk.zones import choose_zone
from bot.loopback.messages import Message
from bot.loopback.page.chromium import find
from bot.loopback.page.server import Page
from bot.loopback.page.snapshot import Camera, camera
from bot.loopback.people import Exchange

_PHONE = (390, 844)
_DESK = (1280, 800)
_CHANNEL = "#news"  # which the pictures of the whole page show


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", metavar="OUT", help="the folder that the pictures go into")
    parser.add_argument("--chromium", metavar="PATH", help="the Chromium to draw with (default: the one on the PATH)")
    parser.add_argument("--all", action="store_true", help="draw also those whose words have not changed")
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help="light (the default) or dark")
    parser.add_argument("--zone", metavar="ZONE", default="Europe/Berlin", help="the zone that times are shown in")


def run(arguments: argparse.Namespace) -> int:
    """Draw every picture and name the files."""
    logs.start("console", "error")
    zone = ZoneInfo(choose_zone(arguments.zone))
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    chromium = find(Path(arguments.chromium) if arguments.chromium else None)
    asyncio.run(_draw(folder, chromium, zone, arguments))
    names = sorted(path.stem for path in folder.glob("*.png"))
    print(f"{len(names)} pictures in {folder}: {', '.join(names)}.")
    return 0


async def _draw(folder: Path, chromium: Path, zone: ZoneInfo, arguments: argparse.Namespace) -> None:
    async with (
        open_tryout(zone, clock=plain_day()) as tryout,
        await Page.start(tryout.loopback, tryout.clock) as page,
        camera(page, chromium=chromium, zone=zone.key) as shot,
    ):
        await tryout.idle()
        async for name, message, person in scenes(tryout):
            picture, said = folder / f"{name}.png", caption([message])
            if arguments.all or not stands(picture, said):
                await shot.message(message, picture, person=person, theme=arguments.theme)
                write(picture, said)
        await _pages(shot, tryout, folder, arguments)


def plain_day() -> AdjustableClock:
    """Give a clock that stands in the middle of January: no DST within sight, so that every run says the same."""
    clock = AdjustableClock()
    now = clock.now()
    day = now.replace(month=1, day=15, hour=9, minute=0)
    clock.advance((day if day > now else day.replace(year=now.year + 1)) - now)
    return clock


async def scenes(tryout: Tryout) -> AsyncIterator[tuple[str, Message, str]]:
    """Do what people would do; each step's message is drawn before the next step changes it."""
    people = tryout.loopback.people

    async def settled(exchange: Exchange) -> Message:
        await people.settle(exchange)
        return exchange.message

    async def ask(who: str, command: str, **options: object) -> Message:
        return await settled(await people.invoke(who, "#general", command, options))

    yield "briefing", people.sees("admin", _CHANNEL)[-1], "member"
    headlines = await ask("member", "headlines")
    yield "headlines", headlines, "member"
    story = await settled(await people.choose("member", headlines, "", ["1"]))
    yield "story", story, "member"
    yield "full-text", await settled(await people.press("member", story, "Read full text")), "member"
    yield "search", await ask("member", "search", words="trump"), "member"
    yield "follow", await ask("member", "follow", what="Japan"), "member"
    mutes = await settled(await people.press("member", await ask("member", "dateline"), "Your mutes"))
    yield "mutes", await settled(await people.choose("member", mutes, "Mute a topic", ["Sport"])), "member"
    yield "setup", await ask("admin", "newsdesk setup", time="8", zone="Berlin"), "admin"
    yield "status", await ask("admin", "newsdesk status"), "admin"
    yield "about", await ask("admin", "dateline"), "admin"
    yield "german", await ask("de", "headlines", show="me"), "de"


def pages(tryout: Tryout) -> dict[str, tuple[str, list[Message]]]:
    """Give, for each picture of the whole page, who looks at it and the messages that it shows."""
    sees = tryout.loopback.people.sees
    return {name: (who, sees(who, _CHANNEL)) for name, who in (("page", "admin"), ("phone", "member"))}


async def _pages(shot: Camera, tryout: Tryout, folder: Path, arguments: argparse.Namespace) -> None:
    for name, (who, messages) in pages(tryout).items():
        picture, said = folder / f"{name}.png", caption(messages)
        if arguments.all or not stands(picture, said):
            size = _PHONE if name == "phone" else _DESK
            await shot.page(picture, person=who, theme=arguments.theme, size=size)
            write(picture, said)
