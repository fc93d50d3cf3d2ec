"""Letters of feeds in any charset, named rightly, wrongly or not at all, come out as they were written."""

import pytest

from bot.sources.charsets import as_utf_8
from bot.sources.parsing import parse_feed

URL = "https://www.post.example/feed.xml"
WRITTEN = {
    "utf-8": "Größe „zählt“ – don’t, €",
    "windows-1252": "Größe “zählt” – don’t, €",
    "windows-1251": "Как пережить основную ночь",
    "koi8-r": "Как пережить основную ночь в Москве",
    "windows-1250": "Příliš žluťoučký kůň",
    "shift_jis": "日本語のニュース記事の見出し",
    "euc-jp": "月刊ゲーム三昧の正月",
    "gb2312": "不归移民漫画系列",
    "big5": "繁體中文新聞標題",
    "euc-kr": "한국어 뉴스 제목입니다",
    "tis-620": "ข่าววันนี้",
    "windows-1256": "أخبار العالم اليوم",
    "utf-16": "Größe, 日本語",
}


def feed(title: str, named: str | None = None) -> str:
    declared = f' encoding="{named}"' if named else ""
    items = "".join(
        f"<item><title>{title}</title><link>/{n}</link><description>{title} {n}</description></item>" for n in range(5)
    )
    untitled = "<item><description>No title here</description></item>"  # so that both parsers look
    return (
        f'<?xml version="1.0"{declared}?><rss version="2.0"><channel><title>F</title>{items}{untitled}</channel></rss>'
    )


def first(body: bytes, content_type: str = "application/rss+xml") -> str | None:
    return parse_feed(body, URL, content_type).items[0].headline


@pytest.mark.parametrize("real", WRITTEN)
def test_a_charset_that_the_feed_names_is_believed(real: str) -> None:
    assert first(feed(WRITTEN[real], real).encode(real)) == WRITTEN[real]


@pytest.mark.parametrize("named", [None, "utf-8", "iso-8859-1", "x-unheard-of"])
@pytest.mark.parametrize("real", WRITTEN)
def test_a_charset_that_only_the_server_names_is_believed(real: str, named: str | None) -> None:
    body = feed(WRITTEN[real], named).encode(real)
    assert first(body, f"text/xml; charset={real}") == WRITTEN[real]


@pytest.mark.parametrize("real", WRITTEN)
def test_a_charset_that_nobody_names_is_told_by_its_letters(real: str) -> None:
    assert first(feed(WRITTEN[real]).encode(real)) == WRITTEN[real]


@pytest.mark.parametrize("title", ["Größe", "Niño señor mañana", "“quotes” don’t"])
def test_of_charsets_that_fit_as_well_the_usual_one_is_taken(title: str) -> None:
    assert first(feed(title).encode("cp1252")) == title


@pytest.mark.parametrize("servers", ["utf-8", "iso-8859-1", "us-ascii"])
@pytest.mark.parametrize("real", WRITTEN)
def test_what_a_server_says_of_everything_does_not_outweigh_the_feed(real: str, servers: str) -> None:
    assert first(feed(WRITTEN[real], real).encode(real), f"text/xml; charset={servers}") == WRITTEN[real]


@pytest.mark.parametrize("named", ["us-ascii", "iso-8859-1", "windows-1251", "utf-8"])
def test_what_is_valid_utf_8_is_utf_8(named: str) -> None:
    assert first(feed("Größe zählt – überall", named).encode()) == "Größe zählt – überall"
    assert first(b"\xef\xbb\xbf" + feed("Größe zählt", named).encode()) == "Größe zählt"


def test_a_broken_letter_makes_the_others_no_other_charset() -> None:
    body = feed("Größe zählt überall", "utf-8").encode().replace(b"</description>", b"\xc3</description>", 1)
    assert first(body) == "Größe zählt überall"


def test_controls_that_windows_writes_for_quotes_are_quotes() -> None:
    body = b"<rss><channel><title>F</title><item><title>I don&#146;t &#x85; much</title></item></channel></rss>"
    assert first(body) == "I don’t … much"


@pytest.mark.parametrize("named", ["punycode", "idna", "unicode_escape", "base64", "rot13", "undefined", "utf-7"])
def test_a_codec_that_is_no_charset_is_not_asked(named: str) -> None:
    assert first(feed("Größe zählt", named).encode("cp1252")) == "Größe zählt"


@pytest.mark.timeout(5)
def test_five_megabytes_of_anything_are_told_quickly() -> None:
    assert as_utf_8(b"<rss>" + bytes(range(128, 256)) * 40_000, "")
    assert as_utf_8(b"<rss>" + b"\xc3\xa4" * 2_500_000 + b"\xc3", "")
