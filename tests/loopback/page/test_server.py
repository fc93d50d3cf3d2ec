"""The page's server: its guard at work, its files, the event stream, the clock."""

import json
from datetime import UTC, timedelta

import pytest

from bot.errors import SetupError
from bot.loopback.messages import Attachment
from bot.loopback.page import guard, view
from bot.loopback.page.server import Page
from tests.fakes import waiting
from tests.fakes.stage import Stage, until

PATHS = ["", "index.html", "main.js", "theme.css", "mark.svg", "nothing.js", "act/say", "events"]


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_headers(stage: Stage, path: str) -> None:
    async with stage.session.get(stage.page.url + path) as response:
        assert {name: response.headers[name] for name in guard.HEADERS} == guard.HEADERS


@pytest.mark.parametrize("path", ["/", "/wrong/", "/wrong/events", "/wrong/act/say", "//", "/%00/"])
async def test_without_the_key_there_is_nothing(stage: Stage, path: str) -> None:
    async with stage.session.get(stage.origin + path) as response:
        assert response.status == 404
        assert "needs its key" in await response.text()


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}], ids=str
)
async def test_a_foreign_site_is_refused_even_with_the_key(stage: Stage, headers: dict[str, str]) -> None:
    async with stage.session.get(stage.page.url, headers=headers) as response:
        assert response.status == 403


async def test_an_action_without_an_origin_is_refused(stage: Stage) -> None:
    async with stage.session.post(stage.page.url + "clock", json={"by_s": 60}) as response:
        assert response.status == 403


async def test_the_page_is_served_with_types_a_browser_takes(stage: Stage) -> None:
    async with stage.session.get(stage.page.url) as response:
        assert response.content_type == "text/html"
        assert "Simulation, not Discord" in await response.text()
    async with stage.session.get(stage.page.url + "main.js") as response:
        assert response.content_type == "text/javascript"


@pytest.mark.parametrize(("path", "status"), [("act/nothing", 404), ("", 405), ("clock", 409)])
async def test_what_is_not_there_is_refused(stage: Stage, path: str, status: int) -> None:
    assert (await stage.post(path, {}))[0] == status


async def test_the_stream_begins_with_all_there_is(stage: Stage) -> None:
    await stage.bot.post_briefing()
    async with stage.events() as events:
        state = await until(events, "state")
    assert state["opening"] == {"person": "admin", "channel": "news"}
    assert [person["label"] for person in state["places"]["people"]] == ["Admin", "Member", "Mitglied"]
    news = next(place for place in state["places"]["channels"] if place["name"] == "news")
    assert len(news["sees"]) == 3
    assert news["writes"] == [str(stage.user("admin").id)]
    (shown,) = state["messages"]
    assert shown["channel"] == news["id"]
    assert shown["only_for"] is None


async def test_a_message_is_told_and_told_again_when_it_changes_or_goes(stage: Stage) -> None:
    async with stage.events() as events:
        await until(events, "state")
        await stage.act("invoke", command="headlines", options={})
        shown = (await until(events, "message"))["message"]
        assert shown["only_for"] == str(stage.user("admin").id)
        await stage.act("press", message=shown["message"]["id"], control="page:2")
        assert "page 2 of 2" in json.dumps((await until(events, "message"))["message"])
        stage.loopback.world.messages.delete(stage.newest())
        assert (await until(events, "gone"))["id"] == shown["message"]["id"]


async def test_a_deferred_answer_is_told_while_the_bot_thinks(stage: Stage) -> None:
    await stage.act("invoke", command="headlines", options={})
    await stage.act("choose", message=str(stage.newest().id), control="open", values=["1"])
    async with stage.events() as events:
        await until(events, "state")
        stage.bot.may_finish.clear()
        await stage.act("press", message=str(stage.newest().id), control="slow")
        assert (await until(events, "message"))["message"]["loading"]
        stage.bot.may_finish.set()
        kept = (await until(events, "message"))["message"]
        assert (kept["loading"], kept["message"]["content"]) == (False, "Kept.")


async def test_a_new_channel_is_told(stage: Stage) -> None:
    async with stage.events() as events:
        await until(events, "state")
        guild = stage.loopback.world.guild_of(stage.channel("news"))
        assert guild is not None
        stage.loopback.world.add_channel(guild, "sport")
        names = [place["name"] for place in (await until(events, "places"))["places"]["channels"]]
        assert "sport" in names


async def test_a_post_keeps_its_two_steps_as_they_were_sent(stage: Stage) -> None:
    await stage.bot.post_briefing()
    async with stage.events() as events:
        (shown,) = (await until(events, "state"))["messages"]
    plain, dressed = shown["steps"]
    assert plain["route"] == "POST /channels/{channel_id}/messages"
    assert json.loads(plain["body"])["content"].startswith("**Harbour bridge reopens**")
    assert dressed["route"] == "PATCH /channels/{channel_id}/messages/{message_id}"
    assert json.loads(dressed["body"])["content"] is None
    assert plain["at"] <= dressed["at"]


