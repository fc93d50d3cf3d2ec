"""Who may speak to the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.loopback.page import guard

FROM_PAGE = {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000"}


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        pytest.param("GET", {"Host": "127.0.0.1:8000"}, id="the address typed into a browser"),
        pytest.param("GET", {"Host": "localhost"}, id="the name of this machine, without a port"),
        pytest.param("GET", {"Host": "[::1]:8000"}, id="this machine in IPv6"),
        pytest.param("POST", FROM_PAGE, id="an action of the page"),
        pytest.param("POST", {"Host": "localhost:9", "Origin": "http://localhost:9"}, id="through a forwarded port"),
        pytest.param("POST", FROM_PAGE | {"Sec-Fetch-Site": "same-origin"}, id="a browser that says so itself"),
        pytest.param("GET", {"Host": "127.0.0.1:8", "Sec-Fetch-Site": "none"}, id="a bookmark"),
    ],
)
def test_the_page_and_who_opens_it_may_speak(method: str, headers: dict[str, str]) -> None:
    assert guard.refuse_reason(method, headers) is None


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        pytest.param("GET", {}, id="no host"),
        pytest.param("GET", {"Host": "evil.example:8000"}, id="a rebound name"),
        pytest.param("GET", {"Host": "127.0.0.1.evil.example"}, id="a name that begins like this machine"),
        pytest.param("POST", {"Host": "127.0.0.1:8000"}, id="an action from nowhere"),
        pytest.param("POST", FROM_PAGE | {"Origin": "http://evil.example"}, id="a foreign site"),
        pytest.param("POST", FROM_PAGE | {"Origin": "http://127.0.0.1:9000"}, id="another port of this machine"),
        pytest.param("POST", FROM_PAGE | {"Origin": "https://127.0.0.1:8000"}, id="another scheme"),
        pytest.param("POST", FROM_PAGE | {"Origin": "null"}, id="a sandboxed frame"),
        pytest.param("GET", FROM_PAGE | {"Sec-Fetch-Site": "cross-site"}, id="a picture on a foreign site"),
    ],
)
def test_others_are_refused_with_a_reason(method: str, headers: dict[str, str]) -> None:
    assert "This page" in (reason := guard.refuse_reason(method, headers) or "") or "An action" in reason


@given(given=st.text())
def test_only_the_key_is_the_key(given: str) -> None:
    key = guard.new_key()
    assert guard.is_key(key, key)
    assert not guard.is_key(given, key)


def test_keys_are_long_and_never_the_same() -> None:
    keys = {guard.new_key() for _ in range(50)}
    assert len(keys) == 50
    assert all(len(key) >= 24 for key in keys)


def test_nothing_but_the_page_itself_may_be_loaded() -> None:
    policy = dict(part.strip().split(" ", 1) for part in guard.HEADERS["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    allowed = {value for name, value in policy.items() if name.endswith("-src")}
    assert allowed == {"'none'", "'self'"}
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["frame-ancestors"] == "'none'"
