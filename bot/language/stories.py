"""Stories: which headlines tell the same event, decided as each one arrives.

Ingest proposes a headline, commits what it decided, and only then has the index accept it, so that the index is
never ahead of the store. What it decides depends only on the headlines it holds and the order they came in:
accepting the same headlines again gives the same index. The cost of a headline does not grow with the archive: it is
compared with the `_PER_TERM` newest headlines for each of its weightiest words. It takes some 2 KB of memory.
"""

import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from bot.language.members import CENTRAL, Headline, Member, Members
from bot.language.signatures import compact, sign, tongue

__all__ = ["Headline", "Placement", "StoryIndex"]

MOST_MEMBERS = 200  # whoever prints one headline over and over, with another number, must not make a story of thousands
WINDOW = timedelta(days=2)  # two headlines further apart never meet
JOIN = 0.175  # below it headlines stay apart
_CROWD = 300  # undated headlines from which on two may look alike by chance, for no time keeps them apart …
_CROWDED = 0.035  # … so that as much more likeness is asked for with each doubling
COUNT = 0.3  # from here on a member counts as an outlet of the story
COPY = 0.75  # near-duplicate: wire copy
NAMES_ONLY = 0.22  # below it, sharing only a name makes two headlines related
MERGE = 0.55  # two stories this alike are one
_TWINS = 0.2  # a headline less like another story's nearest member makes no twin of it
_CENTROID = 0.3  # weight of the story as a whole against its most similar member
_DECAY_S = 1.5 * 86_400.0  # likeness halves in a day: what comes the day after is mostly another event
_PER_TERM = 16  # newest headlines looked at for each weighty stem
_LOOKED_AT = 48  # headlines after which a more common stem adds no new ones
_COMPARED = 12  # headlines compared in full
_LIVE = 10_000  # headlines held at most
_SUMMED = 1024  # centres of stories at hand; others are summed up when they are asked for
_WORDY = 4  # stems of a headline that says enough for one shared word to say little
_RELATED = 5
_NAMES_SHARED = 0.06  # least likeness of a related story
_Alike = list[tuple[int, float | None]]  # stories, and when the member was that is like a headline


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a headline belongs: an existing story, or None for a new one."""

    story_id: int | None
    score: float = 0.0
    is_counted: bool = True
    wire_copy_of: int | None = None  # the article it is a near-duplicate of
    related: tuple[int, ...] = ()  # stories with the same names and another event, the nearest first


class _Match(NamedTuple):
    score: float
    story_id: int
    nearest: Member
    likeness: float  # to the nearest member


class StoryIndex:
    """The recent headlines and their stories, in memory."""

    def __init__(self) -> None:
        self._members: dict[int, Member] = {}  # in the order they came; a queue of its own would hold those removed
        self._stories: dict[int, Members] = {}
        self._postings: dict[int, array[float]] = {}  # a stem's headlines: id, weight, id, weight …, the newest last
        self._summed: dict[int, None] = {}  # stories whose centres are at hand, the first summed up first
        self._touched: dict[int, _Alike | None] = {}  # with whom its newest member was like, where that is known
        self._order = 0
        self._undated = 0  # members without a time
        self._made: tuple[Headline, Member] | None = None
        self._found: tuple[Headline, _Alike] | None = None  # whom the headline proposed last is like

    def __len__(self) -> int:
        return len(self._members)

    def propose(self, headline: Headline) -> Placement:
        """Say where a headline belongs, without changing the index."""
        new = self._make(headline)
        matches = self._matches(new)
        self._found = headline, [(match.story_id, match.nearest.at_s) for match in matches if match.likeness >= _TWINS]
        join = self._join(new)
        best = next((match for match in matches if match.score >= join and self._may_join(new, match)), None)
        related = _related(new, matches, best)
        if best is None:
            return Placement(None, matches[0].score if matches else 0.0, related=related)
        is_copy = best.likeness >= COPY or new.signature.plain == best.nearest.signature.plain
        copied = best.nearest.id if is_copy else None
        return Placement(best.story_id, best.score, best.score >= COUNT, copied, related)

    def _join(self, new: Member) -> float:
        """Give the least score at which a headline joins a story."""
        if new.at_s is not None or self._undated <= _CROWD:
            return JOIN
        return JOIN + _CROWDED * math.log2(self._undated / _CROWD)

    def _may_join(self, new: Member, match: _Match) -> bool:
        """Whether a headline like a story is of the same event, and there is still room in the story."""
        return len(self._stories[match.story_id].members) < MOST_MEMBERS and not _differs(new, match)

    def accept(self, headline: Headline, story_id: int, placement: Placement | None = None) -> None:
        """Take a headline in as a member of a story, once that is committed. The store's word is final."""
        del placement  # the story is what was committed, whatever was proposed
        self.remove(headline.id)
        member = self._make(headline)
        self._made = None
        self._order += 1
        member.order, member.story_id = self._order, story_id
        self._members[headline.id] = member
        self._undated += member.at_s is None
        for term, weight in member.signature.looked_up():
            posting = self._postings.get(term)
            if posting is None:
                self._postings[term] = array("d", (headline.id, weight))
            else:
                posting.extend((headline.id, weight))
        self._stories.setdefault(story_id, Members()).add(member)
        self._touched[story_id] = self._found[1] if self._found and self._found[0] is headline else None
        self._found = None
        self._retire(member.at_s)

    def remove(self, article_id: int) -> None:
        """Forget a headline; nothing happens when it is not known."""
        member = self._members.pop(article_id, None)
        if member is None:
            return
        self._undated -= member.at_s is None
        for term, _ in member.signature.looked_up():
            posting = self._postings[term]
            at = posting[::2].index(article_id) * 2
            del posting[at : at + 2]
            if not posting:
                del self._postings[term]
        story = self._stories[member.story_id]
        story.remove(member)
        if not story.members:
            del self._stories[member.story_id]
            self._touched.pop(member.story_id, None)

    def merge(self, source: int, into: int) -> None:
        """Make the members of one story members of another, once that is committed."""
        if source == into or source not in self._stories:
            return
        story = self._stories.pop(source)
        self._touched.pop(source, None)
        target = self._stories.setdefault(into, Members())
        for member in story.members:
            member.story_id = into
        target.take_over(story.members)
        self._touched[into] = None

    def merges(self, now: datetime) -> tuple[tuple[int, int], ...]:
        """Give the pairs (newer story, older story) that turned out to be one since the last call.

        The index is left as it is: commit each merge, then call `merge`.
        """
        del now  # what counts is how far the stories are apart
        touched, self._touched = self._touched, {}
        pairs: dict[int, int] = {}
        for story_id, alike in touched.items():
            twin = self._twin(story_id, alike)
            if twin is not None:
                newer, older = self._by_age(story_id, twin)
                if newer not in pairs and older not in pairs and newer not in pairs.values():
                    pairs[newer] = older
        return tuple(pairs.items())

    def prune(self, now: datetime) -> None:
        """Forget dated headlines that no new one can meet."""
        oldest = (now - WINDOW).timestamp()
        for member in [known for known in self._members.values() if known.at_s is not None and known.at_s < oldest]:
            self.remove(member.id)

    def _make(self, headline: Headline) -> Member:
        """Sign a headline; the last one is kept, because it is proposed first and accepted next."""
        if self._made is None or self._made[0] is not headline:
            language = tongue(headline.text, headline.language)
            at_s = None if headline.at is None else headline.at.timestamp()
            if headline.signature:
                signature = compact(headline.signature)
            else:
                signature = sign(headline.text, language, headline.names)
            self._made = headline, Member(headline.id, 0, 0, at_s, language, signature)
        return self._made[1]

    def _retire(self, at_s: float | None) -> None:
        """Forget the oldest arrivals that are too many or past the window, a few at a time.

        A few, because one wrong date in the far future must not empty the index.
        """
        for _ in range(3):
            oldest = next(iter(self._members.values()))
            if len(self._members) <= _LIVE and not _is_past(oldest.at_s, at_s):
                return
            self.remove(oldest.id)

    def _matches(self, new: Member) -> list[_Match]:
        """Give the stories that share a weighty word with a headline, the likeliest first."""
        nearest: dict[int, tuple[float, Member]] = {}
        vector = dict(new.signature.items())
        for member in self._near(new):
            likeness, theirs = 0.0, member.signature
            for term, weight in zip(theirs.terms, theirs.weights, strict=True):  # a plain loop beats sum() here
                if term in vector:
                    likeness += weight * vector[term]
            known = nearest.get(member.story_id)
            if known is None or likeness > known[0]:
                nearest[member.story_id] = (likeness, member)
        matches = []
        for story_id, (likeness, member) in nearest.items():
            decay = _decay(new.at_s, member.at_s)
            whole, size = likeness, len(self._stories[story_id].members)
            if size > 1 and _may_reach(size, likeness * decay):
                whole = self._sum(story_id).likeness(vector)
            matches.append(_Match((_CENTROID * whole + (1 - _CENTROID) * likeness) * decay, story_id, member, likeness))
        matches.sort(key=lambda match: (-match.score, match.story_id))
        return matches

    def _near(self, new: Member) -> list[Member]:
        """Give the members that share most of a headline's weighty stems, a bounded number of them."""
        shared: dict[float, float] = {}
        for term, weight in new.signature.looked_up():
            posting = self._postings.get(term)
            if posting is None:
                continue
            newest = iter(posting[-2 * _PER_TERM :])  # id, weight, id, weight …
            if len(shared) < _LOOKED_AT:
                for number, other in zip(newest, newest, strict=True):
                    shared[number] = shared.get(number, 0.0) + weight * other
            else:
                for number, other in zip(newest, newest, strict=True):
                    if number in shared:
                        shared[number] += weight * other
        shared.pop(new.id, None)
        return self._likest(new, shared)

    def _likest(self, new: Member, shared: Mapping[float, float]) -> list[Member]:
        """Give the members that may meet a headline, those that share most first and of equals the newest."""
        found: list[tuple[float, int, Member]] = []
        for number, likeness in sorted(shared.items(), key=itemgetter(1), reverse=True):
            if len(found) >= _COMPARED and likeness < found[-1][0]:
                break
            one = self._members[int(number)]
            if one.tongue == new.tongue and _is_near(new.at_s, one.at_s):
                found.append((likeness, one.order, one))
        found.sort(reverse=True)
        return [one for *_, one in found[:_COMPARED]]

    def _twin(self, story_id: int, alike: _Alike | None) -> int | None:
        """Give the story most like this one, if the two are alike enough to be one.

        `alike` is what its newest member was like when that was proposed; what came since looks at it in turn.
        """
        story = self._stories.get(story_id)
        if story is None:
            return None
        newest = story.members[-1]
        if alike is None:
            alike = [(member.story_id, member.at_s) for member in self._near(newest)]
        others = {other_id: at_s for other_id, at_s in reversed(alike) if other_id != story_id}  # the likest of each
        if not others:
            return None
        centre, length = self._sum(story_id).centre(), story.length()
        likest: dict[int, float] = {}
        for other_id, at_s in others.items():
            other = self._stories.get(other_id)  # it may have gone since
            if other is None:
                continue
            if len(story.members) + len(other.members) <= MOST_MEMBERS:
                likest[other_id] = self._sum(other_id).likeness_to(centre, length) * _decay(newest.at_s, at_s)
        best, negative_id = max(((likeness, -twin) for twin, likeness in likest.items()), default=(0.0, 0))
        return -negative_id if best >= MERGE else None

    def _sum(self, story_id: int) -> Members:
        """Give a story that may be asked for its centre; those that have theirs at hand stay few."""
        story = self._stories[story_id]
        if len(story.members) > 1 and not story.is_summed:
            if len(self._summed) >= _SUMMED:
                oldest = next(iter(self._summed))
                del self._summed[oldest]
                if oldest in self._stories:
                    self._stories[oldest].drop_centre()
            self._summed[story_id] = None
        return story

    def _by_age(self, first: int, second: int) -> tuple[int, int]:
        orders = [(self._stories[story_id].members[0].order, story_id) for story_id in (first, second)]
        (_, older), (_, newer) = sorted(orders)
        return newer, older


