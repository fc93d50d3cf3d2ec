"""The unmodified client on the stand-in: it logs in, syncs, answers, posts, and survives trouble."""

import asyncio
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bot.loopback import CannotDoError, Fault, Loopback, crowd
from bot.loopback.faults import Kind
from bot.loopback.traffic import CREATE, EDIT, SYNC
from tests.fakes.waiting import PATIENCE_S, until
from tests.wire.clients import running
from tests.wire.conftest import Start

V2 = 1 << 15


class Panel(discord.ui.LayoutView):
    """A V2 message with a button, a select and a link."""

    def __init__(self, text: str = "Headlines") -> None:
        super().__init__(timeout=None)
        self.add_item(discord.ui.TextDisplay(text))
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
        self.next = discord.ui.Button[Any](label="Next page", custom_id="next")
        self.next.callback = self.turn  # type: ignore[method-assign]
        self.private = discord.ui.Button[Any](label="Read story", custom_id="read")
        self.private.callback = self.read  # type: ignore[method-assign]
        row.add_item(self.next)
        row.add_item(self.private)
        row.add_item(discord.ui.Button(label="Open at Reuters", url="https://example.org/a"))
        self.add_item(row)
        second: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
        self.select = discord.ui.Select[Any](
            custom_id="open",
            placeholder="Open a story…",
            options=[discord.SelectOption(label=f"{n} · Story {n}", value=f"s{n}") for n in range(1, 4)],
        )
        self.select.callback = self.chosen  # type: ignore[method-assign]
        second.add_item(self.select)
        self.add_item(second)

    async def turn(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=Panel("Page 2"))

    async def read(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("A story", ephemeral=True)

    async def chosen(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Opened {self.select.values[0]}", ephemeral=True)


class Form(discord.ui.Modal, title="Change time and zone"):
    time: Any = discord.ui.Label(text="Time", component=discord.ui.TextInput(custom_id="time", default="08:00"))
    zone: Any = discord.ui.Label(
        text="Zone",
        component=discord.ui.Select(
            custom_id="zone",
            options=[discord.SelectOption(label="Berlin", value="Europe/Berlin"), discord.SelectOption(label="UTC")],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"{self.time.component.value} {self.zone.component.values[0]}")


class Small(commands.AutoShardedBot):
    """A bot with one of everything."""

    def __init__(self, loopback: Loopback, **options: Any) -> None:
        options.setdefault("connector", loopback.connector())
        super().__init__("!", intents=discord.Intents(guilds=True), guild_ready_timeout=0.01, **options)
        self.resumed = asyncio.Event()
        self.add_commands()

    async def setup_hook(self) -> None:
        self.add_view(Panel())  # else a press is lost that comes before the answer to the post that shows the button
        await self.tree.sync()

    async def on_shard_resumed(self, shard: int) -> None:
        self.resumed.set()

    def add_commands(self) -> None:
        @self.tree.command(description="List headlines")
        async def headlines(interaction: discord.Interaction, topic: str = "all") -> None:
            await interaction.response.send_message(view=Panel(f"Headlines about {topic}"))

        @headlines.autocomplete("topic")
        async def topics(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=n, value=n) for n in ("world", "sport") if n.startswith(typed)]

        @self.tree.command(description="Ask a question")
        async def ask(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(Form())

        @self.tree.command(description="Take a while")
        async def slow(interaction: discord.Interaction) -> None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await interaction.followup.send("first")
            await interaction.followup.send("second", ephemeral=True)
            await interaction.edit_original_response(content="first, edited")

        @self.tree.command(description="Say nothing")
        async def silent(interaction: discord.Interaction) -> None:
            pass

        desk = app_commands.Group(
            name="newsdesk", description="Manage", default_permissions=discord.Permissions(manage_guild=True)
        )

        @desk.command(description="Set up")
        async def setup(
            interaction: discord.Interaction, channel: discord.TextChannel, time: str | None = None
        ) -> None:
            await interaction.response.send_message(f"{channel.mention} {time}", ephemeral=True)

        self.tree.add_command(desk)


@pytest.fixture
async def bot(loopback: Loopback, start: Start) -> Small:
    client = Small(loopback)
    await start(client)
    return client


async def test_the_client_logs_in_knows_its_server_and_syncs_its_commands(bot: Small, loopback: Loopback) -> None:
    assert bot.user is not None
    assert [guild.name for guild in bot.guilds] == ["Try-out"]
    assert {command["name"] for command in loopback.world.commands.listed()} == {
        "headlines", "ask", "slow", "silent", "newsdesk",
    }  # fmt: skip
    assert len(loopback.traffic.of(SYNC)) == 1


async def test_a_slash_command_is_answered_with_the_body_the_bot_sent(bot: Small, loopback: Loopback) -> None:
    exchange = await loopback.people.invoke("member", "#general", "headlines", {"topic": "world"})
    assert exchange.error is None
    assert exchange.responses[0]["type"] == 4
    assert exchange.message.draft.components[0]["content"] == "Headlines about world"
    assert exchange.message.draft.flags & V2
    assert not exchange.is_private


async def test_autocomplete_gives_choices(bot: Small, loopback: Loopback) -> None:
    exchange = await loopback.people.autocomplete("member", "#general", "headlines", "topic", "w")
    assert exchange.choices == [{"name": "world", "value": "world"}]


async def test_a_button_updates_its_message_and_another_answers_privately(bot: Small, loopback: Loopback) -> None:
    people = loopback.people
    shown = (await people.invoke("member", "#general", "headlines")).message
    assert (await people.press("member", shown, "Next page")).message is shown
    assert shown.draft.components[0]["content"] == "Page 2"
    story = await people.press("mitglied", shown, "read")
    assert story.is_private
    assert story.message in people.sees("de", "#general")
    assert story.message not in people.sees("member", "#general")


async def test_a_select_opens_what_was_chosen_by_label_value_or_row(bot: Small, loopback: Loopback) -> None:
    people = loopback.people
    shown = (await people.invoke("member", "#general", "headlines")).message
    for wanted in ("2 · Story 2", "s2", "2"):
        exchange = await people.choose("member", shown, "Open a story", [wanted])
        assert exchange.message.draft.content == "Opened s2"


async def test_a_modal_is_filled_by_label_and_keeps_what_it_shows_otherwise(bot: Small, loopback: Loopback) -> None:
    people = loopback.people
    opened = await people.invoke("admin", "#general", "ask")
    await until(lambda: bot._connection._view_store._modals)  # the client keeps a form once its answer has come
    sent = await people.submit_modal("admin", opened, {"Zone": "Berlin"})
    assert sent.message.draft.content == "08:00 Europe/Berlin"


async def test_a_deferred_answer_is_completed_by_the_first_follow_up(bot: Small, loopback: Loopback) -> None:
    exchange = await loopback.people.invoke("member", "#general", "slow")
    await loopback.people.settle(exchange, quiet_s=0.5)
    assert exchange.message.draft.content == "first, edited"
    assert exchange.is_private
    assert [message.draft.content for message in exchange.interaction.follow_ups] == ["second"]
    assert [body.get("type") or body.get("content") for body in exchange.responses] == [
        5, "first", "second", "first, edited",
    ]  # fmt: skip


async def test_commands_with_default_permissions_are_hidden_from_members(bot: Small, loopback: Loopback) -> None:
    people = loopback.people
    with pytest.raises(CannotDoError):
        await people.invoke("member", "#general", "newsdesk setup", {"channel": "#news"})
    exchange = await people.invoke("admin", "#general", "newsdesk setup", {"channel": "#news", "time": "8"})
    assert exchange.message.draft.content == f"<#{loopback.world.channel('news').id}> 8"


async def test_a_post_is_created_plain_and_dressed_to_components(bot: Small, loopback: Loopback) -> None:
    channel = bot.get_channel(loopback.world.channel("news").id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("Plain", nonce="n1")
    await message.edit(content=None, view=Panel())
    (stored,) = loopback.world.messages.history(loopback.world.channel("news"))
    assert stored.draft.is_v2
    assert stored.draft.content == ""
    assert [found.id async for found in channel.history(limit=5)] == [message.id]


async def test_the_same_nonce_gives_the_first_message_back(bot: Small, loopback: Loopback) -> None:
    channel = bot.get_channel(loopback.world.channel("news").id)
    assert isinstance(channel, discord.TextChannel)
    loopback.faults.add(Fault(Kind.RESET, CREATE, when="after"))
    with pytest.raises((discord.HTTPException, OSError, Exception)):
        await channel.send("Once", nonce="n1")
    again = await channel.send("Once", nonce="n1")
    assert [message.id for message in loopback.world.messages.history(loopback.world.channel("news"))] == [again.id]


async def test_a_dropped_socket_resumes_and_loses_no_event(bot: Small, loopback: Loopback) -> None:
    loopback.gateway.drop()
    guild = next(iter(loopback.world.guilds.values()))
    loopback.world.add_role(guild, "News managers")
    async with asyncio.timeout(PATIENCE_S):
        await bot.resumed.wait()
    assert loopback.gateway.resumes == 1
    assert "News managers" in [role.name for role in bot.guilds[0].roles]


async def test_a_route_limit_is_waited_out_by_the_client(bot: Small, loopback: Loopback) -> None:
    channel = bot.get_channel(loopback.world.channel("news").id)
    assert isinstance(channel, discord.TextChannel)
    loopback.faults.add(Fault(Kind.LIMIT, CREATE, times=2, retry_after_s=0.01))
    await channel.send("Patient")
    assert [request.status for request in loopback.traffic.of(CREATE)] == [429, 429, 200]


async def test_an_edit_that_fails_leaves_the_message_as_it_was(bot: Small, loopback: Loopback) -> None:
    channel = bot.get_channel(loopback.world.channel("news").id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("Plain")
    loopback.faults.add(Fault(Kind.STATUS, EDIT, status=503))
    with pytest.raises(discord.DiscordServerError):
        await message.edit(content="Changed")
    (stored,) = loopback.world.messages.history(loopback.world.channel("news"))
    assert stored.draft.content == "Plain"


async def test_hundreds_of_sends_at_once_all_arrive(loopback: Loopback, start: Start) -> None:
    places = crowd(loopback.world, 300)
    client = Small(loopback)
    await start(client)
    channels = [client.get_partial_messageable(channel.id) for _, channel in places]
    sent = await asyncio.gather(*(channel.send("At once") for channel in channels))
    assert len({message.id for message in sent}) == 300
    assert len(loopback.world.messages.all()) == 300


async def test_a_client_that_finds_discord_down_fails_to_log_in_and_may_try_again(loopback: Loopback) -> None:
    loopback.faults.down()
    with pytest.raises(discord.DiscordServerError):
        async with running(Small(loopback), loopback):
            pass
    loopback.faults.up()
    client = Small(loopback)
    async with running(client, loopback):
        assert client.user is not None


async def test_a_wrong_token_is_a_login_failure(loopback: Loopback) -> None:
    loopback.token = "another"
    with pytest.raises(discord.LoginFailure):
        async with running(Small(loopback), loopback):
            pass
