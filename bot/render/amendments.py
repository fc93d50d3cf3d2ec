"""Corrections in a post that was frozen when it was sent: the old wording stays, a line says what changed."""

import copy
from collections.abc import Sequence
from typing import Any

from bot.domain.postings import Correction
from bot.render.blocks import small
from bot.render.kinds import BUDGETS, Kind
from bot.render.limits import CONTENT, size, text_length
from bot.render.lines import headline
from bot.render.markdown import stamp
from bot.render.voice import Voice

_TEXT = 10
_ROOMS = (160, 90, 50)


def amend_plain(content: str, corrections: Sequence[Correction], say: Voice) -> str:
    """Put the corrections under the first line of a plain post; as many as fit."""
    first, _, rest = content.partition("\n")
    return "\n".join([first, *_lines(corrections, CONTENT - size(content), say), rest])


def amend_dressed(
    components: Sequence[dict[str, Any]], corrections: Sequence[Correction], say: Voice
) -> list[dict[str, Any]]:
    """Put the corrections under the heading of a dressed post; as many as fit."""
    amended = copy.deepcopy(list(components))
    room = BUDGETS[Kind.BRIEFING].characters - text_length({"components": amended})
    head = next((part for part in amended if part["type"] == _TEXT), None)
    if head is not None:
        head["content"] = "\n".join([head["content"], *_lines(corrections, room, say)])
    return amended


def _lines(corrections: Sequence[Correction], room: int, say: Voice) -> list[str]:
    lines = []
    for correction in corrections:
        line = next((one for one in _drafts(correction, say) if size(one) + 1 <= room), None)
        if line is None:
            break
        lines.append(line)
        room -= size(line) + 1
    return lines


def _drafts(correction: Correction, say: Voice) -> list[str]:
    """Give the line from its fullest form to its barest."""
    at, before, after = stamp(correction.at), correction.before, correction.after
    if after is None:
        told = [say("Story withdrawn {time}: “{before}”", time=at, before=headline(before, room)) for room in _ROOMS]
        return [*map(small, told), small(say("A story was withdrawn {time}.", time=at))]
    told = [say("Headline changed {time}. Now: “{after}”", time=at, after=headline(after, room)) for room in _ROOMS]
    return [*map(small, told), small(say("A headline changed {time}.", time=at))]
