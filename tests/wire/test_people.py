"""What people do arrives at the client as Discord sends it, and what they can't do is refused before."""

import asyncio
from datetime import timedelta
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.clock import AdjustableClock
from bot.loopback import CannotDoError, Loopback
from bot.loopback.people import SILENT, UNHEARD
from tests.fakes.clocks import from_noon
from tests.fakes.waiting import until
from tests.wire.conftest import Start
from tests.wire.test_client import Panel, Small

Json = dict[str, Any]


class Witness(discord.AutoShardedClient):
    """A client that keeps what each interaction told it."""

    def __init__(self, loopback: Loopback) -> None:
        super().__init__(intents=discord.Intents(guilds=True), connector=loopback.connector())
        self.tree = app_commands.CommandTree(self)
        self.seen: list[discord.Interaction] = []

        @self.tree.command(description="Everything")
        @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
        async def everything(
            interaction: discord.Interaction,
            who: discord.Member | None = None,
            where: discord.TextChannel | None = None,
            role: discord.Role | None = None,
        ) -> None:
            self.seen.append(interaction)
            await interaction.response.send_message(f"{who and who.name} {where and where.name} {role and role.name}")

        @self.tree.command(description="Too much")
        async def wrong(interaction: discord.Interaction) -> None:
            self.seen.append(interaction)
            try:
                await interaction.response.send_message("a" * 2001)
            except discord.HTTPException as error:
                assert error.code == 50035  # noqa: PT017 - the client goes on

    async def setup_hook(self) -> None:
        await self.tree.sync()


@pytest.fixture
def clock() -> AdjustableClock:
    return from_noon()


@pytest.fixture
async def witness(loopback: Loopback, start: Start) -> Witness:
    client = Witness(loopback)
    await start(client)
    return client


@pytest.fixture
async def bot(loopback: Loopback, start: Start) -> Small:
    client = Small(loopback)
    await start(client)
    return client


async def test_an_interaction_tells_who_where_and_in_which_language(witness: Witness, loopback: Loopback) -> None:
    await loopback.people.invoke("de", "#general", "everything")
    (interaction,) = witness.seen
    assert interaction.user.display_name == "Mitglied"
    assert interaction.locale is discord.Locale.german
    assert interaction.guild_locale is discord.Locale.american_english
    assert isinstance(interaction.channel, discord.TextChannel)
    assert interaction.channel.name == "general"
    assert interaction.context.guild
    assert interaction.permissions.send_messages
    assert not interaction.permissions.manage_guild
    assert interaction.app_permissions.send_messages
    assert interaction.filesize_limit == 10 * 1024 * 1024
    assert interaction.is_guild_integration()


async def test_an_interaction_in_a_dm_has_a_user_and_no_server(witness: Witness, loopback: Loopback) -> None:
    await loopback.people.invoke("member", "dm", "everything")
    (interaction,) = witness.seen
    assert isinstance(interaction.user, discord.User)
    assert interaction.guild is None
    assert interaction.context.dm_channel
    assert isinstance(interaction.channel, discord.DMChannel)


async def test_people_channels_and_roles_arrive_resolved(witness: Witness, loopback: Loopback) -> None:
    options = {"who": "admin", "where": "#news", "role": "Admins"}
    exchange = await loopback.people.invoke("member", "#general", "everything", options)
    assert exchange.message.draft.content == "admin news Admins"


async def test_an_answer_that_was_refused_is_told_with_the_reason(
    witness: Witness, loopback: Loopback, clock: AdjustableClock
) -> None:
    asking = asyncio.create_task(loopback.people.invoke("member", "#general", "wrong"))
    await until(lambda: loopback.traffic.statuses[400])
    clock.advance(timedelta(seconds=loopback.people.patience_s))
    exchange = await asking
    assert exchange.error is not None
    assert exchange.error.startswith(SILENT)
    assert "BASE_TYPE_BAD_LENGTH" in exchange.error
    for part in ("message", "modal", "choices"):
        with pytest.raises(LookupError):
            getattr(exchange, part)


async def test_nobody_answers_when_the_bot_is_away(loopback: Loopback) -> None:
    loopback.world.commands.replace(0, [{"name": "headlines", "description": "x"}])
    exchange = await loopback.people.invoke("member", "#general", "headlines")
    assert exchange.error == UNHEARD


async def test_a_deferred_answer_that_never_comes_is_told(bot: Small, loopback: Loopback) -> None:
    exchange = await loopback.people.invoke("member", "#general", "slow")
    await until(lambda: len(exchange.responses) == 4)  # all that it says is on its way
    await loopback.people.settle(exchange)
    exchange.interaction.completed.clear()
    await loopback.people.settle(exchange, at_most_s=0.05)
    assert exchange.error == "The deferred answer did not come"


async def test_a_private_message_is_pressed_by_its_reader_only_and_not_after_it_is_gone(
    bot: Small, loopback: Loopback
) -> None:
    people = loopback.people
    shown = (await people.invoke("member", "#general", "headlines")).message
    story = (await people.press("member", shown, "Read story")).message
    with pytest.raises(CannotDoError, match="Only one person"):
        await people.press("admin", story, "anything")
    loopback.world.messages.delete(shown)
    with pytest.raises(CannotDoError, match="gone"):
        await people.press("member", shown, "Next page")


async def test_a_form_belongs_to_who_opened_it(bot: Small, loopback: Loopback) -> None:
    opened = await loopback.people.invoke("admin", "#general", "ask")
    with pytest.raises(CannotDoError):
        await loopback.people.submit_modal("member", opened, {})


async def test_only_options_with_suggestions_suggest(bot: Small, loopback: Loopback) -> None:
    with pytest.raises(CannotDoError):
        await loopback.people.autocomplete("admin", "#general", "newsdesk setup", "time", "8")


async def test_nobody_writes_where_they_may_not(loopback: Loopback) -> None:
    with pytest.raises(CannotDoError):
        loopback.people.say("member", "#news", "Hello")


async def test_a_message_of_the_bot_in_a_dm_can_be_pressed(bot: Small, loopback: Loopback) -> None:
    member = loopback.world.person("member")
    user = await bot.fetch_user(member.id)
    await user.send(view=Panel("By DM"))
    (message,) = loopback.people.sees("member", "dm")
    assert (await loopback.people.press("member", message, "next")).message is message
