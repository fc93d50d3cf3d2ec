"""Train the topic model: python -m tests.quality.train_topics --data FOLDER (half a minute).

Learns from headlines of the UCI News Aggregator set and headlines and descriptions of the HuffPost set (NOTICE);
sets that may only be measured on are not opened. A softmax over hashed stems and pairs of stems, by AdaGrad, with
the lexicon's votes as a fixed offset. A set teaches only the topics that it has: that none of its headlines is labelled
"sport" does not make its words speak against sport. Needs nothing but the project. Writes bot/data/language/topics.bin.
"""

import argparse
import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.topics import Topic
from bot.language.topicmodel import BUCKETS, SCALE, TOPICS, VOTE, buckets, votes
from tests.quality.material import rows

TARGET = Path("bot/data/language/topics.bin")
UCI = {"b": Topic.BUSINESS, "e": Topic.ENTERTAINMENT, "t": Topic.TECHNOLOGY, "m": Topic.HEALTH}
TOO = {"t": Topic.SCIENCE}  # its label is "science and technology"
HUFFPOST = {
    "POLITICS": Topic.POLITICS,
    "ENTERTAINMENT": Topic.ENTERTAINMENT,
    "COMEDY": Topic.ENTERTAINMENT,
    "WORLD NEWS": Topic.WORLD,
    "SPORTS": Topic.SPORT,
    "BUSINESS": Topic.BUSINESS,
    "TECH": Topic.TECHNOLOGY,
    "SCIENCE": Topic.SCIENCE,
}
EPOCHS = 2
STEP = 0.2
DECAY = 0.005  # of a weight, each time it is seen


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text."""

    places: list[int]  # buckets
    offsets: list[float]  # the lexicon's word
    right: frozenset[int]  # topics that the label means
    taught: tuple[int, ...]  # topics that its set tells apart
    weight: float  # each topic of a set counts the same, however rare it is


def examples(folder: Path, sets: tuple[str, ...] = ("uci", "huffpost")) -> list[Example]:
    """Give the texts that may be learned from."""
    found: list[Example] = []
    if "uci" in sets:
        news = [(row["title"], UCI[row["category"]], TOO.get(row["category"])) for row in rows(folder, "headlines-dev")]
        found += _of_set(news)
    if "huffpost" in sets:
        posts = [row for row in rows(folder, "topics-dev") if row["set"] == "huffpost" and row["label"] in HUFFPOST]
        found += _of_set(
            [(text, HUFFPOST[row["label"]], None) for row in posts for text in (row["title"], row["desc"]) if text]
        )
    return found


def _of_set(labelled: Sequence[tuple[str, Topic, Topic | None]]) -> list[Example]:
    often = Counter(topic for _, topic, _ in labelled)
    taught = {topic for _, *meant in labelled for topic in meant if topic}
    mean = len(labelled) / len(often)
    return [
        Example(
            places=buckets(text),
            offsets=[VOTE * vote for vote in votes(text)],
            right=frozenset(TOPICS.index(one) for one in (topic, too) if one),
            taught=tuple(at for at, one in enumerate(TOPICS) if one in taught),
            weight=min(20.0, mean / often[topic]),
        )
        for text, topic, too in labelled
    ]


def train(found: list[Example]) -> list[list[float]]:
    """Give one weight for each topic in each bucket."""
    size = len(TOPICS)
    weights = [[0.0] * size for _ in range(BUCKETS)]
    slopes = [[2.0] * size for _ in range(BUCKETS)]
    for epoch in range(EPOCHS):
        random.Random(epoch).shuffle(found)
        for one in found:
            share = 1 / math.sqrt(max(1, len(one.places)))
            gradient = [error * one.weight * share for error in _errors(weights, one, share)]
            for place in one.places:
                _descend(weights[place], slopes[place], gradient)
    return weights


def _errors(weights: list[list[float]], one: Example, share: float) -> list[float]:
    """Give how much too likely each topic is held to be; what the set does not teach is neither right nor wrong."""
    scores = list(one.offsets)
    for place in one.places:
        scores = [score + share * weight for score, weight in zip(scores, weights[place], strict=True)]
    highest = max(scores[topic] for topic in one.taught)
    powers = [math.exp(score - highest) if topic in one.taught else 0.0 for topic, score in enumerate(scores)]
    total, right = sum(powers), sum(powers[topic] for topic in one.right)
    return [power / total - (power / right if topic in one.right else 0.0) for topic, power in enumerate(powers)]


def _descend(weights: list[float], slopes: list[float], gradient: list[float]) -> None:
    for topic, slope in enumerate(gradient):
        slopes[topic] += slope * slope
        weights[topic] -= STEP * slope / math.sqrt(slopes[topic]) + DECAY * weights[topic]


def pack(weights: list[list[float]]) -> bytes:
    """Give the weights as signed bytes."""
    steps = (max(-127, min(127, round(weight / SCALE))) for row in weights for weight in row)
    return bytes(step & 0xFF for step in steps)


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    TARGET.write_bytes(pack(train(examples(parser.parse_args().data))))


if __name__ == "__main__":
    main()
