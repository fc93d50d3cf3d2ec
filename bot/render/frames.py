"""The frame of a briefing: what stands above and below the news, and how it was made."""

from bot.domain.editions import Edition, Mode
from bot.domain.postings import Correction, Posting
from bot.render.blocks import small
from bot.render.lines import headline, one_source
from bot.render.markdown import fit, stamp
from bot.render.voice import Voice

_CORRECTIONS = 2
_NAME_ROOM = 80


def name_of(posting: Posting, say: Voice) -> str:
    """Give the schedule's own name, or "Daily briefing": never a time of day."""
    return fit(posting.name, _NAME_ROOM) or say("Daily briefing")


def heading(posting: Posting, say: Voice) -> str:
    """Head a dressed briefing."""
    return f"## {name_of(posting, say)}"


def origin(edition: Edition, say: Voice) -> str:
    """Say at the top where undated news is from; empty where dates are given.

    Where all of it is from one source, that is named here and nowhere else.
    """
    if edition.is_sample:
        return say("From the bundled sample document, which gives no dates")
    if edition.is_undated and one_source([pick.story for pick in edition.picks]):
        name = fit(edition.picks[0].story.lead.source_title, _NAME_ROOM)
        return say("From {source}, which gives no dates", source=name)
    return say("From documents that give no dates") if edition.is_undated else ""


def count(edition: Edition, say: Voice) -> str:
    """Say how many stories were chosen, and from how many."""
    shown = say.number(len(edition.picks))
    if len(edition.picks) == edition.total_stories:
        return say.many("{count} story", "{count} stories", edition.total_stories)
    return say.many("{shown} of {count} story", "{shown} of {count} stories", edition.total_stories, shown=shown)


def scope(edition: Edition, say: Voice) -> list[str]:
    """Give what an edition is made from."""
    return [part for part in (origin(edition, say), count(edition, say)) if part]


def method(edition: Edition, say: Voice) -> str:
    """Say how the news was chosen."""
    if edition.mode is Mode.LATEST:
        return say("Newest first, grouped by software; sentences quoted unchanged.")
    return say("Picked and grouped by software; sentences quoted unchanged.")


def top_lines(posting: Posting, say: Voice, *, named: bool = False) -> list[str]:
    """Write what stands above the news; `named` where no heading names the briefing."""
    edition = posting.edition
    parts = [name_of(posting, say)] if named else []
    parts += [*scope(edition, say), say("posted {time}", time=stamp(posting.posted_at, "D"))]
    lines = [" · ".join(part for part in parts if part)]
    if posting.is_late and posting.due_at:
        lines.append(say("Late edition: it was due at {time}.", time=stamp(posting.due_at, "t")))
    if edition.mode is Mode.ARCHIVE and edition.newest_added_at:
        lines.append(say("Nothing new since {time}. From the archive.", time=stamp(edition.newest_added_at)))
    elif edition.mode is Mode.ARCHIVE:
        lines.append(say("From the archive."))
    lines += [_correction(one, say) for one in posting.corrections[-_CORRECTIONS:]]
    return [small(line) for line in lines]


def end_lines(posting: Posting, say: Voice, *, plain: bool = False) -> list[str]:
    """Write the visible end: how it was made, where more is, when the next one comes, the marker last."""
    made = f"{method(posting.edition, say)} {say('More: {headlines}', headlines=say.command('headlines'))}"
    parts = [made]
    if posting.next_at:
        parts.append(say("Next briefing {time}", time=stamp(posting.next_at, "f")))
    if plain:
        return [small(" · ".join(parts)), small(posting.marker)]
    return [small(" · ".join([*parts, posting.marker]))]


def _correction(correction: Correction, say: Voice) -> str:
    at, before = stamp(correction.at), headline(correction.before, 90)
    if correction.after is None:
        return say("Story withdrawn {time}: “{before}”", time=at, before=before)
    return say("Headline changed {time}. Before: “{before}”", time=at, before=before)
