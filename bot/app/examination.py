"""The part of `dateline check` that asks Discord: token, application, commands, clock, servers and permissions.

REST first, with the token; then servers and channels, from the running bot if there is one, else over a short session
of the gateway (asking for each channel over REST would take 20 s for 1,000 places).
"""

import asyncio
import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import discord

from bot.app.findings import Finding, Level, few
from bot.client.access import Access
from bot.client.sync import invite_link
from bot.clock import Clock
from bot.deliver.clockguard import TOLERANCE, ClockGuard
from bot.domain.places import Schedule, TargetKind

_PATIENCE_S = 15.0
_GUILDS_PAUSE_S = 0.5
_UNREACHABLE = (OSError, aiohttp.ClientError, discord.HTTPException, discord.GatewayNotFound, TimeoutError)


@dataclass(frozen=True, slots=True)
class Examined:
    """What Discord said."""

    findings: list[Finding]
    invite: str | None = None


async def examine(
    token: str,
    schedules: Sequence[Schedule],
    served: Sequence[int],
    known_commands: str | None,
    clock: Clock,
    *,
    connector: aiohttp.BaseConnector | None = None,
    places: list[Finding] | None = None,
) -> Examined:
    """Ask Discord. `places` is what the running bot found of them; None: no bot runs, so look at them here."""
    guard = ClockGuard(clock, _no_probe)
    client = discord.AutoShardedClient(
        intents=discord.Intents(guilds=True), connector=connector, http_trace=guard.trace(), max_messages=None,
        member_cache_flags=discord.MemberCacheFlags.none(), chunk_guilds_at_startup=False,
        guild_ready_timeout=_GUILDS_PAUSE_S, max_ratelimit_timeout=30,
    )  # fmt: skip
    try:
        await asyncio.wait_for(client.login(token), _PATIENCE_S)
    except discord.LoginFailure:
        cure = "Copy it again from the developer portal (page Bot, Reset Token) into DISCORD_TOKEN."
        return Examined([Finding("token", Level.PROBLEM, "Discord does not accept it.", cure)])
    except _UNREACHABLE as error:
        cure = "Check the network of this machine, and https://discordstatus.com."
        return Examined([Finding("Discord", Level.WARNING, f"It can’t be reached ({type(error).__name__}).", cure)])
    else:
        findings = [*_application(client), await _commands(client, known_commands), _time(guard, clock)]
        looked = places if places is not None else await _visit(client, schedules, served)
        number = client.application_id
        return Examined([*findings, *looked], invite_link(number) if number else None)
    finally:
        await client.close()


async def _no_probe() -> None:
    """Ask nothing more: logging in told the time."""


def _application(client: discord.Client) -> list[Finding]:
    application = client.application
    name = client.user.name if client.user else "the bot"
    findings = [Finding("token", Level.OK, f"Discord accepts it: {name}.")]
    if application is not None and application.bot_require_code_grant:
        cure = "Switch off “Requires OAuth2 Code Grant” in the developer portal, page Bot."
        findings.append(Finding("application", Level.PROBLEM, "Nobody can add the bot to a server.", cure))
    findings.append(Finding("intents", Level.OK, "Only servers and channels; nothing privileged is asked for."))
    return findings


async def _commands(client: discord.Client, known: str | None) -> Finding:
    """Compare what Discord has with what was sent the last time."""
    try:
        there = await client.http.get_global_commands(client.application_id or 0)
    except _UNREACHABLE as error:
        return Finding("commands", Level.WARNING, f"They can’t be read ({type(error).__name__}).", "Try again later.")
    sent = {int(number) for number in json.loads(known or "{}").get("ids", {}).values()}
    if not sent:
        return Finding("commands", Level.NOTE, "Not sent to Discord yet; the bot does it when it starts.")
    if sent - {int(command["id"]) for command in there}:
        return Finding(
            "commands", Level.PROBLEM, "Discord lacks some of them.",
            "Run dateline check --send-commands, then restart the bot.",
        )  # fmt: skip
    return Finding("commands", Level.OK, f"All {len(sent)} are there.")


def _time(guard: ClockGuard, clock: Clock) -> Finding:
    told = guard.now()
    wrong = abs(told - clock.now()) if told is not None else timedelta()
    if wrong > TOLERANCE:
        text = f"This machine’s clock is wrong by {wrong.total_seconds():,.0f} seconds; briefings follow Discord’s."
        return Finding("clock", Level.WARNING, text, "Switch on network time, e.g. timedatectl set-ntp true.")
    return Finding("clock", Level.OK, "It agrees with Discord’s.")


async def _visit(
    client: discord.AutoShardedClient, schedules: Sequence[Schedule], served: Sequence[int]
) -> list[Finding]:
    """Look at servers and channels over a gateway session of our own."""
    connecting = asyncio.create_task(client.connect(reconnect=False))
    ready = asyncio.create_task(client.wait_until_ready())
    try:
        await asyncio.wait({connecting, ready}, timeout=_PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            cure = "Try again; if it lasts, see https://discordstatus.com."
            return [Finding("servers", Level.WARNING, "Discord’s gateway does not answer.", cure)]
        return places(client, schedules, served)
    finally:
        ready.cancel()
        connecting.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await connecting


def places(client: discord.Client, schedules: Sequence[Schedule], served: Sequence[int]) -> list[Finding]:
    """Look at the servers and at every place that has a briefing, from a client that is ready."""
    there = {guild.id for guild in client.guilds}
    findings = [_servers(there)]
    findings += [
        Finding("servers", Level.WARNING, f"The bot is not in server {number} of DATELINE_SERVERS.", "Invite it there.")
        for number in served
        if number not in there
    ]
    if strange := there - set(served) if served else set():
        text = f"{len(strange)} of its servers are not in DATELINE_SERVERS and get no answers."
        findings.append(Finding("servers", Level.NOTE, text))
    access = Access(client)
    on = [one for one in schedules if one.enabled and one.target is not TargetKind.DM]
    lacking = [finding for one in on if (finding := _permission(client, access, one)) is not None]
    if on and not lacking:
        findings.append(Finding("permissions", Level.OK, f"Every channel of {len(on):,} briefings can be posted in."))
    return findings + few(lacking)


def _servers(there: set[int]) -> Finding:
    if not there:
        return Finding("servers", Level.WARNING, "The bot is in no server.", "Open the invite link below.")
    return Finding("servers", Level.OK, f"{len(there):,}.")


def _permission(client: discord.Client, access: Access, schedule: Schedule) -> Finding | None:
    settings = schedule.settings
    missing = access.missing(schedule.channel_id, discussion=settings.discussion, publish=settings.publish)
    if not missing:
        return None
    channel: Any = client.get_channel(schedule.channel_id)
    if channel is None:
        text = f"The channel {schedule.channel_id} of a briefing is gone, or the bot can’t see it."
        cure = "Allow View Channel there, or choose another channel with /newsdesk setup."
    else:
        text = f"#{channel.name} in {channel.guild.name}: {', '.join(missing)} is missing."
        cure = "Allow it for the bot’s role there, or choose another channel with /newsdesk setup."
    return Finding("permissions", Level.PROBLEM, text, cure)