async def test_a_page_that_starts_later_knows_the_steps_from_before(stage: Stage) -> None:
    await stage.bot.post_briefing()
    await stage.act("invoke", command="echo", options={"text": "Hello"})
    async with (
        await Page.start(stage.loopback, stage.clock) as late,
        stage.session.get(late.url + "events") as response,
    ):
        state = json.loads((await response.content.readline())[6:])
    routes = {one["message"]["content"]: [step["route"] for step in one["steps"]] for one in state["messages"]}
    assert routes == {
        "": ["POST /channels/{channel_id}/messages", "PATCH /channels/{channel_id}/messages/{message_id}"],
        "Hello": ["POST /interactions/{interaction_id}/{token}/callback"],
    }


async def test_an_answer_keeps_the_callback_it_came_with(stage: Stage) -> None:
    await stage.act("invoke", command="echo", options={"text": "Hello"})
    async with stage.events() as events:
        (shown,) = (await until(events, "state"))["messages"]
    assert [json.loads(step["body"])["data"]["content"] for step in shown["steps"]] == ["Hello"]


def test_ids_are_written_as_texts_because_scripts_round_long_numbers() -> None:
    given = [{"type": 8, "default_values": [{"id": 1574131362552610817, "type": "channel"}]}, {"components": "x"}]
    first, second = view.with_text_ids(given)
    assert first["default_values"] == [{"id": "1574131362552610817", "type": "channel"}]
    assert second == {"components": "x"}


async def test_words_of_people_have_no_steps(stage: Stage) -> None:
    await stage.act("say", text="Good morning")
    async with stage.events() as events:
        (shown,) = (await until(events, "state"))["messages"]
    assert shown["steps"] == []


async def test_a_message_is_measured_against_the_limits(stage: Stage) -> None:
    await stage.act("invoke", command="headlines", options={})
    await stage.act("invoke", command="echo", options={"text": "Hello"})
    async with stage.events() as events:
        rich, plain = (await until(events, "state"))["messages"]
    assert [(line["name"], line["used"], line["limit"]) for line in plain["meters"]] == [
        ("Characters of text", 5, 2000),
        ("Components", 0, 40),
    ]
    assert [(line["name"], line["limit"]) for line in rich["meters"]] == [
        ("Characters of text", 4000),
        ("Components", 40),
        ("Longest button label", 80),
        ("Longest custom id", 100),
        ("Options in a select", 25),
    ]


async def test_the_clock_moves_and_what_comes_due_arrives(stage: Stage) -> None:
    now = stage.clock.now()
    due = now.astimezone(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
    due = due if due > now else due + timedelta(days=1)
    async with stage.events() as events:
        await until(events, "state")
        assert await stage.post("clock", {"by_s": (due - now).total_seconds()}) == (200, {"error": None})
        seen = [await until(events, "clock") for _ in range(3)]
        assert all(event["leaping"] for event in seen)
        message = (await until(events, "message"))["message"]
    assert message["message"]["content"].startswith("**Harbour bridge reopens**")
    assert stage.clock.now() >= due


@pytest.mark.parametrize("seconds", [0, -60, 9 * 86400, True, "60", None, float("inf")], ids=str)
async def test_the_clock_goes_ahead_only_and_not_for_ever(stage: Stage, seconds: object) -> None:
    before = stage.clock.now()
    status, told = await stage.post("clock", {"by_s": seconds})
    assert (status, told["error"]) == (409, "The clock moves ahead only, by eight days at most.")
    assert stage.clock.now() - before < timedelta(seconds=30)


async def test_pictures_are_shown_and_other_files_only_saved(stage: Stage) -> None:
    await stage.act("invoke", command="pictures", options={})
    message = stage.newest()
    url = f"{stage.page.url}files/{message.id}/"
    async with stage.session.get(url + "dot.png") as response:
        assert response.content_type == "image/png"
    message.attachments = (Attachment(1, "page.html", b"<script>", "text/html"),)
    async with stage.session.get(url + "page.html") as response:
        assert response.headers["Content-Disposition"] == "attachment"
        assert response.content_type == "application/octet-stream"
    async with stage.session.get(url + "nothing.png") as response:
        assert response.status == 404


async def test_an_open_form_can_be_read_again_for_a_picture(stage: Stage) -> None:
    await stage.act("invoke", command="newsdesk setup", options={"channel": "news"})
    _, told = await stage.act("press", message=str(stage.newest().id), control="time")
    async with stage.session.get(f"{stage.page.url}forms/{told['form']}") as response:
        form = await response.json()
    assert (form["modal"], form["user"]) == (told["modal"], str(stage.user("admin").id))
    async with stage.session.get(f"{stage.page.url}forms/99") as response:
        assert response.status == 404


async def test_closing_ends_the_streams(stage: Stage) -> None:
    page = await Page.start(stage.loopback, stage.clock, channel="general")
    async with stage.session.get(page.url + "events") as response:
        await response.content.readline()
        await page.close()
        assert [line async for line in response.content if line.strip()] == []


async def test_a_stream_nobody_reads_any_more_is_forgotten(stage: Stage) -> None:
    async with stage.events() as events:
        await until(events, "state")

    async def is_forgotten() -> bool:
        await stage.act("say", text="x")
        return stage.page._queues == set()

    await waiting.until(is_forgotten)


async def test_a_port_that_is_taken_is_told_in_one_sentence(stage: Stage) -> None:
    with pytest.raises(SetupError) as caught:
        await Page.start(stage.loopback, stage.clock, port=stage.page.port)
    assert caught.value.sentence == (
        f"The page can’t have port {stage.page.port} (Address already in use). Choose another with --port, or leave "
        "it out for a free one."
    )
