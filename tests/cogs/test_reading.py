from dataclasses import replace

import pytest

from bot.domain.articles import TextOrigin
from bot.domain.sources import SourceKind
from bot.domain.stories import story_key
from bot.domain.topics import Topic
from bot.loopback import Loopback
from bot.loopback.guilds import Guild, Kind
from bot.loopback.interactions import Callback
from bot.loopback.permissions import Overwrite, Permission
from bot.store.members import Use
from tests.fakes.ledgers import add_schedule
from tests.fakes.managers import text_of
from tests.fakes.newsroom import JAPAN, Newsroom
from tests.fakes.waiting import until

HEADLINES = [f"{name} story number {n}" for n, name in enumerate(["Harbour", "Frog", "Bridge", "Opera"] * 3)]


@pytest.fixture
async def stories(newsroom: Newsroom) -> list[int]:
    feed = await newsroom.source("feed")
    title = "Japan strengthens its defense"
    first = await newsroom.add(feed, title, paragraphs=JAPAN, topics=(Topic.WORLD,), age_h=0.5)
    return first + await newsroom.add(feed, *HEADLINES)


# ── /headlines ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_headlines_are_private_in_a_server_and_an_ordinary_message_in_the_dm(
    bot: Loopback, stories: list[int]
) -> None:
    server = await bot.people.invoke("member", "general", "headlines")
    direct = await bot.people.invoke("member", "dm", "headlines")
    assert (server.is_private, direct.is_private) == (True, False)
    assert "Japan strengthens its defense" in text_of(server)
    assert "page 1 of 2" in text_of(server)


async def test_pages_are_turned_in_place(bot: Loopback, stories: list[int]) -> None:
    first = await bot.people.invoke("member", "general", "headlines")
    second = await bot.people.press("member", first.message, "Next page")
    assert "page 2 of 2" in text_of(second)
    assert second.message.id == first.message.id
    back = await bot.people.press("member", second.message, "Previous page")
    assert "page 1 of 2" in text_of(back)


async def test_a_public_list_is_short_and_its_controls_answer_privately(bot: Loopback, stories: list[int]) -> None:
    shown = await bot.people.invoke("member", "general", "headlines", {"show": "everyone"})
    assert not shown.is_private
    assert "top 5" in text_of(shown)
    for answer in (
        await bot.people.press("mitglied", shown.message, "All headlines"),
        await bot.people.choose("mitglied", shown.message, "", [1]),
    ):
        assert answer.is_private
        assert answer.message.id != shown.message.id


async def test_who_may_not_write_in_a_channel_gets_a_private_answer_there(bot: Loopback, stories: list[int]) -> None:
    shown = await bot.people.invoke("member", "news", "headlines", {"show": "everyone"})
    assert shown.is_private


async def test_answers_are_public_in_the_channels_a_manager_named(
    bot: Loopback, newsroom: Newsroom, stories: list[int]
) -> None:
    channel = bot.world.channel("general")
    guild = bot.world.guild_of(channel)
    assert guild is not None
    place = await newsroom.place(guild.id)
    await newsroom.store.places.change(place.id, lambda old: replace(old, public_channels=(channel.id,)))
    assert not (await bot.people.invoke("member", "general", "headlines")).is_private
    assert (await bot.people.invoke("member", "general", "headlines", {"show": "me"})).is_private
    assert (await bot.people.invoke("member", "news", "headlines")).is_private


async def test_a_list_is_narrowed_by_options_and_by_the_choice_of_a_topic(bot: Loopback, stories: list[int]) -> None:
    options = {"topic": "world", "source": "feed", "since": "week"}
    narrowed = await bot.people.invoke("member", "general", "headlines", options)
    assert "1 story · World · Feed" in text_of(narrowed)
    choice = await bot.people.press("member", narrowed.message, "Choose topic")
    everything = await bot.people.choose("member", choice.message, "", ["All topics"])
    assert "13 stories · All topics · Feed" in text_of(everything)


@pytest.mark.parametrize(
    ("options", "code"), [({"topic": "gardening"}, "E22"), ({"source": "The Zebra Post"}, "E23")], ids=str
)
async def test_what_is_not_known_is_told_privately_with_a_code(
    bot: Loopback, stories: list[int], options: dict[str, str], code: str
) -> None:
    answer = await bot.people.invoke("member", "general", "headlines", options)
    assert answer.is_private
    assert f"Code {code}" in text_of(answer)


