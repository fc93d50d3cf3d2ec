"""Every kind of message passes the acceptance list, whatever the news, in every language."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.i18n import LANGUAGES, PSEUDO
from bot.render.kinds import BUDGETS, Kind
from bot.render.message import plain_twin, to_payload
from tests.render import acceptance, facts
from tests.render.drawing import Told
from tests.render.values import voice
from tests.render.walk import WALKS

LOCALES = (*LANGUAGES, PSEUDO)


def test_every_kind_has_a_budget_and_a_walk() -> None:
    assert set(Kind) == set(BUDGETS) == set(WALKS)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", Kind)
@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_message_passes_the_acceptance_list(kind: Kind, locale: str, data: st.DataObject) -> None:
    say = voice(locale)
    for walked in WALKS[kind](data.draw, say):
        told = walked if isinstance(walked, Told) else Told(walked)
        payload = to_payload(told.message)
        assert acceptance.faults(told.message.kind, payload) == []
        assert facts.faults(told, payload, say) == []


@pytest.mark.parametrize("kind", [Kind.WELCOME, Kind.NOTICE, Kind.CORRECTION, Kind.SHARED_CARD])
@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_nobody_asked_for_has_a_plain_twin_that_fits(kind: Kind, data: st.DataObject) -> None:
    for walked in WALKS[kind](data.draw, voice()):
        content = plain_twin(walked.message if isinstance(walked, Told) else walked).content or ""
        assert 0 < len(content) <= 2_000
