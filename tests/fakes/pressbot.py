"""A small bot of discord.py's own that says everything Discord can show; the page's tests look at what it sends."""

import asyncio
import io
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import discord
from discord import ButtonStyle, app_commands, ui
from discord.app_commands import Choice

from bot.clock import Clock

Option, Radio, Check = discord.SelectOption, discord.RadioGroupOption, discord.CheckboxGroupOption
BERLIN, DUE = ZoneInfo("Europe/Berlin"), time(8, 30)
CITIES = ("Berlin", "Bergen", "Lisbon", "London", "Tokyo")
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def headlines(page: int = 1) -> ui.LayoutView:
    """A list with a select, paging buttons and a link."""
    view = ui.LayoutView(timeout=None)
    first = 1 + 3 * (page - 1)
    numbers = range(first, first + 3)
    lines = [f"{n}. **Harbour bridge number {n} reopens** · [City Post](https://news.example/{n})" for n in numbers]
    box: ui.Container[Any] = ui.Container(accent_colour=0x8A5A08)
    box.add_item(ui.TextDisplay(f"## Headlines\n-# 6 stories · page {page} of 2\n" + "\n".join(lines)))
    box.add_item(ui.Separator())
    box.add_item(ui.TextDisplay("-# Added <t:1764547200:R> · more with </briefing:1>"))
    options = [Option(label=f"{n} · Harbour bridge {n}", value=str(n), description="City Post") for n in numbers]
    box.add_item(ui.ActionRow(ui.Select(custom_id="open", placeholder="Open a story…", options=options)))
    row: ui.ActionRow[Any] = ui.ActionRow()
    row.add_item(ui.Button(label="Previous page", custom_id="page:1", disabled=page == 1))
    row.add_item(ui.Button(label="Next page", custom_id="page:2", disabled=page == 2))
    row.add_item(ui.Button(label="Website", url="https://news.example/"))
    view.add_item(box)
    view.add_item(row)
    return view


def card(story: str) -> ui.LayoutView:
    """A story's card: a section with a thumbnail, every style of button, a select of more."""
    view = ui.LayoutView(timeout=None)
    box: ui.Container[Any] = ui.Container()
    away = ui.Thumbnail[Any]("https://news.example/bridge.jpg", description="The bridge at dusk")
    words = f"## Harbour bridge {story} reopens\n> “The work is done,” the mayor said."
    box.add_item(ui.Section(ui.TextDisplay(words), accessory=away))
    box.add_item(ui.Separator(spacing=discord.SeparatorSpacing.large))
    box.add_item(ui.TextDisplay("**Source** City Post · **Published** <t:1764547200:f>"))
    row: ui.ActionRow[Any] = ui.ActionRow()
    row.add_item(ui.Button(label="Share in channel", custom_id=f"share:{story}", style=ButtonStyle.primary))
    row.add_item(ui.Button(label="Keep", custom_id="slow", style=ButtonStyle.success))
    row.add_item(ui.Button(label="Report", custom_id="report", style=ButtonStyle.danger))
    row.add_item(ui.Button(label="Say nothing", custom_id="silent"))
    box.add_item(row)
    why = [Option(label="Why this story", value="why"), Option(label="Compare coverage", value="compare")]
    box.add_item(ui.ActionRow(ui.Select(custom_id="more", placeholder="More…", options=why)))
    view.add_item(box)
    return view


def panel(chosen: str = "none", channel: int | None = None) -> ui.LayoutView:
    """A panel with channel, role, person and several-choice selects; `channel` is chosen from the start."""
    view = ui.LayoutView(timeout=None)
    box: ui.Container[Any] = ui.Container(ui.TextDisplay(f"## Set up\nChosen: {chosen}"))
    kinds = [discord.ChannelType.text, discord.ChannelType.news]
    before = [discord.SelectDefaultValue.from_channel(discord.Object(channel))] if channel else []
    selects: list[ui.Item[Any]] = [
        ui.ChannelSelect(
            custom_id="channel", placeholder="Channel", channel_types=kinds, default_values=before, required=True
        ),
        ui.RoleSelect(custom_id="role", placeholder="Role", required=True),
        ui.UserSelect(custom_id="user", placeholder="Person", required=True),
    ]
    days = [Option(label=day, value=day[:2]) for day in ("Monday", "Tuesday", "Wednesday")]
    selects.append(ui.Select(custom_id="days", placeholder="Days", options=days, min_values=1, max_values=3))
    for select in selects:
        box.add_item(ui.ActionRow(select))
    box.add_item(ui.ActionRow(ui.Button(label="Change time", custom_id="time", style=ButtonStyle.secondary)))
    view.add_item(box)
    return view


class TimeForm(ui.Modal):
    """A form with every kind of field."""

    def __init__(self) -> None:
        super().__init__(title="Time and zone", custom_id="time-form")
        self.add_item(ui.TextDisplay("The briefing comes at this time, **every day**."))
        time: ui.TextInput[Any] = ui.TextInput(custom_id="time", max_length=5)
        self.add_item(ui.Label(text="Time", description="Such as 08:00", component=time))
        zones = [Option(label=city, value=city) for city in CITIES]
        self.add_item(ui.Label(text="City", component=ui.Select(custom_id="city", options=zones)))
        styles = [Radio(label="Cards", value="cards"), Radio(label="Plain", value="plain")]
        self.add_item(ui.Label(text="Style", component=ui.RadioGroup(custom_id="style", options=styles)))
        extras = [Check(label="Discussion", value="talk"), Check(label="Silent", value="hush")]
        group: ui.CheckboxGroup[Any] = ui.CheckboxGroup(custom_id="extras", options=extras, required=False)
        self.add_item(ui.Label(text="Extras", component=group))


