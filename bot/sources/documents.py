"""Documents: the plain text format of the seed document → items. Never raises on text, never loses a line.

A document is any number of articles and runs of headlines. An article is prose, one paragraph a line or
hard-wrapped, with or without a title above it; every line that is not prose is a headline; names of sections
and lines such as "By …" or "Source: …" are noted on the items they belong to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from bot.domain.sources import Item
from bot.errors import SourceError, SourceFault
from bot.sources.dates import read_date
from bot.sources.decoding import decode
from bot.sources.lines import (
    Kind,
    Line,
    as_long_source,
    ends_sentence,
    is_one_sentence,
    is_said,
    is_title,
    lines_of,
    undecorated,
)  # fmt: skip
from bot.sources.wrapping import unwrapped

_LEAST_LETTERS = 3  # fewer are no headline, but what is left of a file that is no text
_RUN = 8  # lines without a blank one between them make a long run …
_RUN_SHARE = 0.75  # … when so many of them are headlines
_LONGEST_IN_RUN = 180  # characters of a headline that ends like a sentence
_SCANT = 100  # characters; a longer text is not counted


def read(data: bytes) -> tuple[Item, ...]:
    """Give the items of a document's bytes.

    Raises:
        SourceError: it cannot be read as text, or holds none.
    """
    text = decode(data)
    items = parse(text)
    if not items:
        raise SourceError(SourceFault.EMPTY, "it holds no text")
    if len(text) < _SCANT and sum(_letters_in(char) for char in text) < _LEAST_LETTERS:
        raise SourceError(SourceFault.EMPTY, "it holds too little to be a headline")
    return items


def _letters_in(char: str) -> int:
    """Count a character: one of a script that writes whole words or syllables counts as two."""
    return char.isalpha() + (char >= "\u1100" and char.isalpha())


def parse(text: str) -> tuple[Item, ...]:
    """Give the items of a document's text, in its order."""
    builder = _Builder()
    for line in _settled(_opened(_with_whole_runs(_listed(unwrapped(lines_of(text)))))):
        builder.take(line)
    return builder.finish()


@dataclass(slots=True)
class _Builder:
    """Puts lines together; `_open` is the item that prose and metadata are added to."""

    items: list[Item] = field(default_factory=list)
    paragraphs: list[list[str]] = field(default_factory=list)  # of each item
    pending: list[Line] = field(default_factory=list)  # metadata that stands before its item
    section: Line | None = None
    section_used: bool = True
    is_open: bool = False

    def take(self, line: Line) -> None:
        if line.kind is Kind.SEPARATOR:
            self.is_open = False
        elif line.kind is Kind.LABEL:
            self._leave_section()
            self.section, self.section_used, self.is_open = line, False, False
        elif line.is_metadata:
            self._note(line)
        elif line.kind is Kind.PROSE and self.is_open:
            self.paragraphs[-1].append(line.text)
        else:
            self._begin(line)

    def _begin(self, line: Line) -> None:
        is_prose = line.kind is Kind.PROSE
        self.section_used = True
        self.items.append(
            Item(
                headline=None if is_prose else line.text,
                position=len(self.items),
                section=undecorated(self.section.text) if self.section else None,
            )
        )
        self.paragraphs.append([line.text] if is_prose else [])
        self.is_open = True
        for note in self.pending:
            self.items[-1] = _noted(self.items[-1], note)
        self.pending.clear()

    def _note(self, line: Line) -> None:
        """Add to the item above; a link or source that it already has belongs to the item below."""
        if not self.items or not self.is_open or _has(self.items[-1], line):
            self.pending.append(line)
        else:
            self.items[-1] = _noted(self.items[-1], line)

    def _leave_section(self) -> None:
        """Keep the name of a section with nothing in it: then it was a headline."""
        if self.section is not None and not self.section_used:
            name, self.section = self.section, None
            self._begin(name)

    def finish(self) -> tuple[Item, ...]:
        self._leave_section()
        for note in self.pending:
            if self.items and not _has(self.items[-1], note):
                self.items[-1] = _noted(self.items[-1], note)
            else:  # nothing it could belong to: then it is all there is
                self.items.append(Item(headline=note.text, position=len(self.items)))
                self.paragraphs.append([])
        found = zip(self.items, self.paragraphs, strict=True)
        return tuple(replace(item, paragraphs=tuple(paragraphs)) for item, paragraphs in found)


