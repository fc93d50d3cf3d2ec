"""No private address is ever opened. No test here makes a connection."""

import socket

import pytest

from bot.errors import SourceError, SourceFault
from bot.sources.addresses import AddressGuard, GuardedResolver, PrivateAddressError, is_public
from tests.fakes.publisher import Names

PRIVATE = [
    "0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "192.0.0.1", "192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:0:7f00:1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
    "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:2::1", "2001:10::1", "2001:db8::1",
    "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0",
    "fec0::1", "ff02::1", "ff0e::1", "4000::1", "not an address", "",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "192.0.1.1", "2600::1", "2a00:1450:4001::1", "2606:4700::1111"]


@pytest.mark.parametrize("address", PRIVATE)
def test_these_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_these_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.1/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://2130706433/",
        "http://017700000001/", "http://0177.0.0.1/", "http://127.0.1/", "http://0/", "http://0x/",
        "http://１２７.0.0.1/", "http://127。0。0。1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/", "http://[fe80::1%25eth0]/", "http://169.254.169.254/latest/meta-data",
        "http://localhost/", "http://LOCALHOST./", "http://router/", "http://nas.local/", "http://a.internal/",
        "http://box.lan/", "http://box.home.arpa/", "http://x.localhost/", "http://8.8.8.8.1/", "http://1.2.3/",
        "http://localhost.localdomain/", "http://db.localdomain./",
    ],
)  # fmt: skip
def test_an_address_that_leads_inside_is_refused_by_its_looks(url: str) -> None:
    with pytest.raises(PrivateAddressError):
        AddressGuard().check(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "example.com/feed", "", "http://",
        "http:///x", "http://example.com:22/", "http://example.com:0/", "http://example.com:99999/",
        "http://user@example.com/", "http://user:pass@example.com/", "http://exa mple.com/", "http://a\\b.com/",
        "http://example.com/\r\nHost: inside", "http://example.com/" + "x" * 2048, "http://[::1", "gopher://a.b/",
        "http://@example.com/", "http://:@example.com/", "http://localhost%00.example.com/", "http://nas.lo%63al/",
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(SourceError) as caught:
        AddressGuard().check(url)
    assert caught.value.kind is SourceFault.BAD_ADDRESS


@pytest.mark.parametrize(
    ("url", "requested"),
    [
        ("https://example.com/feed#top", "https://example.com/feed"),
        ("http://example.com:8080/", "http://example.com:8080/"),
        ("https://exämple.com/ü", "https://xn--exmple-cua.com/%C3%BC"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
        ("https://0x7f.example.com/", "https://0x7f.example.com/"),
    ],
)
def test_a_public_address_passes_without_its_fragment(url: str, requested: str) -> None:
    assert str(AddressGuard().check(url)) == requested


@pytest.mark.parametrize(
    ("entry", "url", "passes"),
    [
        ("nas.lan", "http://nas.lan/feed", True),
        ("NAS.lan", "http://nas.LAN/feed", True),
        ("nas.lan", "http://nas.lan:9000/feed", False),
        ("nas.lan:9000", "http://nas.lan:9000/feed", True),
        ("nas.lan:9000", "http://nas.lan/feed", False),
        ("nas.lan", "http://other.nas.lan/feed", False),
        ("[::1]:9000", "http://[::1]:9000/", True),
        ("192.168.1.5", "http://192.168.1.6/", False),
    ],
)
def test_an_operator_allows_exact_hosts_and_nothing_beside_them(entry: str, url: str, passes: bool) -> None:  # noqa: FBT001
    guard = AddressGuard([entry])
    if passes:
        assert guard.check(url)
    else:
        with pytest.raises(SourceError):
            guard.check(url)


async def test_a_name_is_refused_if_any_of_its_addresses_is_private() -> None:
    names = Names({"mixed.example.com": [["93.184.216.34", "10.0.0.1"]], "good.example.com": [["93.184.216.34"]]})
    resolver = GuardedResolver(AddressGuard(), names)
    with pytest.raises(PrivateAddressError):
        await resolver.resolve("mixed.example.com", 80)
    assert [entry["host"] for entry in await resolver.resolve("good.example.com", 80)] == ["93.184.216.34"]
    await resolver.close()


def _info(address: str, port: int = 80) -> tuple[int, int, int, str, tuple[str, int]]:
    return socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port)


def test_a_socket_is_only_made_for_a_public_address() -> None:
    guard = AddressGuard()
    with pytest.raises(PrivateAddressError):
        guard.open_socket(_info("127.0.0.1"))
    made = guard.open_socket(_info("93.184.216.34"))
    assert made.getblocking() is False
    made.close()


def test_an_allowed_name_opens_the_addresses_it_stands_for_and_no_others() -> None:
    guard = AddressGuard(["nas.lan"])
    guard.check_resolved("nas.lan", 80, ["192.168.1.5"])
    guard.open_socket(_info("192.168.1.5")).close()
    for address, port in (("192.168.1.6", 80), ("192.168.1.5", 8080)):
        with pytest.raises(PrivateAddressError):
            guard.open_socket(_info(address, port))
    with pytest.raises(PrivateAddressError):
        guard.check_resolved("evil.example.com", 80, ["192.168.1.5"])