@pytest.mark.parametrize(
    ("command", "option", "typed", "expected"),
    [
        ("headlines", "topic", "wo", ["World"]),
        ("headlines", "topic", "", None),
        ("headlines", "source", "fe", ["Feed"]),
        ("search", "topic", "spo", ["Sport"]),
        ("summary", "story", "japan str", ["Japan strengthens its defense"]),
        ("briefing", "edition", "", ["Latest"]),
    ],
)
async def test_options_are_completed_while_typing(
    bot: Loopback, stories: list[int], command: str, option: str, typed: str, expected: list[str] | None
) -> None:
    given = await bot.people.autocomplete("member", "general", command, option, typed)
    names = [choice["name"] for choice in given.choices]
    assert len(names) <= 25
    assert len(set(names)) == len(names)
    assert expected is None or names == expected


async def test_topics_are_named_in_the_readers_language_and_read_back(bot: Loopback, stories: list[int]) -> None:
    given = await bot.people.autocomplete("mitglied", "general", "headlines", "topic", "")
    for choice in given.choices[:2]:
        for typed in (choice["name"], choice["value"]):
            answer = await bot.people.invoke("mitglied", "general", "headlines", {"topic": typed})
            assert "E22" not in text_of(answer)


# ── /summary and the card ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_summary_quotes_the_article(bot: Loopback, stories: list[int]) -> None:
    card = await bot.people.invoke("member", "general", "summary", {"story": "japan", "length": "short"})
    assert card.is_private
    assert JAPAN[0].split(". ")[0] in text_of(card)


async def test_a_number_means_the_row_of_the_last_list(bot: Loopback, stories: list[int]) -> None:
    page = await bot.people.invoke("member", "general", "headlines")
    row = text_of(page).split("\n3. ")[1].split("\n")[0]
    card = await bot.people.invoke("member", "general", "summary", {"story": "3"})
    assert text_of(card).split("\n")[0].removeprefix("## ") in row


async def test_what_is_unclear_is_answered_with_candidates_to_open(bot: Loopback, stories: list[int]) -> None:
    unclear = await bot.people.invoke("member", "general", "summary", {"story": "harbour story"})
    assert "Code E04" in text_of(unclear)
    card = await bot.people.choose("member", unclear.message, "", [1])
    assert "Harbour story" in text_of(card)


async def test_opening_from_a_list_keeps_the_list_and_going_on_from_the_card_takes_its_place(
    bot: Loopback, stories: list[int]
) -> None:
    page = await bot.people.invoke("member", "general", "headlines")
    card = await bot.people.choose("member", page.message, "", [1])
    assert card.message.id != page.message.id
    text = await bot.people.press("member", card.message, "Read full text")
    assert JAPAN[1] in text_of(text)
    assert text.message.id == card.message.id
    again = await bot.people.press("member", text.message, "Back to the story")
    assert again.message.id == card.message.id
    assert len(bot.people.sees("member", "general")) == 2


async def test_full_text_pages_are_turned_in_place(bot: Loopback, newsroom: Newsroom) -> None:
    doc = await newsroom.source("doc", SourceKind.DOCUMENT)
    long = [f"Paragraph {n} " + "word " * 150 for n in range(9)]
    (story_id,) = await newsroom.add(doc, "A long read", paragraphs=long, origin=TextOrigin.DOCUMENT, age_h=None)
    card = await bot.people.invoke("member", "dm", "summary", {"story": story_key(story_id)})
    text = await bot.people.press("member", card.message, "Read full text")
    turned = await bot.people.press("member", text.message, "Next page")
    assert "page 2 of" in text_of(turned)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("why", "Number 1 of 13 stories"), ("longer", "of 6 sentences"), ("shorter", "of 6 sentences")],
)
async def test_more_can_be_asked_of_a_card(bot: Loopback, stories: list[int], choice: str, expected: str) -> None:
    card = await bot.people.invoke("member", "general", "summary", {"story": "japan"})
    assert expected in text_of(await bot.people.choose("member", card.message, "", [choice]))


async def test_outlets_are_compared(bot: Loopback, newsroom: Newsroom, stories: list[int]) -> None:
    feed = await newsroom.source("other")
    await newsroom.add(feed, "Tokyo raises its guard", outlet="two.example", story=stories[0])
    card = await bot.people.invoke("member", "general", "summary", {"story": story_key(stories[0])})
    compared = await bot.people.choose("member", card.message, "", ["compare"])
    assert compared.is_private
    assert "two.example" in text_of(compared)


async def test_a_topic_is_muted_for_the_presser_and_heard_again(bot: Loopback, stories: list[int]) -> None:
    card = await bot.people.invoke("member", "general", "summary", {"story": "japan"})
    muted = await bot.people.choose("member", card.message, "", ["mute"])
    assert "World is muted for you" in text_of(muted)
    assert "Japan" not in text_of(await bot.people.invoke("member", "general", "headlines"))
    assert "Japan" in text_of(await bot.people.invoke("mitglied", "general", "headlines"))
    heard = await bot.people.press("member", muted.message, "Hear it again")
    assert "World is back" in text_of(heard)
    assert "Japan" in text_of(await bot.people.invoke("member", "general", "headlines"))


