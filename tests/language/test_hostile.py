"""Text from outside may be made to be slow: nothing here may take long over it."""

import time
from collections.abc import Callable

import pytest

from bot.language import detect, furniture, headlines, names, sentences, signatures, summary, topics

HOSTILE = {
    "spaces": " " * 8_000 + "x",
    "line breaks": "\n \n" * 4_000,
    "commas": "a, " * 4_000,
    "capitals": "A" * 8_000,
    "labels": "AB-" * 4_000,
    "brackets": "(" * 8_000,
    "quotes": '"' * 8_001,
    "stops": "U.S. " * 4_000,
    "cities": "Berlin, " * 4_000,
}
READERS: dict[str, Callable[[str], object]] = {
    "detect": detect.language_of,
    "furniture": furniture.is_furniture,
    "dateline": furniture.without_dateline,
    "derive": headlines.derive,
    "names": names.find,
    "split": lambda text: sentences.split([text]),
    "sign": lambda text: signatures.sign(text, "en"),
    "topics": topics.classify,
    "summary": lambda text: summary.summarise([text]),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
def test_hostile_text_takes_less_than_a_second(reader: Callable[[str], object], text: str) -> None:
    start = time.process_time()
    reader(text)
    assert time.process_time() - start < 1
