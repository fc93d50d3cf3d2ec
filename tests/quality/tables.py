"""The tables of `./dev quality`: our figures beside those of the libraries, on the development sets."""

import importlib
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.stories import Length
from bot.language import features, summary
from bot.language.furniture import without_dateline
from bot.language.sentences import split
from bot.language.stories import Headline, StoryIndex
from bot.language.topicmodel import CLEAR, surest
from tests.quality import rivals, scores, train_summary
from tests.quality.material import Row, rows

FOLDS = 5
ACCEPTED = {
    "ag_test": {"world": "world", "business": "business", "sport": "sport", "scitech": "technology science"},
    "fwdnews": {
        "worldnews": "world",
        "ukraine": "world",
        "politics": "politics",
        "technology": "technology",
        "science": "science",
        "sports": "sport",
        "television": "entertainment",
    },
}
Rouge = Callable[[str, Sequence[str]], tuple[float, float, float]]


def summaries(folder: Path) -> list[str]:
    """Give the table of summaries of at most 55 words against editors' highlights."""
    measure, name = _rouge()
    articles = rows(folder, "summaries-dev")
    texts = [[without_dateline(text) for text in split([row["text"]], "en")] for row in articles]
    systems: list[tuple[str, Sequence[list[str]] | None, float]] = [
        ("Lead-3", *_timed(rivals.lead_three, texts)),
        ("lead within 55 words", *_timed(rivals.lead_budget, texts)),
    ]
    for method in ("LexRank", "TextRank"):
        if rivals.is_installed("sumy"):
            systems.append((f"sumy {method}", *_timed(rivals.sumy(method), texts)))
        else:
            systems.append((f"sumy {method}", None, 0.0))
    systems.append(("Dateline, fitted on other folds", _cross_fitted(articles), 0.0))
    systems.append(("Dateline, as shipped *", *_timed(_ours, [[row["text"]] for row in articles])))
    lines = ["", f"Summaries ({len(articles)} articles, {name})      R1 /   R2 /   RL     CPU ms mean"]
    for label, made, spent in systems:
        if made is None:
            lines.append(f"  {label:32} not installed: this row is left out")
            continue
        found = [measure(row["summary"], sentences) for row, sentences in zip(articles, made, strict=True)]
        means = " / ".join(f"{sum(column) / len(found):5.2f}" for column in zip(*found, strict=True))
        lines.append(f"  {label:32} {means}  {spent:6.1f}")
    verbatim = all(one in row["text"] for row, made in zip(articles, systems[-1][1] or (), strict=True) for one in made)
    return [*lines, f"  every sentence is verbatim: {verbatim}"]


def stories(folder: Path) -> list[str]:
    """Give the table of headlines grouped one by one in time order; figures for all and for the later half."""
    found = rows(folder, "headlines-dev")
    gold = [row["story"] for row in found]
    half = len(found) // 2
    systems: list[tuple[str, Callable[[list[Row]], list[int]] | None]] = [
        ("rapidfuzz token sort ≥ 60", _fuzzy if rivals.is_installed("rapidfuzz") else None),
        ("Dateline *", place_all),
        ("Dateline, late merges too *", lambda rows_: place_all(rows_, merges=True)),
    ]
    lines = ["", f"Stories ({len(found)} headlines)          B³ F1 (P, R)        pairs   later half    headlines/CPU-s"]
    for label, place in systems:
        if place is None:
            lines.append(f"  {label:30} not installed: this row is left out")
            continue
        start = time.process_time()
        placed = place(found)
        speed = len(found) / (time.process_time() - start)
        whole, later = scores.grouping(gold, placed), scores.grouping(gold[half:], placed[half:])
        parts = f"{whole['b3']:.3f} ({whole['precision']:.3f}, {whole['recall']:.3f})  {whole['pairs']:.3f}"
        lines.append(f"  {label:30} {parts}   {later['b3']:.3f} {later['pairs']:.3f}   {speed:8.0f}")
    return lines