async def test_a_story_that_is_gone_is_told_when_its_old_control_is_pressed(
    bot: Loopback, newsroom: Newsroom, stories: list[int]
) -> None:
    page = await bot.people.invoke("member", "general", "headlines")
    await newsroom.store.stories.retract(stories[0], newsroom.clock.now())
    gone = await bot.people.choose("member", page.message, "", [1])
    assert gone.is_private
    assert "Code E04" in text_of(gone)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is not there at once counts as slow."""
    monkeypatch.setattr("bot.client.asking.PATIENCE_S", 0.0)


async def test_a_slow_answer_is_announced_and_comes_as_private_as_a_quick_one(
    bot: Loopback, stories: list[int], impatient: None
) -> None:
    page = await bot.people.invoke("member", "general", "headlines")
    await bot.people.settle(page)
    assert page.callback is Callback.DEFER
    assert page.is_private
    assert "page 1 of 2" in text_of(page)
    public = await bot.people.invoke("member", "general", "headlines", {"show": "everyone", "topic": "world"})
    await bot.people.settle(public)
    assert not public.is_private


@pytest.mark.parametrize("command", ["dateline", "catchup", "headlines"])
async def test_a_slow_answer_in_the_dm_is_an_ordinary_message_as_a_quick_one_is(
    bot: Loopback, stories: list[int], impatient: None, command: str
) -> None:
    slow = await bot.people.invoke("member", "dm", command)
    await bot.people.settle(slow)
    assert (slow.callback, slow.is_private) == (Callback.DEFER, False)


async def test_a_slow_page_takes_the_place_of_the_one_before(
    bot: Loopback, newsroom: Newsroom, stories: list[int], impatient: None
) -> None:
    page = await bot.people.invoke("member", "general", "headlines")
    await bot.people.settle(page)
    await newsroom.clock.advance(60)  # the kept ranking is stale
    turned = await bot.people.press("member", page.message, "Next page")
    await bot.people.settle(turned)
    assert turned.callback is Callback.DEFER_UPDATE
    assert turned.message.id == page.message.id
    assert "page 2 of 2" in text_of(turned)


async def test_a_slow_share_is_posted_once_for_everyone(bot: Loopback, stories: list[int], impatient: None) -> None:
    card = await bot.people.invoke("member", "general", "summary", {"story": "japan"})
    await bot.people.settle(card)
    shared = await bot.people.press("member", card.message, "Share in channel")
    assert not shared.is_private


async def test_in_a_thread_the_right_to_write_in_threads_counts(bot: Loopback, stories: list[int]) -> None:
    channel = bot.world.channel("general")
    thread = bot.world.add_thread(channel, "talk", bot.world.person("member"))
    shown = await bot.people.invoke("member", thread, "headlines", {"show": "everyone"})
    assert not shown.is_private


# ── sharing ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_card_is_shared_once_and_a_second_press_gets_a_pointer(bot: Loopback, stories: list[int]) -> None:
    card = await bot.people.invoke("member", "general", "summary", {"story": "japan"})
    shared = await bot.people.press("member", card.message, "Share in channel")
    assert not shared.is_private
    assert "Shared by Member" in text_of(shared)
    again = await bot.people.press("member", card.message, "Share in channel")
    assert again.is_private
    assert "Code E21" in text_of(again)
    assert str(shared.message.id) in str(again.message.json())


async def test_opens_and_shares_count_for_the_public_message_they_come_from(
    bot: Loopback, newsroom: Newsroom, stories: list[int]
) -> None:
    public = await bot.people.invoke("member", "general", "headlines", {"show": "everyone"})
    card = await bot.people.choose("admin", public.message, "", [1])
    await bot.people.press("admin", card.message, "Share in channel")
    alone = await bot.people.invoke("member", "general", "summary", {"story": "2"})
    await bot.people.press("member", alone.message, "Share in channel")
    await newsroom.recall.flush()
    assert await newsroom.store.members.uses([public.message.id]) == {public.message.id: Use(1, 1)}


async def test_the_right_to_write_is_checked_again_on_the_press(bot: Loopback, stories: list[int]) -> None:
    card = await bot.people.invoke("member", "general", "summary", {"story": "japan"})
    channel = bot.world.channel("general")
    guild = bot.world.guild_of(channel)
    assert guild is not None
    bot.world.set_overwrite(channel, Overwrite(guild.id, deny=Permission.SEND_MESSAGES))
    assert "Code E20" in text_of(await bot.people.press("member", card.message, "Share in channel"))


async def test_a_shared_card_is_removed_by_its_sharer_or_a_moderator_and_by_nobody_else(
    bot: Loopback, newsroom: Newsroom, stories: list[int]
) -> None:
    async def is_noted() -> bool:
        query = "select count(*) from share where message_id is not null"
        return bool(await newsroom.store.db.read(lambda raw: raw.execute(query).fetchone()[0]))

    card = await bot.people.invoke("member", "general", "summary", {"story": "japan"})
    shared = await bot.people.press("member", card.message, "Share in channel")
    await until(is_noted)
    refused = await bot.people.press("mitglied", shared.message, "Remove")
    assert "Code E10" in text_of(refused)
    removed = await bot.people.press("admin", shared.message, "Remove")
    await until(lambda: shared.message not in bot.people.sees("member", "general"))
    assert removed.error is None
    assert not (await bot.people.press("member", card.message, "Share in channel")).is_private


async def test_there_is_nothing_to_share_in_the_dm(bot: Loopback, stories: list[int]) -> None:
    card = await bot.people.invoke("member", "dm", "summary", {"story": "japan"})
    assert "Share in channel" not in str(card.message.json())


# ── /search and /briefing ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_search_is_paged_and_asked_again(bot: Loopback, stories: list[int]) -> None:
    found = await bot.people.invoke("member", "general", "search", {"words": "story number"})
    assert "Search: story number" in text_of(found)
    second = await bot.people.press("member", found.message, "Next page")
    assert "page 2 of 2" in text_of(second)
    form = await bot.people.press("member", second.message, "Search again")
    result = await bot.people.submit_modal("member", form, {"words": "japan"})
    assert "Japan strengthens its defense" in text_of(result)


async def test_a_search_without_a_hit_offers_a_way_on(bot: Loopback, stories: list[int]) -> None:
    nothing = await bot.people.invoke("member", "general", "search", {"words": "zebra", "topic": "world"})
    assert "No stories match “zebra”" in text_of(nothing)
    everything = await bot.people.press("member", nothing.message, "All headlines")
    assert "Japan" in text_of(everything)


async def test_without_a_posted_briefing_one_is_made_for_the_reader(bot: Loopback, stories: list[int]) -> None:
    made = await bot.people.invoke("member", "general", "briefing")
    assert made.is_private
    assert "Made for you; not posted. Daily post: not set up" in text_of(made)
    card = await bot.people.press("member", made.message, "Read story 1")
    assert "Japan" in text_of(card)
    assert card.message.id != made.message.id


async def test_a_briefing_of_a_channel_that_somebody_does_not_see_is_not_open_to_them(
    newsroom: Newsroom, bot: Loopback, guild: Guild, stories: list[int]
) -> None:
    moderators = bot.world.channel("moderators")
    await add_schedule(newsroom.store, guild.id, channel_id=moderators.id)
    refused = await bot.people.invoke("member", "general", "briefing")
    assert refused.is_private
    assert "You don’t have access to the server briefing here" in text_of(refused)
    assert "Code E03" in text_of(refused)
    own = await bot.people.press("member", refused.message, "Your own briefing")
    assert "Your briefing by DM" in text_of(own)
    assert "Code" not in text_of(await bot.people.invoke("admin", "general", "briefing"))


@pytest.mark.parametrize(
    ("channel", "kind", "is_open"),
    [("moderators", Kind.THREAD, False), ("general", Kind.THREAD, True), ("general", Kind.PRIVATE_THREAD, False)],
)
async def test_a_thread_is_as_open_as_its_channel_and_a_private_one_to_who_may_manage_it(
    newsroom: Newsroom, bot: Loopback, guild: Guild, stories: list[int], channel: str, kind: Kind, *, is_open: bool
) -> None:
    thread = bot.world.add_thread(bot.world.channel(channel), "quiet", bot.world.bot, kind=kind)
    await add_schedule(newsroom.store, guild.id, channel_id=thread.id)
    answer = await bot.people.invoke("member", "general", "briefing")
    assert ("Code E03" not in text_of(answer)) is is_open
    assert "Code" not in text_of(await bot.people.invoke("admin", "general", "briefing"))


@pytest.mark.parametrize("edition", ["2020-01-01", "1:2020-01-01", "yesterday", "x:y", "9" * 99])
async def test_an_edition_that_is_not_there_is_told(bot: Loopback, stories: list[int], edition: str) -> None:
    answer = await bot.people.invoke("member", "general", "briefing", {"edition": edition})
    assert "Code E18" in text_of(answer)
    latest = await bot.people.press("member", answer.message, "Latest briefing")
    assert "Made for you" in text_of(latest)
