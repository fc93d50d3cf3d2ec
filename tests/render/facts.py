"""The part of the acceptance list that needs the news a message was made from: each check gives the faults it finds."""

import re
from collections.abc import Callable, Iterator

from bot.render import terms
from bot.render.kinds import Kind
from bot.render.limits import size
from bot.render.lines import first_url, one_source
from bot.render.markdown import clean, fit, unescape
from bot.render.voice import Voice
from tests.render.acceptance import BUTTON, LINK, Payload, parts, texts
from tests.render.drawing import Told

BRIEFINGS = {Kind.BRIEFING, Kind.BRIEFING_PLAIN}
CARDS = {Kind.CARD, Kind.SHARED_CARD}
LISTS = {Kind.LIST, Kind.CATCH_UP}
SHORTEST = 30  # units of a headline that are left where room is scarcest
PREVIOUS, NEXT = "Previous page", "Next page"
_OURS = re.compile(r"(\\.)|\[((?:\\.|[^\\\]])*)\]\(<[^>]*>\)", re.DOTALL)
_BOLD = re.compile(r"(\\.)|\*\*", re.DOTALL)
_TITLE = re.compile(r"(?:#{2,3} )?(?:\d+\. )|#{2,3} |\*\*")
_BULLET = re.compile(r"- |\*\*")


def bare(line: str) -> str:
    """Give what a reader sees of a line: without our own marks, and unescaped."""
    return unescape(_BOLD.sub(lambda match: match[1] or "", _OURS.sub(lambda match: match[1] or match[2], line)))


def is_read(stored: str, shown: str) -> bool:
    """Tell whether a line begins with a stored text, or with its beginning and "…"."""
    wanted = clean(stored)
    same = next((at for at, (one, other) in enumerate(zip(wanted, shown, strict=False)) if one != other), len(shown))
    same = min(same, len(wanted))
    return same == len(wanted) or (size(wanted[:same]) >= SHORTEST and shown[same : same + 1] == "…")


def is_said(stored: str, shown: str) -> bool:
    """Tell whether a line is a stored text, whole or cut; an outlet may follow a headline."""
    return is_read(stored, shown) and shown[len(clean(stored)) :][:3] in ("", " · ")


def lines_of(payload: Payload) -> list[str]:
    return "\n".join(texts(payload)).splitlines()


def missing(told: Told, payload: Payload) -> list[str]:
    """Give the headlines that no line begins with; they come in order."""
    mark = _BULLET if told.message.kind is Kind.COMPARISON else _TITLE
    shown = iter([bare(line[match.end() :]) for line in lines_of(payload) if (match := mark.match(line))])
    return [title for title in told.headlines if clean(title) and not any(is_read(title, line) for line in shown)]


def shows_headlines_as_stored(told: Told, payload: Payload, say: Voice) -> Iterator[str]:
    left = missing(told, payload)
    if left and not (told.tail and say.many(*told.tail, len(left)) in "\n".join(texts(payload))):
        yield f"14: not as stored: {left}"


def names_every_source(told: Told, payload: Payload, say: Voice) -> Iterator[str]:
    said = "\n".join(texts(payload))
    left, sample = missing(told, payload), say("From the bundled sample document, which gives no dates")
    for story in told.stories:
        name = terms.outlet(story.lead, say)
        is_told_once = one_source(told.stories) and (fit(story.lead.source_title, 80) in said or sample in said)
        if clean(story.title) and story.title not in left and not (name in said or is_told_once):
            yield f"10: {name!r} is not named"


def links_or_says_that_there_is_no_link(told: Told, payload: Payload, say: Voice) -> Iterator[str]:
    if told.message.kind not in CARDS:
        return
    url, said = first_url(told.stories[0]), "\n".join(texts(payload))
    if url and f"](<{url}>)" not in said and url not in _links(payload):
        yield f"11: no way to {url}"
    if not url and say("no link") not in said:
        yield "11: neither a link nor the word that there is none"