def _listed(lines: Sequence[Line]) -> list[Line]:
    """Decide what lists hold: headlines where one stands alone, text where it stands in an article."""
    settled: list[Line] = []
    for is_list, run in groupby(lines, key=lambda line: line.is_listed):
        items = list(run)
        if is_list:
            above = settled[-1] if settled else None
            at = len(settled) + len(items)
            kind = _kind_in_list(above, lines[at] if at < len(lines) else None, lines, len(settled) - 1)
            items = [_as(kind, item) for item in items]
        settled += items
    return settled


def _kind_in_list(above: Line | None, below: Line | None, lines: Sequence[Line], at: int) -> Kind | None:
    """Say what the lines of a list become; None where each is what it looks like: below prose and below a title."""
    if above is None or above.kind not in {Kind.PROSE, Kind.HEADLINE}:
        return Kind.HEADLINE
    if above.kind is Kind.HEADLINE:
        return Kind.HEADLINE if _may_be_label(above, lines, at) else None
    goes_on = below is not None and below.kind is Kind.PROSE and below.gap <= 1
    return Kind.PROSE if goes_on and above.text[-1] in ":：" else None


def _as(kind: Kind | None, line: Line) -> Line:
    if kind is None or line.kind not in {Kind.PROSE, Kind.HEADLINE}:
        return line
    return line if kind is Kind.HEADLINE and not is_one_sentence(line.text) else replace(line, kind=kind)


def _opened(lines: Sequence[Line]) -> list[Line]:
    """Make prose of the short sentences with which an article opens: they end as sentences do, right above its text."""
    settled: list[Line] = []
    for line in reversed(lines):
        below = settled[-1] if settled else None
        opens = below is not None and below.kind is Kind.PROSE and below.gap <= 1 and not line.is_marked
        is_sentence = line.kind is Kind.HEADLINE and ends_sentence(line.text) and not is_title(line.text)
        settled.append(replace(line, kind=Kind.PROSE) if opens and is_sentence else line)
    return settled[::-1]


def _settled(lines: Sequence[Line]) -> Iterator[Line]:
    """Decide by the neighbours what a line's looks leave open."""
    splits = _splits_articles(lines)
    bylines = _bylines(lines)
    for at, line in enumerate(lines):
        above = lines[at - 1] if at else None
        below = lines[at + 1] if at + 1 < len(lines) else None
        if splits and line.kind is Kind.PROSE and line.gap > 1 and above and above.kind is Kind.PROSE:
            yield Line("", Kind.SEPARATOR)
        if _ends_run(line, above, lines, at):
            yield Line("", Kind.SEPARATOR)
        if line.kind is Kind.BYLINE:
            yield line if at in bylines else replace(line, kind=Kind.HEADLINE)
        elif any(other and other.kind is Kind.PROSE for other in (above, below)):
            yield _settle(as_long_source(line), above, lines, at)
        else:
            yield _settle(line, above, lines, at)


def _bylines(lines: Sequence[Line]) -> frozenset[int]:
    """Say which of the lines that look like bylines are some.

    Those beside prose, those among other notes, and those that stand under two headlines or more: a lone one among
    headlines ("By Land and Sea") is a headline itself.
    """
    above_all, below_all = _nearest(lines), _nearest(lines[::-1])[::-1]
    sure: set[int] = set()
    under: set[int] = set()
    for at in (at for at, line in enumerate(lines) if line.kind is Kind.BYLINE):
        beside = (above_all[at], below_all[at])
        above, below = lines[at - 1] if at else None, lines[at + 1] if at + 1 < len(lines) else None
        is_noted = (above and above.is_note and not lines[at].gap) or (below and below.is_note and not below.gap)
        if is_noted or any(other and other.kind is Kind.PROSE for other in beside):
            sure.add(at)
        elif above and above.kind is Kind.HEADLINE and not lines[at].gap:
            under.add(at)
    return frozenset(sure | under if len(under) > 1 else sure)


def _nearest(lines: Sequence[Line]) -> list[Line | None]:
    """Give for each line the nearest one before it that is no metadata."""
    found: list[Line | None] = []
    last: Line | None = None
    for line in lines:
        found.append(last)
        last = last if line.is_metadata else line
    return found


