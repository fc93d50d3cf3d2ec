"""What went wrong, in the reader's language: what happened, what follows, what to do; a code and one cure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from discord import ui

from bot.domain.settings_files import Problem
from bot.domain.stories import Story
from bot.errors import Code, UserError
from bot.i18n import mark
from bot.render import controls, panels
from bot.render.blocks import Option, button, link_button, row, select, small, text
from bot.render.causes import cause
from bot.render.custom_ids import Control
from bot.render.kinds import Kind
from bot.render.limits import OPTIONS
from bot.render.markdown import fit, stamp
from bot.render.message import Layout, Message
from bot.render.options import story_options
from bot.render.terms import permission_names
from bot.render.voice import Voice

Cure = Callable[[Voice, Mapping[str, object]], "ui.Button[Any] | None"]

_WORD_ROOM = 32  # for what people typed: the sentence around it stays within 140 characters
_WHERE_ROOM = 40  # for a place inside a file: briefings[10].sources[50]
_CANDIDATES = 5
_COMMAND = re.compile(r"/?[a-z]{1,32}(?: [a-z]{1,32})?")
_ZONE = re.compile(r"[A-Za-z0-9_+\-/]{1,60}")


def _press(label: str, control: Control) -> Cure:
    return lambda say, _parameters: button(say(label), control)


def _schedule(parameters: Mapping[str, object]) -> int | None:
    schedule_id = parameters.get("schedule_id")
    return schedule_id if isinstance(schedule_id, int) else None


def _choose_channel(say: Voice, parameters: Mapping[str, object]) -> ui.Button[Any]:
    return button(say("Choose another channel"), panels.Setup(panels.SetupAct.OPEN, _schedule(parameters)))


def _change_time(say: Voice, parameters: Mapping[str, object]) -> ui.Button[Any]:
    if parameters.get("own"):
        return button(say("Change time and zone"), controls.OwnBriefing(controls.Own.TIME))
    return button(say("Change time and zone"), panels.Setup(panels.SetupAct.TIME, _schedule(parameters)))


def _name_it(say: Voice, parameters: Mapping[str, object]) -> ui.Button[Any]:
    return button(say("Name it"), panels.Setup(panels.SetupAct.NAME, _schedule(parameters)))


def _pause_until(say: Voice, parameters: Mapping[str, object]) -> ui.Button[Any]:
    if (schedule_id := _schedule(parameters)) is None:
        return button(say("Show status"), panels.Status(panels.StatusAct.REFRESH))
    return button(say("Pause until a date"), panels.Status(panels.StatusAct.PAUSE_UNTIL, schedule_id))


def _go_on(say: Voice, parameters: Mapping[str, object]) -> ui.Button[Any]:
    if str(parameters.get("command", "")).startswith("newsdesk"):
        return button(say("Show status"), panels.Status(panels.StatusAct.REFRESH))
    return _headlines(say, parameters) or button(say("All headlines"), controls.OpenList())


def _see_limit(say: Voice, parameters: Mapping[str, object]) -> ui.Button[Any]:
    if parameters.get("what") == "briefings":
        return button(say("Show status"), panels.Status(panels.StatusAct.REFRESH))
    if parameters.get("what") == "follows":
        return button(say("Your follows"), controls.OpenScreen(controls.Screen.FOLLOWS))
    if parameters.get("what") == "mutes":
        return button(say("Your mutes"), controls.OpenScreen(controls.Screen.MUTES))
    return button(say("Sources"), controls.OpenScreen(controls.Screen.SOURCES))


def _go_to_share(say: Voice, parameters: Mapping[str, object]) -> ui.Button[Any]:
    return go_to(str(parameters.get("url") or ""), say)


def go_to(url: str | None, say: Voice) -> ui.Button[Any]:
    """Lead to a message of ours; to the headlines where its address is not known."""
    return link_button(say("Go to it"), url) or button(say("All headlines"), controls.OpenList())


_headlines = _press(mark("All headlines"), controls.OpenList())
_other_address = _press(mark("Try another address"), panels.Sources(panels.SourceAct.ADD))
_sources = _press(mark("Sources"), controls.OpenScreen(controls.Screen.SOURCES))


@dataclass(frozen=True, slots=True)
class _Entry:
    sentence: str
    cure: Cure


_WITH_ROLE = mark(
    "Pressing this needs Manage Server or the role {role_id}, so nothing was changed. An admin can give one."
)
_PROBLEMS = {
    Problem.TOO_LARGE: mark("it is too large"),
    Problem.NOT_JSON: mark("it is no JSON text"),
    Problem.NOT_OURS: mark("it is no settings file of Dateline"),
    Problem.NEWER: mark("it is from a newer Dateline"),
    Problem.MISSING: mark("something is missing at {where}"),
    Problem.NOT_KNOWN: mark("I don’t know {where}"),
    Problem.WRONG_KIND: mark("{where} is of the wrong kind"),
    Problem.NOT_OFFERED: mark("{where} has a value that there is not"),
    Problem.TOO_MANY: mark("{where} holds more than fits here"),
    Problem.TWICE: mark("{where} is there twice"),
    Problem.BAD_ADDRESS: mark("{where} is no public web address"),
}
_NEAR = mark("No story is called exactly that, so none was opened. Choose one of these, or search for its headline.")
_ENTRIES: dict[Code, _Entry] = {
    Code.CANNOT_POST: _Entry(
        mark(
            "I can’t post in {channel_id}: I’m missing {permissions}. Ask a server admin to allow that for my role "
            "there, or choose another channel."
        ),
        _choose_channel,
    ),
    Code.BRIEFING_NOT_OPEN: _Entry(
        mark(
            "You don’t have access to the server briefing here. An admin can allow your role. Your own briefing: "
            "{mybriefing}."
        ),
        _press(mark("Your own briefing"), controls.OpenScreen(controls.Screen.MY_BRIEFING)),
    ),
    Code.STORY_GONE: _Entry(
        mark(
            "That story is no longer here. It may have been removed or merged. Search for its headline, or open "
            "{headlines}."
        ),
        _press(mark("Search"), controls.Search()),
    ),
    Code.HEADLINE_ONLY: _Entry(
        mark(
            "Only the headline is available for this story, so there is nothing to summarize. The original source may "
            "have more."
        ),
        _headlines,
    ),
    Code.NOTHING_FOUND: _Entry(
        mark("No stories match “{query}”. Check the spelling, use fewer words, or search all topics."),
        _press(mark("Search again"), controls.Search()),
    ),
    Code.UNKNOWN_ZONE: _Entry(
        mark("I found no time zone for “{text}”. Try a larger city in the same zone."), _change_time
    ),
    Code.UNKNOWN_TIME: _Entry(
        mark("I don’t understand the time “{text}”, so nothing was changed. Write it like 08:00, 8am or 20h."),
        _change_time,
    ),
    Code.AMBIGUOUS_ZONE: _Entry(
        mark("{text} is used in several places, so nothing was changed. Name a city instead, such as {choices}."),
        _change_time,
    ),
    Code.NOT_ALLOWED: _Entry(
        mark(
            "Pressing this needs Manage Server, or the news managers role that an admin can choose in Server settings. "
            "Nothing was changed."
        ),
        _press(mark("About Dateline"), controls.OpenScreen(controls.Screen.HOME)),
    ),
    Code.FEED_UNREADABLE: _Entry(
        mark(
            "I couldn’t read a feed at {host}: {reason}. Check that it opens in a browser and leads to an RSS, "
            "Atom or JSON feed."
        ),
        _other_address,
    ),
    Code.ADDRESS_PRIVATE: _Entry(
        mark("I can only read public http and https addresses. {host} is private or local, so I won’t open it."),
        _other_address,
    ),
    Code.LIMIT_REACHED: _Entry(
        mark("The limit of {limit} is reached, so nothing was added. Remove one first, then try again."), _see_limit
    ),
    Code.CONTROL_EXPIRED: _Entry(
        mark("This menu belongs to an earlier message and has expired. Run {command} again to continue."), _go_on
    ),
    Code.NOT_SET_UP: _Entry(
        mark("No daily briefing is set up here yet. Someone with Manage Server can do that with {setup}."), _headlines
    ),
    Code.INTERNAL: _Entry(
        mark(
            "Something went wrong on my side and nothing was changed. Try again; if it repeats, tell the bot’s "
            "operator this code: {reference}."
        ),
        _headlines,
    ),
    Code.STORE_UNREACHABLE: _Entry(
        mark("I can’t reach my story store right now. Your settings are safe. Try again {retry_at}."), _headlines
    ),
    Code.NO_BRIEFING: _Entry(
        mark("There is no briefing for that day. Days without one were paused, skipped or had nothing new."),
        _press(mark("Latest briefing"), controls.OpenBriefing()),
    ),
    Code.COOLDOWN: _Entry(mark("You can do that again {retry_at}."), _headlines),
    Code.CANNOT_SHARE: _Entry(
        mark("You can’t write in this channel, so nothing was shared. Open the story in a channel where you can."),
        _headlines,
    ),
    Code.ALREADY_SHARED: _Entry(
        mark("This story was shared here less than an hour ago, so it was not shared again."), _go_to_share
    ),
    Code.UNKNOWN_TOPIC: _Entry(
        mark("I know no topic “{text}”. Choose one of the eight topics."),
        _press(mark("Choose topic"), controls.ChooseTopic()),
    ),
    Code.UNKNOWN_SOURCE: _Entry(
        mark("I have no source “{text}” here. Choose one that the list offers while you type."), _sources
    ),
    Code.DM_CLOSED: _Entry(
        mark(
            "I can’t send you a DM, so nothing was turned on. Allow direct messages from this server, then try again."
        ),
        _press(mark("Your own briefing"), controls.OpenScreen(controls.Screen.MY_BRIEFING)),
    ),
    Code.NOT_SERVED: _Entry(
        mark("I don’t serve this server, so nothing was done. The bot’s operator can add it to the list of servers."),
        lambda _say, _parameters: None,  # nothing in Discord helps
    ),
    Code.NAME_TAKEN: _Entry(
        mark("Another briefing here is called {text}, so nothing was turned on. Give this one a name of its own."),
        _name_it,
    ),
    Code.UNKNOWN_DATE: _Entry(
        mark("I don’t know the date “{text}”, so nothing was changed. Write it like 2026-12-24, 24.12. or 3 weeks."),
        _pause_until,
    ),
    Code.DATE_NOT_AHEAD: _Entry(
        mark("“{text}” is past or over two years away, so nothing was changed. Choose a day from tomorrow on."),
        _pause_until,
    ),
    Code.SETTINGS_UNREADABLE: _Entry(
        mark("I can’t import {name}: {problem}. Nothing was changed. A fresh export shows how it should be."),
        _press(mark("Show status"), panels.Status(panels.StatusAct.REFRESH)),
    ),
    Code.FILE_UNREADABLE: _Entry(
        mark("I couldn’t read {name}: {reason}. Nothing was imported. Check the file and try again."),
        _sources,
    ),
}

# What a sentence says where the one who raised the error left a parameter out.
_UNSTATED = {
    "channel_id": mark("that channel"),
    "permissions": mark("a permission"),
    "host": mark("that address"),
    "reason": mark("it gave no answer"),
    "name": mark("that file"),
    "retry_at": mark("in a moment"),
    "choices": mark("Berlin or New York"),
    "limit": mark("what fits here"),
    "query": "…",
    "text": "…",
    "reference": "–",
    "problem": mark("it is no settings file of Dateline"),
}


def sentence(error: UserError, say: Voice) -> str:
    """Say what a UserError means, in one or two short sentences."""
    words = _ENTRIES[error.code].sentence
    if error.code is Code.STORY_GONE and error.parameters.get("candidates"):
        words = _NEAR
    elif error.code is Code.NOT_ALLOWED and error.parameters.get("role_id"):
        words = _WITH_ROLE
    return say(words, **_values(error.parameters, say))


def error_message(error: UserError, say: Voice) -> Message:
    """Answer a UserError: the sentence, its code and one way on; private everywhere."""
    entry = _ENTRIES[error.code]
    code_line = small(say("Code {code}", code=error.code.value))
    items: list[ui.Item[Any]] = [text(sentence(error, say), code_line)]
    if offer := _offer(error, say):
        items.append(offer)
    if cure := entry.cure(say, error.parameters):
        items.append(row(cure))
    return Message(Kind.ERROR, Layout(*items), ephemeral=True)


def _offer(error: UserError, say: Voice) -> ui.ActionRow[Any] | None:
    stories, zones = error.parameters.get("candidates"), error.parameters.get("choices")
    if error.code is Code.STORY_GONE and isinstance(stories, tuple) and stories:
        return _candidates(stories, say)
    if error.code is Code.AMBIGUOUS_ZONE and isinstance(zones, tuple) and zones:
        is_own = error.parameters.get("own")
        setup = panels.Setup(panels.SetupAct.ZONE, _schedule(error.parameters))
        answer = controls.OwnBriefing(controls.Own.ZONE) if is_own else setup
        options = [Option(str(zone), str(zone)) for zone in zones if _ZONE.fullmatch(str(zone))]
        return select(answer, say("Choose a time zone…"), options) if options else None
    return None


def _candidates(stories: tuple[Story, ...], say: Voice) -> ui.ActionRow[Any]:
    options = story_options(stories[: min(_CANDIDATES, OPTIONS)], 1, say)
    return select(controls.PickStory(), say("Did you mean one of these?"), options)


def _values(parameters: Mapping[str, object], say: Voice) -> dict[str, str]:
    values = {name: say(unstated) for name, unstated in _UNSTATED.items()}
    values |= {
        "headlines": say.command("headlines"),
        "mybriefing": say.command("mybriefing"),
        "setup": say.command("newsdesk setup"),
        "command": say.command("headlines"),
    }
    if (problem := parameters.get("problem")) in _PROBLEMS:
        where = fit(str(parameters.get("where") or "–"), _WHERE_ROOM)
        values["problem"] = say(_PROBLEMS[Problem(str(problem))], where=where)
        parameters = {name: value for name, value in parameters.items() if name != "problem"}
    given = {name: value for name, value in parameters.items() if value not in (None, "", ())}
    return values | {name: _shown(name, value, say) for name, value in given.items()}


def _shown(name: str, value: object, say: Voice) -> str:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, int):
        return {"channel_id": f"<#{value}>", "role_id": f"<@&{value}>"}.get(name) or say.number(value)
    if isinstance(value, tuple | list):
        names = [str(part) for part in value]
        return f"**{permission_names(names, say)}**" if name == "permissions" else _examples(names, say)
    if name == "command" and _COMMAND.fullmatch(str(value)):
        return say.command(str(value).removeprefix("/"))
    return cause(str(value), say, _WORD_ROOM) if name == "reason" else fit(str(value), _WORD_ROOM)


def _examples(names: list[str], say: Voice) -> str:
    return say.texts.join(fit(name, _WORD_ROOM) for name in names[:3])