class PressBot(discord.Client):
    """The bot. Its briefing is due at half past eight in Berlin each day, in #news."""

    def __init__(self, connector: aiohttp.BaseConnector, clock: Clock) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True), connector=connector)
        self.clock = clock
        self.may_finish = asyncio.Event()  # what takes time; a test that looks at it meanwhile clears this
        self.may_finish.set()
        self.tree = app_commands.CommandTree(self)
        self.seen: list[discord.Interaction] = []
        self.heard: list[discord.Message] = []
        self._daily: asyncio.Task[None] | None = None
        _add_commands(self.tree)

    async def setup_hook(self) -> None:
        await self.tree.sync()
        self._daily = asyncio.create_task(self._post_daily())

    async def close(self) -> None:
        if self._daily is not None:
            self._daily.cancel()
        await super().close()

    async def _post_daily(self) -> None:
        while True:
            now = self.clock.now()
            today = now.astimezone(BERLIN).date()
            days = (datetime.combine(today + timedelta(days=n), DUE, BERLIN).astimezone(UTC) for n in (0, 1))
            await self.clock.sleep((next(due for due in days if due > now) - now).total_seconds())
            await self.post_briefing()

    async def post_briefing(self) -> None:
        """Post plain, then dress."""
        news = next(channel for channel in self.get_all_channels() if channel.name == "news")
        assert isinstance(news, discord.TextChannel)
        words = "**Harbour bridge reopens**\n1. Harbour bridge reopens\n2. Ferry stops"
        message = await news.send(words, nonce="daily-1")
        await message.edit(content=None, view=headlines())

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.seen.append(interaction)
        data: dict[str, Any] = dict(interaction.data or {})
        if interaction.type is discord.InteractionType.modal_submit:
            values = [part["component"] for part in data["components"] if "component" in part]
            told = " · ".join(str(value.get("value", value.get("values"))) for value in values)
            await interaction.response.send_message(f"Handed in: {told}", ephemeral=True)
        elif "custom_id" in data:
            await self._touched(interaction, data["custom_id"], data.get("values", []))

    async def _touched(self, interaction: discord.Interaction, name: str, values: list[str]) -> None:
        answer = interaction.response
        match name.partition(":"):
            case ("open", _, _):
                await answer.send_message(view=card(values[0]), ephemeral=True)
            case ("page", _, number):
                await answer.edit_message(view=headlines(int(number)))
            case ("share", _, story):
                await answer.send_message(view=card(story))
            case ("more", _, _):
                await answer.send_message("### Why this story?\nFour outlets tell it.", ephemeral=True)
            case ("slow", _, _):
                await answer.defer(ephemeral=True, thinking=True)
                await self.may_finish.wait()
                await interaction.followup.send("Kept.")
            case ("time" | "report", _, _):
                await answer.send_modal(TimeForm())
            case ("channel" | "role" | "user" | "days", _, _):
                await answer.edit_message(view=panel(", ".join(values)))


def _add_commands(tree: app_commands.CommandTree[PressBot]) -> None:
    @tree.command(name="headlines", description="Show the headlines, newest first")
    @app_commands.describe(topic="What they are about", since="How far back", show="Who sees it")
    @app_commands.choices(show=[Choice(name="only me", value="me"), Choice(name="everyone", value="all")])
    async def list_headlines(
        interaction: discord.Interaction, topic: str = "", since: app_commands.Range[int, 1, 7] = 7, show: str = "me"
    ) -> None:
        await interaction.response.send_message(view=headlines(), ephemeral=show == "me")

    @list_headlines.autocomplete("topic")
    async def topics(_: discord.Interaction, typed: str) -> list[Choice[str]]:
        found = [city for city in CITIES if city.lower().startswith(typed.lower())]
        return [Choice(name=city, value=city.lower()) for city in found]

    @tree.command(description="Open the latest briefing")
    async def briefing(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=headlines(2))

    @tree.command(description="Say a text as it is")
    async def echo(interaction: discord.Interaction, text: str) -> None:
        await interaction.response.send_message(text.replace("\\n", "\n"))

    @tree.command(description="Show a picture of its own and one from elsewhere")
    async def pictures(interaction: discord.Interaction) -> None:
        view = ui.LayoutView()
        file = discord.File(io.BytesIO(PICTURE), filename="dot.png")
        away = discord.MediaGalleryItem("https://news.example/a.jpg")
        view.add_item(ui.MediaGallery(discord.MediaGalleryItem(file, description="A dot"), away))
        await interaction.response.send_message(view=view, file=file)

    managers = discord.Permissions(manage_guild=True)
    desk = app_commands.Group(name="newsdesk", description="Manage", default_permissions=managers)

    @desk.command(description="Set up the daily briefing")
    async def setup(
        interaction: discord.Interaction, channel: discord.TextChannel, role: discord.Role | None = None
    ) -> None:
        chosen = f"{channel.mention} {role.mention if role else ''}"
        await interaction.response.send_message(view=panel(chosen, channel.id), ephemeral=True)

    tree.add_command(desk)
