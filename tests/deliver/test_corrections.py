import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.deliver.answers import Answer
from bot.deliver.corrections import WITHDRAWN, amender, decide, note_corrections
from bot.domain.deliveries import Composed, Delivery, Part, Posted, Shown, State, freeze
from bot.domain.intake import Change, ChangeKind
from bot.domain.places import BriefingSettings, PlaceKind, Style
from bot.i18n import texts_for
from bot.render.voice import Voice
from bot.store import changes
from bot.store.store import Store
from tests.fakes.database import InlineDatabase
from tests.fakes.delivery import Rig, running
from tests.fakes.ledgers import add_schedule, send_one
from tests.fakes.schedules import DUE, a_schedule

SAY = Voice(texts_for("en"), DUE)
POSTED = Posted(
    Delivery(1, a_schedule(), DUE.date(), "daily", 700, DUE, DUE, State.SENT), 0, Shown(1, 11, "Old", is_lead=True)
)


@pytest.mark.parametrize(
    ("kind", "after", "stands", "expected"),
    [
        pytest.param(ChangeKind.HEADLINE, "New", None, "New", id="changed"),
        pytest.param(ChangeKind.HEADLINE, "Old", None, None, id="changed to what was shown"),
        pytest.param(ChangeKind.HEADLINE, "New", "New", None, id="already corrected"),
        pytest.param(ChangeKind.HEADLINE, "Old", "New", "Old", id="changed back after it was corrected"),
        pytest.param(ChangeKind.WITHDRAWN, "", None, WITHDRAWN, id="withdrawn"),
        pytest.param(ChangeKind.RETRACTED, "", "New", WITHDRAWN, id="retracted by hand"),
        pytest.param(ChangeKind.WITHDRAWN, "", "", None, id="already withdrawn"),
        pytest.param(ChangeKind.RESTORED, "Old", "", "Old", id="restored"),
        pytest.param(ChangeKind.TEXT, "Old", None, None, id="only the text"),
    ],
)
def test_what_a_change_means_for_a_posted_lead(
    kind: ChangeKind, after: str, stands: str | None, expected: str | None
) -> None:
    change = Change(1, kind, 11, 1, DUE, "Old", after)
    assert decide(change, replace(POSTED, corrected_to=stands)) == expected


def _change(store: Store, kind: ChangeKind, after: str, number: int) -> None:
    database = store.db
    assert isinstance(database, InlineDatabase)
    database.raw.execute("pragma foreign_keys=off")
    database.raw.execute(
        "insert into change(id, kind, article_id, story_id, at, before, after) values(?, ?, 11, 1, 0, 'b', ?)",
        (number, kind.value, after),
    )
    assert changes.newest_id(database.raw) == number


async def test_a_changed_lead_is_corrected_in_the_post_and_only_in_the_post(rig: Rig) -> None:
    await add_schedule(rig.store)
    async with running(rig):
        await rig.pass_time(1300)
        _change(rig.store, ChangeKind.HEADLINE, "New headline", 5)
        await rig.pass_time(60)
        assert rig.discord.posts[0].corrected == "Lead headline → New headline"
        _change(rig.store, ChangeKind.WITHDRAWN, "", 6)
        await rig.pass_time(60)
    assert rig.discord.posts[0].corrected == "Lead headline → "
    assert len(rig.discord.posts) == 1


async def test_changed_and_changed_back_between_two_looks_is_no_correction(rig: Rig) -> None:
    await add_schedule(rig.store)
    await send_one(rig.store)
    assert await note_corrections(rig.store, DUE) == 0
    _change(rig.store, ChangeKind.HEADLINE, "Typo", 5)
    _change(rig.store, ChangeKind.HEADLINE, "Lead headline", 6)
    _change(rig.store, ChangeKind.TEXT, "Lead headline", 7)
    assert await note_corrections(rig.store, DUE) == 0
    assert (await rig.store.corrections.seen(), await note_corrections(rig.store, DUE)) == (7, 0)


async def test_a_place_that_wants_no_corrections_and_an_old_post_are_left_alone(rig: Rig) -> None:
    await add_schedule(rig.store, 500)
    await send_one(rig.store)
    await note_corrections(rig.store, DUE)
    _change(rig.store, ChangeKind.HEADLINE, "New", 5)
    place = await rig.store.places.ensure(PlaceKind.SERVER, 500, DUE)
    await rig.store.places.change(place.id, lambda old: replace(old, corrections=False))
    assert await note_corrections(rig.store, DUE) == 0
    await rig.store.places.change(place.id, lambda old: replace(old, corrections=True))
    _change(rig.store, ChangeKind.HEADLINE, "Newer", 6)
    assert await note_corrections(rig.store, DUE + timedelta(hours=49)) == 0


@pytest.mark.parametrize("style", [Style.CARDS, Style.PLAIN])
def test_a_corrected_post_keeps_its_old_wording_its_marker_and_its_form(style: Style) -> None:
    schedule = a_schedule(settings=BriefingSettings(style=style))
    frozen = freeze(Composed("Old\nsecond line", [{"type": 10, "content": "## Old"}]))
    delivery = replace(POSTED.delivery, schedule=schedule, payload=frozen, parts=(Part(0, "n", dressed_at=DUE),))
    corrected = replace(POSTED, corrected_to="New", corrected_at=DUE)
    body = amender(lambda place: SAY)(delivery, (corrected,))
    assert body is not None
    shown = json.dumps(body, ensure_ascii=False)
    assert all(words in shown for words in ("Old", f"<t:{int(DUE.timestamp())}:", delivery.marker))
    assert ("components" in body) == (style is Style.CARDS)
    assert amender(lambda place: SAY)(POSTED.delivery, (corrected,)) is None


async def test_a_post_is_dressed_before_it_is_corrected(rig: Rig) -> None:
    await add_schedule(rig.store)
    rig.discord.answers["dress"] = [Answer(503)] * 3
    async with running(rig):
        await rig.pass_time(60)
        await note_corrections(rig.store, DUE)
        await rig.pass_time(1145)
        _change(rig.store, ChangeKind.HEADLINE, "New", 5)
        await rig.pass_time(300)
    assert rig.discord.requests.index("edit") > max(
        number for number, kind in enumerate(rig.discord.requests) if kind == "dress"
    )
    assert rig.discord.posts[0].corrected == "Lead headline → New"
