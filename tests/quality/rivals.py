"""What the libraries one could install instead would do, for the tables of `./dev quality`.

They are not dependencies of the project, not even for development: sumy alone brings NLTK. Where one is missing,
its row says so. `./dev quality --libraries` puts them into a folder of their own, once, and has every row.
"""

import importlib
import importlib.util
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

Summariser = Callable[[Sequence[str]], list[str]]
BUDGET = 55
FOLDER = Path(".libraries")
LIBRARIES = ("rouge-score", "sumy", "rapidfuzz", "numpy", "lxml_html_clean")  # the last two are sumy's, in part unsaid


def fetch(folder: Path = FOLDER) -> None:
    """Let the libraries be imported from a folder of their own, where pip puts them unless it is there."""
    if not folder.is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]
        subprocess.run([*command, str(folder), *LIBRARIES], check=True)
    sys.path.append(str(folder.resolve()))  # last, so that what the project has stays what it uses
    importlib.invalidate_caches()


def lead_three(sentences: Sequence[str]) -> list[str]:
    """Take the first three sentences."""
    return list(sentences[:3])


def lead_budget(sentences: Sequence[str]) -> list[str]:
    """Take the first sentences that fit in the budget."""
    picked: list[str] = []
    for sentence in sentences:
        if sum(len(one.split()) for one in [*picked, sentence]) > BUDGET:
            break
        picked.append(sentence)
    return picked or list(sentences[:1])


def is_installed(library: str) -> bool:
    """Say whether a library can be imported here."""
    return importlib.util.find_spec(library) is not None


def sumy(method: str) -> Summariser:
    """Give sumy's LexRank or TextRank: three sentences, from our sentence splitting."""
    model = importlib.import_module("sumy.models.dom")
    module = {"LexRank": "lex_rank", "TextRank": "text_rank"}[method]
    maker = getattr(importlib.import_module(f"sumy.summarizers.{module}"), f"{method}Summarizer")
    stemmer = importlib.import_module("sumy.nlp.stemmers").Stemmer("english")
    summarizer = maker(stemmer)

    def summarise(sentences: Sequence[str]) -> list[str]:
        made = [model.Sentence(sentence, _Words()) for sentence in sentences]
        document = model.ObjectDocumentModel([model.Paragraph(made)])
        return [str(sentence) for sentence in summarizer(document, 3)]

    return summarise


class _Words:
    """The word splitting that sumy asks for, without its download of NLTK data."""

    def to_words(self, text: str) -> tuple[str, ...]:
        """Split at spaces and strip punctuation."""
        return tuple(word for raw in text.split() if (word := raw.strip(".,;:!?\"'()")))


def rapidfuzz_groups(titles: Sequence[str], times: Sequence[float], *, at_least: float = 60.0) -> list[int]:
    """Group by token-set ratio with the newest 500 titles of two days."""
    fuzz = importlib.import_module("rapidfuzz.fuzz")
    process = importlib.import_module("rapidfuzz.process")
    lowered = [title.lower() for title in titles]
    groups: list[int] = []
    for index, title in enumerate(lowered):
        start = max(0, index - 500)
        while times[index] - times[start] > 172_800:
            start += 1
        best = process.extractOne(title, lowered[start:index], scorer=fuzz.token_sort_ratio, score_cutoff=at_least)
        groups.append(index if best is None else groups[start + best[2]])
    return groups
