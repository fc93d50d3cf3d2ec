"""Train the topic model: python -m tests.quality.train_topics --data FOLDER (half a minute).

Learns from headlines of the UCI News Aggregator set and headlines and descriptions of the HuffPost set (NOTICE);
sets that may only be measured on are not opened. A softmax over hashed stems and pairs of stems, by AdaGrad, with
the lexicon's votes as a fixed offset. Needs nothing but the project. Writes bot/data/language/topics.bin.
"""

import argparse
import math
import random
from collections import Counter
from pathlib import Path

from bot.domain.topics import Topic
from bot.language.topicmodel import BUCKETS, SCALE, TOPICS, VOTE, buckets, votes
from tests.quality.material import rows

TARGET = Path("bot/data/language/topics.bin")
UCI = {"b": Topic.BUSINESS, "e": Topic.ENTERTAINMENT, "t": Topic.TECHNOLOGY, "m": Topic.HEALTH}
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
Example = tuple[list[int], list[float], int]


def examples(folder: Path, sets: tuple[str, ...] = ("uci", "huffpost")) -> list[Example]:
    """Give (buckets, offsets, topic) of each text that may be learned from."""
    labelled: list[tuple[str, Topic]] = []
    if "uci" in sets:
        labelled += [(row["title"], UCI[row["category"]]) for row in rows(folder, "headlines-dev")]
    for row in rows(folder, "topics-dev") if "huffpost" in sets else ():
        if row["set"] == "huffpost" and row["label"] in HUFFPOST:
            labelled += [(text, HUFFPOST[row["label"]]) for text in (row["title"], row["desc"]) if text]
    return [(buckets(text), [VOTE * vote for vote in votes(text)], TOPICS.index(topic)) for text, topic in labelled]


def train(found: list[Example]) -> list[list[float]]:
    """Give one weight for each topic in each bucket; each topic counts the same however rare it is."""
    size = len(TOPICS)
    weights = [[0.0] * size for _ in range(BUCKETS)]
    slopes = [[2.0] * size for _ in range(BUCKETS)]
    often = Counter(topic for *_, topic in found)
    mean = len(found) / len(often)
    for epoch in range(EPOCHS):
        random.Random(epoch).shuffle(found)
        for places, offsets, topic in found:
            share = 1 / math.sqrt(max(1, len(places)))
            errors = _errors(weights, places, offsets, share)
            errors[topic] -= 1.0
            scale = min(20.0, mean / often[topic]) * share
            for place in places:
                _descend(weights[place], slopes[place], [error * scale for error in errors])
    return weights


def _errors(weights: list[list[float]], places: list[int], offsets: list[float], share: float) -> list[float]:
    scores = list(offsets)
    for place in places:
        scores = [score + share * weight for score, weight in zip(scores, weights[place], strict=True)]
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


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
