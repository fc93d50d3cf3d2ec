"""Ranking: what puts one story before another, in parts that can be said in words.

    cover      = log2(1 + Σ weight of each outlet)      an independent report 1, each follow-up .1, a wire copy .25
    pace       = ½ · log2(1 + outlets that joined in the last 3 h)
    prominence = ¼ · the best 1/(1 + position in its source)
    freshness  = .7 · ½^(h since the newest / 8) + .3 · ½^(h since the first / 24)

Every part is monotone: a further report never lowers a story, and time alone never raises one. Hence the best
position rather than the mean, and hence "first" is the report we saw first, not the oldest that joined later.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import log2

from bot.domain.articles import Article
from bot.domain.editions import Pick, Why
from bot.domain.stories import Story
from bot.domain.topics import Topic

COPY_WEIGHT = 0.25
FOLLOW_UP_WEIGHT = 0.1
MAX_FOLLOW_UPS = 3
PACE_WINDOW_S = 3 * 3600
WATCHED_FACTOR = 1.5
REPEAT_FACTOR = 0.15
LEAST_FRESHNESS = 1e-6  # so that stories of years ago still differ by what they are


@dataclass(frozen=True, slots=True)
class Taste:
    """What a place or a person prefers. Empty: nothing but the news itself decides."""

    topic_weights: Mapping[Topic, float] = field(default_factory=dict)  # 1 where not named
    watched: Collection[int] = frozenset()  # ids of stories that match something followed
    muted_sources: Collection[int] = frozenset()
    muted_topics: Collection[Topic] = frozenset()

    def hides(self, story: Story) -> bool:
        """Whether nothing of the story is left once muted sources and topics are taken away."""
        if not (self.muted_sources or self.muted_topics):
            return False
        if story.topics and all(topic in self.muted_topics for topic in story.topics):
            return True
        return all(article.source_id in self.muted_sources for article in story.articles)


NO_TASTE = Taste()


def weigh(story: Story, now: datetime, taste: Taste = NO_TASTE, *, is_repeat: bool = False) -> Why:
    """Give the parts of a story's score at `now`; instants in the future count as now."""
    counted = _counted(story)
    weight, outlets, copies, new_outlets = _coverage(counted, now)
    age_s = first_s = _age_s(counted[0], now)
    if len(counted) > 1:
        age_s = min(_age_s(article, now) for article in counted)
        first_s = _age_s(min(counted, key=_arrival), now)
    return Why(
        cover=log2(1 + weight),
        pace=0.5 * log2(1 + new_outlets),
        prominence=0.25 / (1 + max(0, min([article.position for article in counted]))),
        freshness=_freshness(age_s, first_s),
        topic_weight=max([taste.topic_weights.get(topic, 1.0) for topic in story.topics], default=1.0),
        watched=WATCHED_FACTOR if story.id in taste.watched else 1.0,
        repeat=REPEAT_FACTOR if is_repeat else 1.0,
        outlets=outlets,
        wire_copies=copies,
        new_outlets=new_outlets,
        age_s=age_s,
    )


def rank(
    stories: Iterable[Story], now: datetime, taste: Taste = NO_TASTE, repeats: Collection[int] = frozenset()
) -> list[Pick]:
    """Order stories by score, best first, leaving out what the taste hides. Ties fall the same way every time.

    Of two that tie, the newer comes first, then the one higher up in its source.
    """
    picks = [
        Pick(story, weigh(story, now, taste, is_repeat=story.id in repeats))
        for story in stories
        if not taste.hides(story)
    ]
    return sorted(picks, key=best_first)


def best_first(pick: Pick) -> tuple[float, float, float, int]:
    """Give what picks are ordered by."""
    why = pick.why
    return (-round(why.score, 12), why.age_s, -why.prominence, pick.story.id)


def newest_first(picks: Sequence[Pick]) -> list[Pick]:
    """Order picks by their newest article; those of one moment stay in order of score."""
    return sorted(picks, key=lambda pick: -int(pick.story.newest_at.timestamp()))


def _counted(story: Story) -> Sequence[Article]:
    return [article for article in story.articles if article.is_counted] or story.articles


def _coverage(articles: Sequence[Article], now: datetime) -> tuple[float, int, int, int]:
    """Give the weight of all outlets, how many tell it, how many more only repeat it, and how many joined lately."""
    if len(articles) == 1:  # as most stories have
        (only,) = articles
        return (COPY_WEIGHT, 1, 0, 0) if only.is_wire_copy else (1.0, 1, 0, int(_age_s(only, now) < PACE_WINDOW_S))
    outlets: dict[str, list[Article]] = {}
    for article in articles:
        outlets.setdefault(article.outlet, []).append(article)
    reports = outlets.values()
    telling = max(1, sum([bool(_own(some)) for some in reports]))  # of copies alone, one tells it
    joined = sum([_joined_lately(some, now) for some in reports])
    return sum(map(_outlet_weight, reports)), telling, len(outlets) - telling, joined


def _outlet_weight(reports: Sequence[Article]) -> float:
    own = len(_own(reports))
    return 1 + FOLLOW_UP_WEIGHT * min(own - 1, MAX_FOLLOW_UPS) if own else COPY_WEIGHT


def _joined_lately(reports: Sequence[Article], now: datetime) -> bool:
    own = _own(reports)
    return bool(own) and _age_s(min(own, key=_arrival), now) < PACE_WINDOW_S


def _own(reports: Sequence[Article]) -> list[Article]:
    return [article for article in reports if not article.is_wire_copy]


def _arrival(article: Article) -> tuple[datetime, int]:
    return (article.added_at, article.id)


def _age_s(article: Article, now: datetime) -> float:
    return max(0.0, (now - article.when).total_seconds())


def _freshness(newest_s: float, first_s: float) -> float:
    halves: float = 0.7 * 0.5 ** (newest_s / 3600 / 8) + 0.3 * 0.5 ** (first_s / 3600 / 24)
    return max(LEAST_FRESHNESS, halves)
