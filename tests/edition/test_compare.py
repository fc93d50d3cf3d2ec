from bot.edition.compare import MAX_OUTLETS, distinctive, voices
from tests.fakes.news import article, story


def test_each_outlet_speaks_once_with_its_newest_own_report() -> None:
    old, new = article("old", "a", age_h=9), article("new", "a", age_h=1)
    copy = article("copy", "b", age_h=0.5, is_wire_copy=True)
    own = article("own", "b", age_h=3)
    only_copy = article("only a copy", "c", age_h=0.1, is_wire_copy=True)
    assert voices(story(old, new, copy, own, only_copy)) == (new, own, only_copy)


def test_the_reports_of_a_single_outlet_are_compared_with_each_other() -> None:
    old, new = article("old", "a", age_h=9), article("new", "a", age_h=1)
    assert voices(story(old, new)) == (new, old)


def test_there_are_not_more_voices_than_fit() -> None:
    assert len(voices(story(*(article("x", f"{n}.example") for n in range(30))))) == MAX_OUTLETS


def test_words_that_only_one_headline_has_are_distinctive() -> None:
    headlines = [("Bridges open in Lyon", "en"), ("A bridge opens late in Lyon", "en"), ("", None)]
    assert distinctive(headlines) == [(), ("late",), ()]
