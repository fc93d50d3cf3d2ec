"""Runs a discord.py client on a stand-in for the length of a block."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import discord

from bot.loopback import Loopback
from tests.fakes.waiting import PATIENCE_S, until

TOKEN = "a-token"


def be_patient(loopback: Loopback) -> None:
    """Let the people wait longer than Discord's three seconds: a busy machine is no wrong answer."""
    loopback.stand.interactions.answer_s = loopback.people.patience_s = PATIENCE_S


@asynccontextmanager
async def running(client: discord.Client, loopback: Loopback, *, token: str = TOKEN) -> AsyncIterator[None]:
    """Start a client, wait until it knows its servers, and close it when the block ends."""
    task = asyncio.create_task(client.start(token))
    try:
        await until(lambda: task.done() or knows_its_servers(client, loopback))
        if task.done():
            await task
        yield
    finally:
        await client.close()
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task


def knows_its_servers(client: discord.Client, loopback: Loopback) -> bool:
    """Whether a client has heard of each server that it is in."""
    known = {guild.id for guild in client.guilds if not guild.unavailable}
    return loopback.gateway.is_connected and known == {guild.id for guild in loopback.world.bot_guilds()}
