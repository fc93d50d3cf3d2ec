"""Diversity: pick from ranked stories so that no topic, source or event crowds out the others. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.domain.editions import Pick
from bot.domain.topics import Topic
from bot.language.similarity import title_unit, unit_cosine

TOPIC_FACTOR = 0.6  # for each pick of the topic beyond the second
SOURCE_FACTOR = 0.7  # for each pick whose title is from the same source, where there are several sources
FREE_PICKS = 2


def topic_of(pick: Pick) -> Topic | None:
    """Give the topic that a pick counts under; a story without one counts under none."""
    return pick.story.topics[0] if pick.story.topics else None


class Spread:
    """Takes picks one by one, each the best given those taken before.

    Of any first n taken (n ≥ 3), no topic holds more than half, rounded up, while stories of other topics wait.
    What a pick is worth beside those taken is found out only when it comes into question: most never do.
    """

    def __init__(self, ranked: Sequence[Pick]) -> None:
        self._waiting = dict(enumerate(ranked))  # in order of score, so that ties fall to the higher ranked
        self._scores = [pick.why.score for pick in ranked]
        self._topic = [topic_of(pick) for pick in ranked]
        self._source = [pick.story.lead.source_id for pick in ranked]
        self._has_sources = len(set(self._source)) > 1
        self._room = [1.0] * len(ranked)  # what those taken of its topic and source leave of its score
        self._nearest = [0.0] * len(ranked)  # to any of the taken that it was held against
        self._held_against = [0] * len(ranked)  # how many of the taken
        self._topics: Counter[Topic | None] = Counter()
        self._sources: Counter[int] = Counter()
        self._units: dict[int, Mapping[str, float]] = {}  # of the titles that came into question
        self._taken: list[Mapping[str, float]] = []

    def take(self, among: Collection[int] | None = None) -> Pick | None:
        """Take the best pick, or the best whose story id is `among` those given; None when there is none."""
        crowded = self._crowded_topic()
        best, best_score = None, -1.0
        for index, pick in self._waiting.items():
            if self._scores[index] <= best_score:
                break  # all that follow are worth less even without diversity
            if (crowded and self._topic[index] == crowded) or (among is not None and pick.story.id not in among):
                continue
            if self._worth(index, self._nearest[index]) <= best_score:
                continue  # even if it is like none of those taken since it was last looked at
            if (score := self._worth(index, self._likeness(index, pick))) > best_score:
                best, best_score = index, score
        return None if best is None else self._remove(best)

    def take_all(self, count: int) -> list[Pick]:
        """Take up to `count` picks."""
        taken: list[Pick] = []
        while len(taken) < count and (pick := self.take()):
            taken.append(pick)
        return taken

    @property
    def rest(self) -> list[Pick]:
        """The picks not taken, in order of score."""
        return list(self._waiting.values())

    def _crowded_topic(self) -> Topic | None:
        """Give the topic that has its half already, if anything of another topic waits."""
        limit = max(FREE_PICKS, (len(self._taken) + 2) // 2)
        full = next((topic for topic, count in self._topics.items() if topic and count + 1 > limit), None)
        if full and any(self._topic[index] != full for index in self._waiting):
            return full
        return None

    def _worth(self, index: int, likeness: float) -> float:
        return self._scores[index] * (self._room[index] * (1 - likeness))

    def _room_of(self, index: int) -> float:
        topic = self._topic[index]
        beyond = max(0, self._topics[topic] - FREE_PICKS) if topic else 0
        same_source = self._sources[self._source[index]] if self._has_sources else 0
        return float(TOPIC_FACTOR**beyond * SOURCE_FACTOR**same_source)

    def _likeness(self, index: int, pick: Pick) -> float:
        """Give how much a pick says the same as the nearest of those taken."""
        held = self._held_against[index]
        if held < len(self._taken):
            unit = self._unit(index, pick)
            self._nearest[index] = max(self._nearest[index], *[unit_cosine(one, unit) for one in self._taken[held:]])
            self._held_against[index] = len(self._taken)
        return self._nearest[index]

    def _unit(self, index: int, pick: Pick) -> Mapping[str, float]:
        if index not in self._units:
            self._units[index] = title_unit(pick.story.title, pick.story.lead.language or "en")
        return self._units[index]

    def _remove(self, index: int) -> Pick:
        pick = self._waiting.pop(index)
        diversity = self._room[index] * (1 - self._likeness(index, pick))
        topic, source = self._topic[index], self._source[index]
        self._taken.append(self._unit(index, pick))
        self._topics[topic] += 1
        self._sources[source] += 1
        for other in self._waiting:
            if self._topic[other] == topic or self._source[other] == source:
                self._room[other] = self._room_of(other)
        return replace(pick, why=replace(pick.why, diversity=diversity))
