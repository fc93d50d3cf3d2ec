from bot.domain.articles import HeadlineOrigin
from bot.domain.editions import Edition
from bot.domain.stories import Story, Summary
from bot.edition.compose import compose, quotable
from bot.edition.rank import rank
from tests.fakes.news import NOW, article, story, with_text


def _edition(*stories: Story) -> Edition:
    return Edition(NOW, leads=tuple(rank(stories, NOW)), also=(), total_stories=len(stories))


def _summary(*sentences: str) -> Summary:
    return Summary(sentences, tuple(range(len(sentences))), 20)


def test_a_lead_is_quoted_with_one_whole_sentence_of_its_article() -> None:
    one = with_text("A bridge opens")
    (pick,) = compose(_edition(story(one)), {one.id: _summary("It took nine years.", "It cost little.")}).leads
    assert (pick.quotes, pick.quoted_id) == (("It took nine years.",), one.id)


def test_a_derived_headline_is_quoted_with_its_whole_sentence_and_attribution() -> None:
    one = with_text("A bridge opens", headline_origin=HeadlineOrigin.DERIVED)
    whole = "A bridge opens on Monday, the mayor said."
    (pick,) = compose(_edition(story(one)), {one.id: _summary("It took nine years.", whole)}).leads
    assert pick.quotes == (whole,)


def test_a_lead_without_text_or_summary_stays_unquoted() -> None:
    bare, unread = story(), story(with_text())
    edition = _edition(bare, unread)
    assert compose(edition, {}) == edition


def test_a_story_is_quoted_from_its_title_article_else_the_newest_independent_report() -> None:
    copy = with_text("copy", age_h=1, is_wire_copy=True)
    old, new = with_text("old", age_h=5), with_text("new", age_h=2)
    assert quotable(story(old, new)) == old
    assert quotable(story(article("title"), old, copy, new)) == new
    assert quotable(story(article("title"))) is None
