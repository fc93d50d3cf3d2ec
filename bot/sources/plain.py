"""HTML to plain text, as the store keeps it: paragraphs without markup, controls or invisible characters.

Runs in the worker. What is shown in Discord is escaped later, by render.
"""

import html
import re

from selectolax.lexbor import LexborHTMLParser

from bot.domain.text import clean_line

MAX_CHARS = 200_000  # of one item's text
_DROPPED = ["script", "style", "noscript", "template", "iframe", "object", "svg", "math", "form", "select", "button"]
_BLOCK = re.compile(
    r"<(?=/?(?:p|div|li|ul|ol|h[1-6]|blockquote|pre|table|tr|td|th|section|article|figure|figcaption|header|footer|aside"
    r"|main|nav|dl|dt|dd|hr|address|details|summary)[\s/>])",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?=br[\s/>])", re.IGNORECASE)
_LINK = re.compile(r"<a[\s>]", re.IGNORECASE)
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
_SIMPLE_BLOCK = re.compile(rf"</?(?:{_BLOCK_NAMES})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_SIMPLE_BREAK = re.compile(r"<br(?:\s[^<>]*)?/?>", re.IGNORECASE)
_IMAGE = re.compile(r"""<img\b((?:[^<>"']|"[^"]*+"|'[^']*+')*+)>""", re.IGNORECASE)
_GIVEN = re.compile(r"""([\w:-]+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++))""")
_ANY_TAG = re.compile(r"<[^<>]*>")
_C1_IN_UTF_8 = b"\xc2"  # begins each of them: found much sooner than any of a set of letters
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
    has_few_links = 1 <= len(_LINK.findall(markup)) <= 2
    if not has_few_links and _SIMPLE.fullmatch(markup):
        return _from_simple(markup)
    # Breaks go into the text before it is parsed: put into the tree, node by node, they cost more than all the rest.
    tree = LexborHTMLParser(_BREAK.sub("\n<", _BLOCK.sub("\n\n<", markup)))
    if tree.body is None:
        return ()
    tree.strip_tags(_DROPPED, recursive=True)
    if has_few_links and _is_but_links(tree):
        return ()
    return _clean(_DOUBLE_BREAKS.split(tree.body.text(deep=True)))


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


def _is_but_links(tree: LexborHTMLParser) -> bool:
    """Say whether there is nothing but a link or two ("Comments", "Read more"): that is no article text."""
    links = "".join([link.text(deep=True) for link in tree.css("a")])
    return tree.body is not None and "".join(tree.body.text(deep=True).split()) == "".join(links.split())


def _clean(blocks: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    room = MAX_CHARS
    for block in blocks:
        if not block:
            continue
        text = _clean_line(block[:room])
        if text:
            kept.append(text)
            room -= len(text)
        if room <= 0:
            break
    return tuple(kept)


def _clean_line(text: str) -> str:
    """Clean a line; controls that Windows' letters were taken for, as in `don&#146;t`, become what was meant."""
    if not text.isascii() and _C1_IN_UTF_8 in text.encode("utf-8", "replace") and _C1.search(text):
        text = text.translate(_MEANT)
    return clean_line(text)