def _settle(line: Line, above: Line | None, lines: Sequence[Line], at: int) -> Line:
    if line.kind is not Kind.HEADLINE:
        return line
    follows_prose = above is not None and above.kind is Kind.PROSE and line.gap <= 1 and not line.is_marked
    if follows_prose and (ends_sentence(line.text) or is_said(line.text)):
        return replace(line, kind=Kind.PROSE)  # a short paragraph
    if _is_label(line, lines, at):
        return replace(line, kind=Kind.LABEL)
    return line


def _is_label(line: Line, lines: Sequence[Line], at: int) -> bool:
    """Say whether a short line names the run of headlines below it: alone, ending in a colon, or in capitals."""
    below = lines[at + 1 : at + 3]
    if len(below) < 2 or any(other.kind is not Kind.HEADLINE for other in below) or below[1].gap:
        return False
    if not _may_be_label(line, lines, at):
        return False
    words = len(line.text.split())
    is_alone = below[0].gap > 0 and (line.gap > 0 or at == 0)
    is_shouted = line.text.isupper() and not any(other.text.isupper() for other in below)
    is_bare = not line.is_marked and all(other.is_marked for other in below)
    return line.text[-1] in ":：" or is_shouted or is_bare or (is_alone and words <= 3)


def _may_be_label(line: Line, lines: Sequence[Line], at: int) -> bool:
    starts_block = at == 0 or line.gap > 0 or lines[at - 1].kind is Kind.SEPARATOR
    return starts_block and len(line.text) <= 40 and len(line.text.split()) <= 5 and line.text[-1] not in "?!…”’\"'"


def _ends_run(line: Line, above: Line | None, lines: Sequence[Line], at: int) -> bool:
    """Say whether prose stands below a run of headlines, whose last one is then not its title."""
    if line.kind is not Kind.PROSE or above is None or not line.gap:
        return False
    run = 0
    for other in map(lines.__getitem__, range(at - 1, -1, -1)):
        if other.kind is Kind.HEADLINE:
            run += 1
            if other.gap or run > 1:
                break
        elif not other.is_metadata:
            break
    return run > 1


def _splits_articles(lines: Sequence[Line]) -> bool:
    """Say whether two blank lines part articles here: where paragraphs stand closer than that elsewhere."""
    gaps = {line.gap for above, line in pairwise(lines) if above.kind is Kind.PROSE and line.kind is Kind.PROSE}
    return bool(gaps) and min(gaps) < 2


def _with_whole_runs(lines: Sequence[Line]) -> list[Line]:
    """Take a lone line that ends like a sentence, amid a long run of headlines, for one of them."""
    found = list(lines)
    start = 0
    for end in range(1, len(lines) + 1):
        if end < len(lines) and not lines[end].gap:
            continue
        block = lines[start:end]
        headlines = [line.kind is Kind.HEADLINE for line in block]
        if len(block) >= _RUN and sum(headlines) >= _RUN_SHARE * len(block):
            for at in range(2, len(block)):
                is_amid = all(headlines[at - 2 : at] + headlines[at + 1 : at + 2])
                if is_amid and block[at].kind is Kind.PROSE and len(block[at].text) < _LONGEST_IN_RUN:
                    found[start + at] = replace(block[at], kind=Kind.HEADLINE)
        start = end
    return found


def _has(item: Item, line: Line) -> bool:
    if line.kind is Kind.LINK or line.field in {"link", "url"}:
        return item.link is not None
    if line.kind is Kind.BYLINE or line.field in {"author", "byline", "written by"}:
        return bool(item.authors)
    if line.field == "source":
        return item.publisher is not None
    return (item.updated_at if "updated" in line.field else item.published_at) is not None


def _noted(item: Item, line: Line) -> Item:
    if line.kind is Kind.LINK or line.field in {"link", "url"}:
        return replace(item, link=line.value.strip("<>"))
    if line.kind is Kind.BYLINE or line.field in {"author", "byline", "written by"}:
        return replace(item, authors=(line.value.strip(" ,"),))
    if line.field == "source":
        is_link = line.value.startswith(("http://", "https://"))
        return replace(item, link=item.link or line.value) if is_link else replace(item, publisher=line.value)
    stated = read_date(line.value)
    return replace(item, updated_at=stated) if "updated" in line.field else replace(item, published_at=stated)