def topics(folder: Path) -> list[str]:
    """Give the table of topics of bare headlines, on sets that nothing was learned from."""
    lines = ["", "Topics of bare headlines   right at 50 %    65 %    100 %   shown: coverage, right   headlines/s"]
    for name, accepted in ACCEPTED.items():
        chosen = [row for row in rows(folder, "topics-dev") if row["set"] == name and row["label"] in accepted]
        start = time.process_time()
        judged = []
        for row in chosen:
            topic, certainty = surest(row["title"])
            judged.append((certainty, topic.value in accepted[row["label"]].split()))
        speed = len(chosen) / (time.process_time() - start)
        shown = [is_right for certainty, is_right in judged if certainty >= CLEAR]
        right = "   ".join(f"{scores.right_at(judged, coverage):.3f}" for coverage in (0.5, 0.65, 1.0))
        rate = f"{len(shown) / len(judged):.3f}, {sum(shown) / len(shown):.3f}"
        lines.append(f"  {name:10} ({len(chosen)})            {right}   {rate}   {speed:8.0f}")
    return lines


def place_all(found: list[Row], *, merges: bool = False) -> list[int]:
    """Group rows of the headline set as ingest would, and give each one's story."""
    index, story_of, moved = StoryIndex(), [], dict[int, int]()
    for number, row in enumerate(found):
        at = datetime.fromtimestamp(row["ts"], UTC)
        headline = Headline(number, row["title"], at, row["publisher"], "en")
        placement = index.propose(headline)
        story_of.append(number if placement.story_id is None else placement.story_id)
        index.accept(headline, story_of[-1], placement)
        for source, into in index.merges(at) if merges else ():
            index.merge(source, into)
            moved[source] = into
    return [_follow(story, moved) for story in story_of]


def _follow(story: int, moved: dict[int, int]) -> int:
    while story in moved:
        story = moved[story]
    return story


def _fuzzy(found: list[Row]) -> list[int]:
    return rivals.rapidfuzz_groups([row["title"] for row in found], [row["ts"] for row in found])


def _ours(paragraphs: Sequence[str]) -> list[str]:
    made = summary.summarise(paragraphs, length=Length.MEDIUM)
    return list(made.sentences) if made else []


def _timed(system: rivals.Summariser, texts: Sequence[Sequence[str]]) -> tuple[list[list[str]], float]:
    start = time.process_time()
    made = [system(sentences) for sentences in texts]
    return made, 1000 * (time.process_time() - start) / len(texts)


def _cross_fitted(articles: list[Row]) -> list[list[str]]:
    """Summarise each article with a ranker fitted on the folds it is not in."""
    examples = [train_summary.examples(row, seed) for seed, row in enumerate(articles)]
    made: list[list[str]] = [[] for _ in articles]
    for fold in range(FOLDS):
        learned = [one for index, found in enumerate(examples) if index % FOLDS != fold for one in found]
        *weights, bias = train_summary.fit(learned)
        for index in range(fold, len(articles), FOLDS):
            texts = split([articles[index]["text"]], "en")[:120]
            sentences = features.read([without_dateline(text) for text in texts])
            picked = summary.choose(sentences, None, 55, weights=(tuple(weights), bias))
            made[index] = [sentences[at].text for at in picked]
    return made


def _rouge() -> tuple[Rouge, str]:
    if not rivals.is_installed("rouge_score"):
        return scores.rouge, "our own ROUGE, since rouge-score is not installed"
    library: Any = importlib.import_module("rouge_score.rouge_scorer")
    scorer = library.RougeScorer(["rouge1", "rouge2", "rougeLsum"], use_stemmer=True)

    def measure(reference: str, sentences: Sequence[str]) -> tuple[float, float, float]:
        found = scorer.score(reference, "\n".join(sentences))
        one, two, longest = (100 * found[kind].fmeasure for kind in ("rouge1", "rouge2", "rougeLsum"))
        return one, two, longest

    return measure, "rouge-score"
