"""HTML to plain text, as the store keeps it: paragraphs without markup, controls or invisible characters.

Runs in the worker. What is shown in Discord is escaped later, by render.
"""

import html
import re

from selectolax.lexbor import LexborHTMLParser

from bot.domain.text import clean_line

MAX_CHARS = 200_000  # of one item's text
_DROPPED = ["script", "style", "noscript", "template", "iframe", "object", "svg", "math", "form", "select", "button"]
_BLOCKS = (
    "p,div,li,ul,ol,h1,h2,h3,h4,h5,h6,blockquote,pre,table,tr,td,th,section,article,figure,figcaption,header,footer,"
    "aside,main,nav,dl,dt,dd,hr,address,details,summary"
)
_DOUBLE_BREAKS = re.compile(r"\n[ \t\r]*\n\s*")
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|li|mark|ol|p|q|s|small|span|strike|strong|sub|sup"
    r"|tt|u|ul|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_ATTRIBUTES = r"""(?:\s+[\w:-]+(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`]++))?)*+\s*+/?"""
_BLOCK_NAMES = "p|ul|ol|li|div|h[1-6]|blockquote|figure|figcaption|hr|section|article|pre"
_INLINE_NAMES = "br|b|i|em|strong|a|u|s|q|span|small|sub|sup|code|cite|mark|abbr|del|ins|time|img|picture|source|wbr"
_SIMPLE = re.compile(rf"(?:[^<]++|</?(?:{_BLOCK_NAMES}|{_INLINE_NAMES}){_ATTRIBUTES}>)*+", re.IGNORECASE)
_ONE_LINK = re.compile(r"\s*(?:<(?:p|div|span)[^<>]*>\s*)*<a\b.{0,2000}", re.IGNORECASE | re.DOTALL)  # looked at closer
_SIMPLE_BLOCK = re.compile(rf"</?(?:{_BLOCK_NAMES})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_SIMPLE_BREAK = re.compile(r"<br(?:\s[^<>]*)?/?>", re.IGNORECASE)
_IMAGE = re.compile(r"""<img\b((?:[^<>"']|"[^"]*+"|'[^']*+')*+)>""", re.IGNORECASE)
_GIVEN = re.compile(r"""([\w:-]+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++))""")
_ANY_TAG = re.compile(r"<[^<>]*>")
_C1 = re.compile("[\x80-\x9f]")
_MEANT = {code: bytes([code]).decode("cp1252", "replace").replace("\ufffd", "") for code in range(0x80, 0xA0)}
_MARKUP = re.compile(r"<[a-zA-Z/!]|&[#a-zA-Z]")


def line(text: str) -> str:
    """Give a headline, name or title as one plain line.

    Only well-known tags are taken for markup: "Why <template> matters" stays whole.
    """
    if "<" not in text and "&" not in text:
        return _clean_line(text)
    for _ in range(2):  # feeds escape once too often
        text = _INLINE_TAG.sub("", text)
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return _clean_line(_INLINE_TAG.sub("", text))


def paragraphs(markup: str) -> tuple[str, ...]:
    """Give the paragraphs of a piece of HTML, or of plain text that only looks like none."""
    if not _MARKUP.search(markup):
        return _clean(_DOUBLE_BREAKS.split(markup) if "\n" in markup else [markup])
    if _SIMPLE.fullmatch(markup) and not ("<a" in markup.lower() and _ONE_LINK.fullmatch(markup)):
        return _from_simple(markup)
    tree = LexborHTMLParser(markup)
    body = tree.body
    if body is None:
        return ()
    tree.strip_tags(_DROPPED, recursive=True)
    if "<a" in markup.lower() and _is_one_link(tree):
        return ()
    for block in tree.css(_BLOCKS):
        block.insert_before("\n\n")
        block.insert_after("\n\n")
    for newline in tree.css("br"):
        newline.insert_before("\n")
    return _clean(_DOUBLE_BREAKS.split(body.text(deep=True)))


def _from_simple(markup: str) -> tuple[str, ...]:
    """Read markup that holds nothing but well-formed common tags, five times as fast as a whole parser does."""
    if "\n" not in markup and "&" not in markup:
        blocks = _SIMPLE_BLOCK.split(markup)
        if len(blocks) == markup.count("<") + 1:
            return _clean(blocks)  # most summaries: paragraphs and nothing else
    text = _SIMPLE_BLOCK.sub("\n\n", markup)
    if "<" in text:
        text = _ANY_TAG.sub("", _SIMPLE_BREAK.sub("\n", text))
    return _clean(_DOUBLE_BREAKS.split(html.unescape(text)))


def first_image(markup: str) -> tuple[str, str] | None:
    """Give address and alternative text of the first picture that is no counting pixel."""
    for image in _IMAGE.finditer(markup):
        given = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _GIVEN.findall(image[1])}
        if given.get("src") and not {given.get("width"), given.get("height")} & {"0", "1"}:
            return given["src"], given.get("alt", "")
    return None


def _is_one_link(tree: LexborHTMLParser) -> bool:
    """Say whether there is nothing but a link ("Comments", "Read more"): that is no article text."""
    links = tree.css("a")
    if not 1 <= len(links) <= 2 or tree.body is None:
        return False
    return "".join(tree.body.text(deep=True).split()) == "".join("".join(a.text(deep=True) for a in links).split())


def _clean(blocks: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    room = MAX_CHARS
    for block in blocks:
        if not block:
            continue
        text = " ".join(block[:room].split())
        if not (text.isascii() and text.isprintable()):
            text = _clean_line(text)
        if text:
            kept.append(text)
            room -= len(text)
        if room <= 0:
            break
    return tuple(kept)


def _clean_line(text: str) -> str:
    """Clean a line; controls that Windows' letters were taken for, as in `don&#146;t`, become what was meant."""
    if not text.isascii() and _C1.search(text):
        text = text.translate(_MEANT)
    return clean_line(text)
