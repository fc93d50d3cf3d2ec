"""What grouping keeps of a headline is the same wherever it is made."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sources import Item
from bot.ingest.digest import digest
from bot.language import words
from bot.language.forgetting import forget
from bot.language.signatures import LOOKED_UP, compact, sign, without_labels
from bot.language.stories import Headline, StoryIndex
from bot.worker.wire import HEADER, Tag, pack, unpack

ROOT = Path(__file__).resolve().parents[2]
TITLE = "UPDATE 1-Two dead as flood hits the old harbour of Marbrück, 300 leave (2)"


@pytest.mark.parametrize("seed", ["0", "1", "77"])
def test_every_process_signs_alike(seed: str) -> None:
    code = f"from bot.language.signatures import sign; print(sign({TITLE!r}, 'en', ('Marbrück',)))"
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert told.stdout.strip() == str(sign(TITLE, "en", ("Marbrück",)))


def test_a_signature_is_a_vector_of_length_one_with_the_weightiest_stems_first() -> None:
    signature = sign(TITLE, "en")
    assert sum(weight * weight for weight in signature.weights) == pytest.approx(1)
    stems = list(signature.weights[: signature.singles])
    assert stems == sorted(stems, reverse=True)
    assert len(list(signature.looked_up())) == min(LOOKED_UP, signature.singles)
    assert signature.stems().isdisjoint(signature.pairs())


def test_a_headline_that_says_nothing_has_an_empty_signature() -> None:
    empty = sign("The of and", "en")
    assert (list(empty.terms), list(empty.weights), empty.singles) == ([], [], 0)


def test_the_digest_brings_the_signature_that_grouping_would_make() -> None:
    digested = digest(Item(headline=TITLE, paragraphs=("The river rose on Monday.",)))
    assert digested.signature == sign(TITLE, "en", digested.names)


def test_a_signature_that_came_along_is_used() -> None:
    index = StoryIndex()
    borrowed = sign("Parliament votes on the railway budget", "en")
    headline = Headline(1, TITLE, None, "a", "en", signature=borrowed)
    index.accept(headline, 1, index.propose(headline))
    assert index.propose(Headline(2, "Parliament votes on railway budget", None, "b", "en")).wire_copy_of == 1


@pytest.mark.parametrize(
    ("title", "core"),
    [
        ("UPDATE 1-Flood hits the harbour", "Flood hits the harbour"),
        ("Flood hits the harbour (Reuters)", "Flood hits the harbour"),
        ("Flood hits the harbour …", "Flood hits the harbour"),
        ("Flood hits the harbour - Nordau Post", "Flood hits the harbour"),
        ("Flood hits the harbour", "Flood hits the harbour"),
        ("flood: the harbour", "flood: the harbour"),
    ],
)
def test_labels_around_a_headline_are_left_out(title: str, core: str) -> None:
    assert without_labels(title) == core


_WRITTEN = st.text("abzAZ'’-.,: _0189\nU.S", max_size=60) | st.text(st.characters(max_codepoint=127), max_size=60)


@given(_WRITTEN)
def test_ascii_text_has_the_words_that_any_text_would_have(text: str) -> None:
    assert words.tokens(text) == words.TOKEN.findall(text)


def test_other_writing_takes_the_longer_pattern() -> None:
    assert words.tokens("Čapek’s R.U.R. 東京") == ["Čapek’s", "R.U.R.", "東京"]


@pytest.mark.parametrize("title", [TITLE, "rain again", "The of and"])
def test_a_signature_from_the_worker_is_kept_without_spare_room(title: str) -> None:
    made = sign(title, "en")
    kept = compact(unpack(pack(Tag.RESULT, made)[HEADER.size :]))
    assert kept == made
    for name in ("terms", "weights", "marks", "telling"):
        assert sys.getsizeof(getattr(kept, name)) <= sys.getsizeof(getattr(made, name))
    assert made.marks or kept.marks is sign("rain again", "en").marks, "all that are empty are one"


def test_words_may_be_forgotten_and_are_signed_alike_again() -> None:
    before = sign(TITLE, "en")
    forget()
    assert words.fold.cache_info().currsize == words.term_of.cache_info().currsize == 0
    assert sign(TITLE, "en") == before


def test_stemmers_keep_no_words_of_their_own() -> None:
    assert words._stemmer("en").maxCacheSize == 0
    assert words._stemmer("en").stemWord("storms") == "storm"
