from hypothesis import given
from hypothesis import strategies as st

from bot.deliver import bodies
from bot.domain.deliveries import Message
from bot.render.limits import CONTENT, THREAD_TITLE, size

MARK = "2026-11-22 · k7f3"


def test_the_plain_body_has_the_nonce_allows_one_role_and_unfurls_nothing() -> None:
    body = bodies.plain(Message(f"Text\n-# {MARK}"), MARK, "n" * 24, 77)
    assert body == {
        "content": f"Text\n-# {MARK}",
        "nonce": "n" * 24,
        "enforce_nonce": True,
        "allowed_mentions": {"parse": [], "roles": ["77"]},
        "flags": 4,
    }


def test_the_dressed_body_is_components_only_and_pings_nobody() -> None:
    body = bodies.dressed(Message("x", [{"type": 10, "content": MARK}]), MARK)
    assert body == {
        "content": None,
        "components": [{"type": 10, "content": MARK}],
        "flags": 1 << 15,
        "allowed_mentions": {"parse": []},
    }
    assert bodies.dressed(Message("x", []), MARK)["components"] == [{"type": 10, "content": f"-# {MARK}"}]


def test_a_forum_post_is_named_by_its_marker_and_has_no_nonce() -> None:
    body = bodies.forum_post(Message("Text"), MARK, "Daily briefing", None)
    assert body["name"] == f"Daily briefing · {MARK}"
    assert set(body["message"]) == {"content", "allowed_mentions", "flags"}


def test_the_second_try_has_no_links() -> None:
    text = bodies.simplified("1. [Head](<https://a.example/x>) · Outlet https://b.example/y", MARK)
    assert text == f"1. Head · Outlet \n-# {MARK}"


@given(st.text(max_size=3000), st.text(max_size=200))
def test_any_text_fits_with_its_marker(text: str, title: str) -> None:
    for is_simple in (False, True):
        content = bodies.plain(Message(text), MARK, "n", None, is_simple=is_simple)["content"]
        assert size(content) <= CONTENT
        assert MARK in content
    assert size(bodies.thread_title(title, MARK)) <= THREAD_TITLE
