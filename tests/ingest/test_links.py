"""Rules of links: what is taken off, what makes two the same, and whose they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.links import clean_link, link_key, registrable_domain


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://A.example/Path?utm_source=x&id=7&fbclid=y#part", "https://a.example/Path?id=7"),
        ("HTTPS://a.example:443/p", "https://a.example/p"),
        ("http://a.example:8080/p?q=%20a", "http://a.example:8080/p?q=%20a"),
        (" https://a.example/\n p ", "https://a.example/p"),
        ("https://a.example/p?mc_cid=1&mkt_tok=2&gclid=3&mtm_x=4", "https://a.example/p"),
        ("https://a.example/p?utm=keeps&a=1&a=2", "https://a.example/p?utm=keeps&a=1&a=2"),
        ("https://[2001:db8::1]/p", "https://[2001:db8::1]/p"),
        ("javascript:alert(1)", None),
        ("ftp://a.example/", None),
        ("//a.example/p", None),
        ("https://user@a.example/", None),
        ("https://a.example:99999/", None),
        ("https://[broken/", None),
        ("https://a.example/" + "x" * 2_000, None),
        ("", None),
        (None, None),
    ],
)
def test_a_link_is_cleaned_of_tracking_or_refused(link: str | None, expected: str | None) -> None:
    assert clean_link(link) == expected


@given(st.text(max_size=80).map(lambda text: f"https://a.example/{text}"))
def test_cleaning_a_link_twice_changes_nothing(link: str) -> None:
    once = clean_link(link)
    assert once is None or clean_link(once) == once


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("https://www.a.example/p/", "http://a.example/p", True),
        ("https://a.example/p?id=1", "https://a.example/p?id=2", False),
        ("https://a.example/p", "https://b.example/p", False),
    ],
)
def test_links_are_the_same_but_for_scheme_www_and_the_last_slash(first: str, second: str, *, is_same: bool) -> None:
    assert (link_key(first) == link_key(second)) is is_same


def test_a_home_page_identifies_no_article() -> None:
    assert [link_key(link) for link in ("https://a.example/", "https://a.example", None)] == [None] * 3
    assert link_key("https://a.example/?p=12") is not None


@pytest.mark.parametrize(
    ("link", "domain"),
    [
        ("https://www.news.example.co.uk/a", "example.co.uk"),
        ("https://feeds.bbci.co.uk/a", "bbci.co.uk"),
        ("https://someone.github.io/a", "someone.github.io"),
        ("https://192.0.2.7/a", "192.0.2.7"),
        ("https://localhost/a", "localhost"),
        (None, None),
    ],
)
def test_an_outlet_is_the_domain_that_somebody_registered(link: str | None, domain: str | None) -> None:
    assert registrable_domain(link) == domain