def _may_reach(size: int, likeness: float) -> bool:
    """Whether the centre of a story can decide: of n members as like as the nearest, it is √n times as like."""
    return (_CENTROID * math.sqrt(min(size, CENTRAL)) + 1 - _CENTROID) * likeness >= JOIN


def _differs(new: Member, match: _Match) -> bool:
    """Say whether a match is of the same people or words and yet another event.

    Either nothing but one word is shared, such as the town of a local paper; or nothing but names; or the match is
    doubtful, shares no phrase, and names other people, places or numbers throughout.
    """
    mine, theirs = new.signature, match.nearest.signature
    words = mine.stems() & theirs.stems()
    if match.score < COUNT and len(words) <= 1 and min(mine.singles, theirs.singles) >= _WORDY:
        return True
    marks, other_marks = set(mine.marks), set(theirs.marks)
    if match.score < NAMES_ONLY and len(words) <= 2 and words <= marks | other_marks:
        return True
    if match.score >= COUNT or not marks or not other_marks or not marks.isdisjoint(other_marks):
        return False
    return mine.pairs().isdisjoint(theirs.pairs())


def _related(new: Member, matches: list[_Match], best: _Match | None) -> tuple[int, ...]:
    """Give the other stories that share a name, or a word too rare to be anything else."""
    telling = set(new.signature.telling)
    found = (
        match.story_id
        for match in matches
        if match is not best
        and match.likeness >= _NAMES_SHARED
        and not telling.isdisjoint(match.nearest.signature.telling)
    )
    return tuple(islice(found, _RELATED))


def _is_near(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return abs(first - second) <= 172_800


def _is_past(oldest: float | None, newest: float | None) -> bool:
    return oldest is not None and newest is not None and newest - oldest > 172_800


def _decay(first: float | None, second: float | None) -> float:
    return 1.0 if first is None or second is None else math.exp(-abs(first - second) / _DECAY_S)
