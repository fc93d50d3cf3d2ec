"""Decide: what is new, changed, the same, twice there, back or gone. Pure: values in, a verdict out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from bot.domain.intake import Known
from bot.domain.text import fold
from bot.ingest.normalise import Prepared, comparable

MAX_CHANGES = 24  # after so many, a feed's item is frozen: it changes by itself
_ALIKE = 0.5  # least likeness of a line and what it was edited into
_MOST_PAIRS = 10_000  # of lines compared; beyond that, edits of a document count as gone and new


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with the items of one fetch."""

    new: tuple[Prepared, ...] = ()
    edits: tuple[tuple[Known, Prepared], ...] = ()
    restored: tuple[tuple[Known, Prepared], ...] = ()
    withdrawn: tuple[int, ...] = ()
    moved: tuple[tuple[int, int], ...] = ()
    rekeyed: tuple[tuple[int, str], ...] = ()
    unchanged: int = 0
    duplicates: int = 0
    refused: int = 0


@dataclass(slots=True)
class _Draft:
    new: list[Prepared] = field(default_factory=list)
    edits: list[tuple[Known, Prepared]] = field(default_factory=list)
    restored: list[tuple[Known, Prepared]] = field(default_factory=list)
    moved: list[tuple[int, int]] = field(default_factory=list)
    rekeyed: list[tuple[int, str]] = field(default_factory=list)
    unchanged: int = 0
    duplicates: int = 0
    refused: int = 0

    def settle(self, one: Prepared, known: Known, *, most_changes: int | None) -> None:
        """Note what an item that the store has calls for."""
        if known.is_retracted:
            self.refused += 1
        elif one.item_hash != known.item_hash and (most_changes is None or known.changes < most_changes):
            self.edits.append((known, one))
        elif known.is_withdrawn:
            self.restored.append((known, one))
        else:
            self.unchanged += 1

    def verdict(self, withdrawn: Iterable[int] = ()) -> Verdict:
        return Verdict(
            new=tuple(self.new),
            edits=tuple(self.edits),
            restored=tuple(self.restored),
            withdrawn=tuple(withdrawn),
            moved=tuple(self.moved),
            rekeyed=tuple(self.rekeyed),
            unchanged=self.unchanged,
            duplicates=self.duplicates,
            refused=self.refused,
        )


def decide_feed(fetched: Sequence[Prepared], known: Sequence[Known], purged: frozenset[str]) -> Verdict:
    """Judge the items of a feed: what is missing has only rolled off, and is not withdrawn."""
    draft = _Draft()
    by_key = {one.key: one for one in known}
    by_link = _unique_links(fetched, known, {one.key for one in fetched})
    taken: set[int] = set()
    for one in _without_repeats(fetched, draft):
        if one.key in purged or one.link_key in purged:
            draft.refused += 1
            continue
        found = by_key.get(one.key) or _flipped(one, by_link)
        if found is None:
            draft.new.append(one)
        elif found.article_id in taken:
            draft.duplicates += 1
        else:
            taken.add(found.article_id)
            if found.key != one.key:
                draft.rekeyed.append((found.article_id, one.key))
            draft.settle(one, found, most_changes=MAX_CHANGES)
    return draft.verdict()


def _without_repeats(fetched: Iterable[Prepared], draft: _Draft) -> Iterator[Prepared]:
    """Leave out what is there twice: by its identity, or by the same link and headline under another guid."""
    seen: set[object] = set()
    for one in fetched:
        twin = (one.link_key, comparable(one.item)) if one.link_key else one.key
        if one.key in seen or twin in seen:
            draft.duplicates += 1
        else:
            seen |= {one.key, twin}
            yield one


def _unique_links(fetched: Sequence[Prepared], known: Sequence[Known], keys: set[str]) -> dict[str, Known]:
    """Give the stored items that a link alone may identify: one item then, one now, and not there by its key."""
    now = Counter(one.link_key for one in fetched)
    then = Counter(one.link_key for one in known)
    return {
        one.link_key: one
        for one in known
        if one.link_key and then[one.link_key] == 1 and now[one.link_key] == 1 and one.key not in keys
    }


def _flipped(one: Prepared, by_link: dict[str, Known]) -> Known | None:
    """Give the item that now comes under another guid; a page whose link never changes has other news by then."""
    found = by_link.get(one.link_key) if one.link_key else None
    if found is None:
        return None
    is_same_time = one.item.published_at is not None and one.item.published_at == found.published_at
    is_same = is_same_time or _likeness(comparable(one.item), fold(found.headline)) >= _ALIKE
    return found if is_same else None


def decide_document(lines: Sequence[Prepared], known: Sequence[Known], purged: frozenset[str]) -> Verdict:
    """Judge the items of a document, which is all there is: an edited line replaces, a missing one is withdrawn."""
    draft = _Draft()
    by_key = {one.key: one for one in known}
    seen: set[str] = set()
    strange: list[Prepared] = []
    for one in lines:
        if one.key in seen:
            draft.duplicates += 1
            continue
        seen.add(one.key)
        if one.key in purged:
            draft.refused += 1
        elif (found := by_key.get(one.key)) is not None:
            draft.settle(one, found, most_changes=None)
            if found.position != one.item.position:
                draft.moved.append((found.article_id, one.item.position))
        else:
            strange.append(one)
    gone = [one for one in known if one.key not in seen and not one.is_withdrawn and not one.is_retracted]
    pairs = _edited(strange, gone)
    draft.edits += [(pairs[one.key], one) for one in strange if one.key in pairs]
    draft.new = [one for one in strange if one.key not in pairs]
    replaced = {found.article_id for found in pairs.values()}
    return draft.verdict(one.article_id for one in gone if one.article_id not in replaced)


def _edited(strange: Sequence[Prepared], gone: Sequence[Known]) -> dict[str, Known]:
    """Pair each unknown line with the missing one it was edited from: the most alike, then the nearest, first."""
    if len(strange) * len(gone) > _MOST_PAIRS:
        return {}
    scored = [
        (-likeness, abs(one.item.position - old.position), one.key, old)
        for one in strange
        for old in gone
        if (likeness := _likeness(comparable(one.item), fold(old.headline))) >= _ALIKE
    ]
    pairs: dict[str, Known] = {}
    taken: set[int] = set()
    for _, _, key, old in sorted(scored, key=lambda row: row[:3]):
        if key not in pairs and old.article_id not in taken:
            pairs[key] = old
            taken.add(old.article_id)
    return pairs


def _likeness(first: str, second: str) -> float:
    """Give how much two lines share in order, 0–1; of a much longer one only its beginning counts.

    The headline that was derived from a paragraph is its beginning.
    """
    one, other = _units(first), _units(second)
    length = min(len(one), len(other)) + 3
    return SequenceMatcher(None, one[:length], other[:length], autojunk=False).ratio()


def _units(line: str) -> Sequence[str]:
    """Give words, or characters where a script is written without spaces."""
    words = line.split()
    return words if len(words) > 3 else line[:200]