def _links(payload: Payload) -> list[str]:
    return [part["url"] for part in parts(payload, BUTTON) if part["style"] == LINK]


def says_how_it_was_made(told: Told, payload: Payload, say: Voice) -> Iterator[str]:
    if told.methods and not any(line in "\n".join(texts(payload)) for line in told.methods):
        yield f"12: none of {told.methods}"


def quotes_what_is_stored(told: Told, payload: Payload, say: Voice) -> Iterator[str]:
    if told.message.kind not in CARDS | BRIEFINGS | {Kind.COMPARISON, Kind.ALERT}:
        return
    stored = [*told.quotes, *(one.headline for story in told.stories for one in story.articles)]
    for line in lines_of(payload):
        quoted = line.removeprefix("- ") if line.startswith("- ") else None
        if told.message.kind in BRIEFINGS and not re.match(r"#|-#|\d+\. |\*\*|- |<@&", line):
            quoted = line
        shown = bare(quoted or "").strip("“” ")
        if shown and not any(is_said(text, shown) for text in stored if clean(text)):
            yield f"13: invented: {shown}"


def says_what_is_not_stated(told: Told, payload: Payload, say: Voice) -> Iterator[str]:
    words = {Kind.CARD: say("not stated"), Kind.SHARED_CARD: say("not stated"), Kind.ALERT: say("date not stated")}
    word = words.get(told.message.kind)
    if word and told.stories[0].lead.published_at is None and word not in "\n".join(texts(payload)):
        yield "16: an undated item that does not say so"


def keeps_most_of_a_headline_in_options(told: Told, payload: Payload, say: Voice) -> Iterator[str]:
    menus = [one for one in parts(payload, 3) if told.message.kind in LISTS | BRIEFINGS]
    for menu in menus:
        for story, option in zip(told.stories, menu["options"], strict=False):
            label = re.sub(r" \(\d+\)$", "", option["label"].partition(" · ")[2]).rstrip("…")
            title = clean(story.title)
            if size(label) < min(0.6 * size(title), 0.6 * 94) - 2:
                yield f"4: {option['label']!r} of {title!r}"


def pages_end(told: Told, payload: Payload, say: Voice) -> Iterator[str]:
    off = {part["label"]: part.get("disabled", False) for part in parts(payload, BUTTON)}
    number, pages = told.page or (1, 1)
    wanted = {say(PREVIOUS): number <= 1, say(NEXT): number >= pages}
    if any(label in off and off[label] is not is_off for label, is_off in wanted.items()):
        yield f"25: page {number} of {pages} has {off}"
    if told.page and pages > 1 and not wanted.keys() <= off.keys():
        yield "25: no way to turn the page"


def is_whole_when_plain(told: Told, payload: Payload, say: Voice) -> Iterator[str]:
    if told.marker and lines_of(payload)[-1] != f"-# {told.marker}":
        yield "30: it does not end with its marker"


CHECKS: tuple[Callable[[Told, Payload, Voice], Iterator[str]], ...] = (
    shows_headlines_as_stored,
    names_every_source,
    links_or_says_that_there_is_no_link,
    says_how_it_was_made,
    quotes_what_is_stored,
    says_what_is_not_stated,
    keeps_most_of_a_headline_in_options,
    pages_end,
    is_whole_when_plain,
)


def faults(told: Told, payload: Payload, say: Voice) -> list[str]:
    """Give every fault of a message against its news, "number: what is wrong"."""
    return [fault for check in CHECKS for fault in check(told, payload, say)]


def card_methods(total: int, say: Voice, most: int = 6) -> tuple[str, ...]:
    """Give the lines under a card's quotes, for each number of them."""
    one, many = (
        "{shown} of {count} sentence, quoted unchanged and picked by software.",
        "{shown} of {count} sentences, quoted unchanged and picked by software.",
    )
    return tuple(say.many(one, many, total, shown=say.number(shown)) for shown in range(1, most + 1))
