"""Members: headlines as the story index keeps them, and the stories they make up."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.language.signatures import Signature

CENTRAL = 40  # newest members that make a story's centre


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline to be placed. `at` is None for undated items, which all count as the same time."""

    id: int  # the article's
    text: str
    at: datetime | None
    outlet: str
    language: str | None = None
    names: tuple[str, ...] = ()
    signature: Signature | None = None  # where it was signed already


@dataclass(slots=True, eq=False)
class Member:
    """A headline in the index, with its place and its signature."""

    id: int  # the article's
    story_id: int
    order: int
    at_s: float | None
    tongue: str
    signature: Signature


class Members:
    """The members of a story, oldest first, and its centre: the sum of the newest members' vectors.

    Weights are single-precision numbers, so that sums of a few are exact in whatever order they come and go: a centre
    may be forgotten and summed up anew.
    """

    __slots__ = ("_centre", "_length", "members")

    def __init__(self) -> None:
        self.members: list[Member] = []
        self._centre: dict[int, float] | None = None
        self._length = 0.0  # 0: not measured since the centre changed

    @property
    def is_summed(self) -> bool:
        """Whether its centre is at hand."""
        return self._centre is not None

    def add(self, member: Member) -> None:
        """Take in the newest member."""
        self.members.append(member)
        self._length = 0.0
        if self._centre is not None:
            _include(self._centre, member)
            if len(self.members) > CENTRAL:
                _exclude(self._centre, self.members[-CENTRAL - 1])

    def remove(self, member: Member) -> None:
        """Let a member go."""
        is_central = member in self.members[-CENTRAL:]
        self.members.remove(member)
        if is_central:
            self._forget()

    def take_over(self, members: list[Member]) -> None:
        """Take in another story's members, each at its age."""
        self.members = sorted(self.members + members, key=lambda member: member.order)
        self._forget()

    def likeness(self, vector: Mapping[int, float]) -> float:
        """Give the cosine of the centre and a headline's vector."""
        centre = self.centre()
        return sum([weight * centre[term] for term, weight in vector.items() if term in centre]) / self.length()

    def likeness_to(self, centre: Mapping[int, float], length: float) -> float:
        """Give the cosine of the centre and another story's."""
        mine = self._centre
        if mine is not None and len(mine) > len(centre):
            shared = [weight * mine[term] for term, weight in centre.items() if term in mine]
        else:
            shared = [weight * centre[term] for term, weight in self._items() if term in centre]
        return math.fsum(shared) / (self.length() * length)

    def centre(self) -> Mapping[int, float]:
        """Give the sum of the newest members' vectors. That of a single member is not kept: most stories have one."""
        if self._centre is not None:
            return self._centre
        centre: dict[int, float] = {}
        for member in self.members[-CENTRAL:]:
            _include(centre, member)
        if len(self.members) > 1:
            self._centre = centre
        return centre

    def length(self) -> float:
        """Give the length of the centre."""
        if not self._length:
            self._length = math.sqrt(math.fsum([weight * weight for _, weight in self._items()])) or 1.0
        return self._length

    def drop_centre(self) -> None:
        """Forget the centre until it is asked for again."""
        self._centre = None

    def _forget(self) -> None:
        self._centre = None
        self._length = 0.0

    def _items(self) -> Iterable[tuple[int, float]]:
        return self.members[0].signature.items() if len(self.members) == 1 else self.centre().items()


def _include(centre: dict[int, float], member: Member) -> None:
    for term, weight in member.signature.items():
        centre[term] = centre.get(term, 0.0) + weight


def _exclude(centre: dict[int, float], member: Member) -> None:
    for term, weight in member.signature.items():
        left = centre[term] - weight
        if left:
            centre[term] = left
        else:
            del centre[term]
