"""Try mode's prompt: a person types, the bot answers over the wire, and the answer is drawn."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import discord
import pytest

from bot.clock import SimulatedClock
from bot.loopback import Loopback
from bot.loopback.session import Output, Session
from tests.wire.clients import be_patient
from tests.wire.conftest import Start
from tests.wire.test_client import Panel, Small

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
async def bot(loopback: Loopback, start: Start) -> Small:
    client = Small(loopback)
    await start(client)
    return client


@pytest.fixture
async def session(bot: Small, loopback: Loopback, clock: SimulatedClock) -> AsyncIterator[Session]:
    be_patient(loopback)
    prompt = Session(loopback, advance=clock.advance, zone=ZoneInfo("Europe/Berlin"), quiet_s=0.02)
    yield prompt
    prompt.close()


async def test_a_slash_command_is_drawn_and_kept_as_json(session: Session) -> None:
    output = await session.enter("/headlines topic:world")
    assert output.text.splitlines() == [
        "Dateline · #general",
        "Headlines about world",
        "[Next page]  [Read story]  [Open at Reuters ↗] (https://example.org/a)",
        "[select: Open a story… (3)]",
        "21/4,000 characters · 7/40 parts",
    ]
    line = json.loads(output.json_line)
    assert line["input"] == "/headlines topic:world"
    assert [sorted(body) for body in line["responses"]] == [["data", "type"]]


async def test_what_came_before_any_input_has_none(bot: Small, session: Session, loopback: Loopback) -> None:
    channel = bot.get_channel(loopback.world.channel("news").id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("Plain")
    await message.edit(content=None, view=Panel("Dressed"))
    output = await session.opening()
    line = json.loads(output.json_line)
    assert line["input"] is None
    assert [body["content"] for body in line["responses"]] == ["Plain", None]
    assert output.text.startswith("Dateline · #news")
    assert "Dressed" in output.text


async def test_buttons_selects_and_forms_work_by_what_they_say(session: Session) -> None:
    await session.enter("/headlines")
    assert "Page 2" in (await session.enter("press Next page")).text
    assert "Only you can see this" in (await session.enter("> Read")).text
    assert "Opened s3" in (await session.enter("pick 3")).text
    assert "Opened s1" in (await session.enter("pick Open a story: 1 · Story 1")).text
    assert (await session.enter("options")).text.splitlines()[1] == "  1. 1 · Story 1"
    assert (await session.enter("/ask")).text.splitlines()[0] == "Form: Change time and zone"
    assert "07:30 UTC" in (await session.enter("fill Time=07:30 Zone=UTC")).text


async def test_suggestions_are_listed(session: Session) -> None:
    assert (await session.enter("suggest /headlines topic:s")).text == "  sport"
    assert (await session.enter("suggest /headlines")).text.startswith("Name the option")


async def test_a_deferred_answer_is_waited_for(session: Session) -> None:
    session._quiet_s = 1.0  # on a busy machine there is a while between its parts
    output = await session.enter("/slow")
    assert "first, edited" in output.text
    assert [body.get("type", body.get("content")) for body in output.responses] == [
        5,
        "first",
        "second",
        "first, edited",
    ]


async def test_silence_is_told(session: Session, loopback: Loopback) -> None:
    loopback.people.patience_s = 0.2
    assert (await session.enter("/silent")).text == "The application did not respond."


async def test_free_text_goes_to_the_first_option(session: Session) -> None:
    assert "Headlines about the whole world" in (await session.enter("/headlines the whole world")).text
    assert (await session.enter("/silent now")).text == "/silent takes no options."


async def test_one_speaks_as_somebody_somewhere(session: Session) -> None:
    assert session.prompt == "Sun 08:30 Admin #general> "
    assert (await session.enter("in #moderators")).text == "You are in #moderators."
    assert (await session.enter("as member")).text == "You are Member, in #general."
    assert "does not see" in (await session.enter("in #moderators")).text
    assert "no command /newsdesk" in (await session.enter("/newsdesk setup channel:#news")).text
    await session.enter("in dm")
    assert session.prompt == "Sun 08:30 Member DM with Member> "
    assert "Headlines about all" in (await session.enter("/headlines")).text
    assert "Nobody is called" in (await session.enter("as somebody")).text
    assert "no channel" in (await session.enter("in #nowhere")).text


async def test_the_clock_moves_and_wakes_the_bot(session: Session, bot: Small, clock: SimulatedClock) -> None:
    assert (await session.enter("clock tomorrow 08:00")).text == "It is Monday, 2026-11-23 08:00."
    assert clock.now() == NOW + timedelta(hours=23, minutes=30)
    assert "forward only" in (await session.enter("clock today 07:00")).text
    assert (await session.enter("clock +1h")).text == "It is Monday, 2026-11-23 09:00."


async def test_what_is_unclear_or_impossible_is_told_in_a_sentence(session: Session) -> None:
    for line in ("hello", "press Next page", "pick 3", "pick Open: 3", "fill Time=8", "/nothing", "/newsdesk"):
        output = await session.enter(line)
        assert output.text.endswith((".", "?"))
        assert output.responses == ()
    assert await session.enter("") == Output("", "")


async def test_messages_and_commands_are_shown_again(session: Session) -> None:
    assert (await session.enter("show")).text == "Nothing here yet."
    await session.enter("/headlines")
    assert (await session.enter("show")).text.startswith("Dateline · #general")
    assert "/headlines topic:…" in (await session.enter("/")).text
    assert (await session.enter("help")).text.startswith("/headlines")
    assert (await session.enter("options")).text.startswith("Open a story")


async def test_nothing_to_pick_is_told(session: Session) -> None:
    assert (await session.enter("options")).text == "Nothing to pick."


async def test_leaving_is_done(session: Session) -> None:
    assert (await session.enter("quit")).done


async def test_work_of_the_bots_own_is_waited_for(bot: Small, loopback: Loopback, clock: SimulatedClock) -> None:
    waited = []

    async def idle() -> None:
        waited.append(True)

    session = Session(loopback, advance=clock.advance, idle=idle, quiet_s=0.01)
    await session.enter("/headlines")
    session.close()
    assert waited == [True]


async def test_what_is_missing_is_answered_with_what_the_newest_message_has(
    session: Session, bot: Small, loopback: Loopback
) -> None:
    nothing = await session.enter("press Next page")
    assert nothing.text == "There is nothing here to press or pick yet."
    await session.enter("/headlines")
    channel = bot.get_channel(loopback.world.channel("general").id)
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="Older", custom_id="older"))
    await channel.send("Has a button", view=view)
    await session.enter("/headlines topic:sport")
    await channel.send("Has none")
    await session.enter("show")
    missing = await session.enter("press Nonsense")
    assert missing.text == "There is no “Nonsense” here. There is: “Next page”, “Read story”, “Open at Reuters”."
    assert (await session.enter("press Open at")).text == "“Open at Reuters” opens https://example.org/a in a browser."


async def test_after_each_leap_of_the_clock_too(bot: Small, loopback: Loopback, clock: SimulatedClock) -> None:
    waited: list[datetime] = []

    async def idle() -> None:
        waited.append(clock.now())

    session = Session(loopback, advance=clock.advance, idle=idle, quiet_s=0.01)
    await session.enter("clock +1h")
    session.close()
    assert waited[:5] == [NOW + timedelta(minutes=12 * leap) for leap in range(1, 6)]


@pytest.mark.parametrize(
    "line", ["//", "/ /", "/:", "/headlines :", "/headlines topic", "> ", "suggest //", "clock 9999-12-31 23:59"]
)
async def test_a_line_that_means_nothing_is_answered_and_ends_nothing(session: Session, line: str) -> None:
    assert (await session.enter(line)).done is False
    assert (await session.enter("/headlines")).responses
