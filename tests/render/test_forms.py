"""Forms fit Discord's limits in every language, and their ids read back."""

from datetime import date, time

import pytest

from bot.domain.answers import SetupDraft
from bot.domain.personal import Follows
from bot.domain.place_filters import PlaceFilter
from bot.domain.sources import Source, SourceKind
from bot.i18n import LANGUAGES, PSEUDO
from bot.loopback.modals import judge_modal
from bot.loopback.verdict import Verdict
from bot.render import controls, forms
from bot.render.limits import MODAL_HINT, MODAL_LABEL, MODAL_TITLE, size, walk
from tests.fakes.schedules import a_schedule
from tests.render.values import voice


def _source(number: int) -> Source:
    return Source(number, SourceKind.FEED, f"https://{number}.example", "**The** Post " * (number % 20))


def made(locale: str) -> list[forms.Form]:
    say = voice(locale)
    wanted = PlaceFilter(("storm" * 900,), ("x",))
    follows = Follows((), 50, time(22), time(7), "Europe/Berlin")
    return [
        forms.search(say, "words" * 100),
        forms.setup_time(SetupDraft(local_time=time(8), zone="Europe/Berlin", schedule_id=3), say),
        forms.setup_time(SetupDraft(), say),
        forms.briefing_name(SetupDraft(name="Tea " * 40), say),
        forms.briefing_sources(SetupDraft(source_ids=(3,)), [_source(n) for n in range(1, 140)], say),
        forms.pause_until(a_schedule(paused_until=date(2026, 12, 24)), say),
        forms.own_time("08:00", "Europe/Berlin", say),
        forms.quiet_hours(follows, say),
        forms.quiet_hours(Follows((), 50), say),
        forms.add_source(say),
        forms.filter_words(wanted, say),
        forms.mute_word(say, is_own=True),
        forms.report(7, say),
    ]


@pytest.mark.parametrize("locale", [*LANGUAGES, PSEUDO])
async def test_forms_fit_and_their_ids_read_back(locale: str) -> None:
    for form in made(locale):
        payload = form.to_dict()
        verdict = Verdict()
        judge_modal(verdict, dict(payload))
        assert verdict.objections == []
        assert controls.parse(payload["custom_id"]) is not None
        assert size(payload["title"]) <= MODAL_TITLE
        assert 1 <= len(payload["components"]) <= 5
        for part in walk(payload["components"]):
            assert size(part.get("label") or "") <= MODAL_LABEL
            assert size(part.get("placeholder") or "") <= MODAL_HINT
            assert size(part.get("value") or "") <= part.get("max_length", 4_000)
            assert part["type"] == 18 or part["custom_id"].isalnum()


async def test_a_form_is_not_kept_by_the_client() -> None:
    assert all(form.is_finished() for form in made("en"))


async def test_a_report_offers_four_reasons() -> None:
    radio = next(part for part in walk(forms.report(7, voice()).to_dict()["components"]) if "options" in part)
    assert [option["value"] for option in radio["options"]] == [reason.value for reason in forms.Reason]
