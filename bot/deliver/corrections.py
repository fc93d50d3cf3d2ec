"""Corrections: a lead that was posted has changed its headline, or was withdrawn. Deciding is pure; noting is durable.

What is noted here the dresser shows by editing the post; the old wording stays in it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.deliver import bodies
from bot.deliver.bodies import Json, is_dressed_by
from bot.domain.deliveries import Delivery, Message, Posted, thaw
from bot.domain.intake import Change, ChangeKind
from bot.domain.places import Place
from bot.domain.postings import Correction
from bot.render.amendments import amend_dressed, amend_plain
from bot.render.voice import Voice
from bot.store.store import Store

CORRECTED_FOR = timedelta(hours=48)  # after posting; later nobody reads it any more
WITHDRAWN = ""

_GONE = {ChangeKind.WITHDRAWN, ChangeKind.RETRACTED}


def decide(change: Change, posted: Posted) -> str | None:
    """Give what a shown headline is to be corrected to (WITHDRAWN: it is gone), or None: the post is right as it is."""
    stands_as = posted.shown.headline if posted.corrected_to is None else posted.corrected_to
    if change.kind in _GONE:
        becomes = WITHDRAWN
    elif change.kind in {ChangeKind.HEADLINE, ChangeKind.RESTORED}:
        becomes = change.after
    else:
        return None
    return becomes if becomes != stands_as else None


async def note_corrections(store: Store, now: datetime) -> int:
    """Look at the changes since the last look, and note what must be corrected; give how many posts are concerned."""
    seen = await store.corrections.seen()
    if seen is None:  # what changed before there was anything to correct
        await store.corrections.note((), now, seen=await store.changes.newest_id())
        return 0
    changes = await store.changes.after(seen)
    if not changes:
        return 0
    found: dict[tuple[int, int], tuple[Posted, str]] = {}
    for change in changes:
        await _collect(store, change, now, found)
    await store.corrections.note(tuple(found.values()), now, seen=changes[-1].id)
    return len(found)


async def _collect(
    store: Store, change: Change, now: datetime, found: dict[tuple[int, int], tuple[Posted, str]]
) -> None:
    """Add what one change means to what the changes before it meant."""
    posts: Sequence[Posted] = await store.corrections.of_article(change.article_id, now - CORRECTED_FOR)
    for posted in posts:
        key = (posted.delivery.id, posted.position)
        becomes = decide(change, posted)
        if becomes is not None:
            found[key] = (posted, becomes)
        elif change.kind is not ChangeKind.TEXT:
            found.pop(key, None)  # changed, and changed back, between two looks


def amender(voice_for: Callable[[Place], Voice]) -> Callable[[Delivery, tuple[Posted, ...]], Json | None]:
    """Give what renders a post with its corrections, in the language of its place, from what was frozen."""

    def amend(delivery: Delivery, posted: tuple[Posted, ...]) -> Json | None:
        if delivery.payload is None:
            return None
        message, first = thaw(delivery.payload).messages[0], delivery.parts[0]
        corrections = [
            Correction(each.corrected_at, each.shown.headline, each.corrected_to or None)
            for each in posted
            if each.corrected_at is not None
        ]
        say, mark = voice_for(delivery.schedule.place), delivery.marker
        is_dressed = first.dress_error is None and is_dressed_by(delivery.schedule, message)
        if is_dressed:
            return bodies.dressed(Message(message.plain, amend_dressed(message.dressed or [], corrections, say)), mark)
        text = amend_plain(bodies.with_marker(message.plain, mark), corrections, say)
        return {"content": bodies.with_marker(text, mark), "allowed_mentions": bodies.mentions(None)}

    return amend
