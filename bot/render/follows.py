"""Follows: their panel, and the DM that one of them causes."""

from typing import Any

from discord import ui

from bot.domain.personal import Alert, Follow, FollowKind, Follows
from bot.domain.topics import Topic
from bot.i18n import mark
from bot.render import controls
from bot.render.blocks import Option, button, row, select, small, text
from bot.render.kinds import Kind
from bot.render.limits import OPTIONS
from bot.render.lines import Look, headline, outlets, published, siblings, titled
from bot.render.markdown import fit
from bot.render.message import Layout, Message
from bot.render.terms import topic_name
from bot.render.voice import Voice

_SHOWN = 10
_LABEL_ROOM = 80
_KINDS = {
    FollowKind.TOPIC: mark("topic"),
    FollowKind.NAME: mark("name"),
    FollowKind.SOURCE: mark("source"),
    FollowKind.STORY: mark("story"),
}


def follows(value: Follows, say: Voice) -> Message:
    """Show what the reader follows; nobody else sees it."""
    lines = [f"## {say('Your follows')}"]
    if value.added:
        lines.append(say("You now follow {what}.", what=f"**{_label(value.added, say)}**"))
    if value.is_dm_closed:
        lines.append(say("My last DM could not reach you. Allow direct messages from a server we share."))
    if not value.follows:
        lines.append(
            say(
                "You follow nothing yet. {follow} takes a topic, a name, a source or a story.",
                follow=say.command("follow"),
            )
        )
    lines += [f"- {_label(one, say)} · {say(_KINDS[one.kind])}" for one in value.follows[:_SHOWN]]
    left = len(value.follows) - _SHOWN
    if left > 0:
        lines.append(small(say.many("{count} more", "{count} more", left)))
    count = say("{count} of {limit}", count=len(value.follows), limit=value.limit)
    lines.append(small(f"{count} · {_quiet(value, say)} · {say('by DM')}"))
    items: list[ui.Item[Any]] = [text(*lines)]
    if value.follows:
        options = [Option(_plain(one, say), str(one.id), say(_KINDS[one.kind])) for one in value.follows[:OPTIONS]]
        items.append(select(controls.RemoveFollows(), say("Stop following…"), options, several=True))
    quiet = button(say("Set quiet hours"), controls.QuietHours())
    items.append(row(quiet, button(say("All headlines"), controls.OpenList())))
    return Message(Kind.FOLLOWS, Layout(*items), ephemeral=True)


def alert(value: Alert, say: Voice) -> Message:
    """Tell a follower by DM: the plain form, whose first line is the headline, so that the push says it."""
    story = value.story
    lines = [f"**{headline(story.title)}**", *_alert_lines(value, say, linked=True)]
    return Message(Kind.ALERT, content="\n".join(lines))


def dressed_alert(value: Alert, say: Voice) -> Message:
    """Give what the plain alert is edited to: the same with its controls, one of which ends the follow."""
    story = value.story
    lines = [f"### {titled(story, Look(bold=False))}", *_alert_lines(value, say)]
    buttons = row(
        button(say("Read story"), controls.OpenStory(story.id)),
        button(say("Stop following"), controls.Unfollow(value.follow.id)),
        button(say("Your follows"), controls.OpenScreen(controls.Screen.FOLLOWS)),
    )
    return Message(Kind.ALERT, Layout(text(*lines), buttons))


def unfollowed(what: Follow | None, say: Voice) -> Message:
    """Confirm that a follow has ended."""
    said = say("You no longer follow this.")
    if what:
        said = say("You no longer follow {what}.", what=f"**{_label(what, say)}**")
    ways = row(button(say("Your follows"), controls.OpenScreen(controls.Screen.FOLLOWS)))
    return Message(Kind.ANSWER, Layout(text(said), ways), ephemeral=True)


def _alert_lines(value: Alert, say: Voice, *, linked: bool = False) -> list[str]:
    story = value.story
    lines = [small(f"{outlets(story, say, linked=linked)} · {published(story.lead, say)}")]
    lines += [f"- {headline(one.headline, 120)}" for one in siblings(story, 2)]
    why = say("You follow {what}.", what=_label(value.follow, say))
    if value.is_growth:
        why = say("A story you follow has new reporting.")
    lines.append(small(why))
    if value.more_today:
        lines.append(
            small(
                say.many(
                    "{count} more comes with your next briefing.",
                    "{count} more come with your next briefing.",
                    value.more_today,
                )
            )
        )
    return lines


def _plain(one: Follow, say: Voice) -> str:
    if one.kind is FollowKind.TOPIC and one.label in set(Topic):
        return topic_name(Topic(one.label), say)
    if one.kind is FollowKind.SOURCE and one.label == "Bundled sample document":
        return say("Bundled sample document")
    return one.label


def _label(one: Follow, say: Voice) -> str:
    return fit(_plain(one, say), _LABEL_ROOM)


def _quiet(value: Follows, say: Voice) -> str:
    if value.quiet_from is None or value.quiet_until is None:
        return say("no quiet hours")
    hours = f"{value.quiet_from:%H:%M}–{value.quiet_until:%H:%M}"
    return say("quiet {hours}, {zone}", hours=hours, zone=fit(value.zone or "UTC", 40))
