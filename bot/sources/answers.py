"""What an HTTP answer says about itself: caps while reading, validators, freshness, when to come back. Pure."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.errors import SourceError, SourceFault

MAX_BYTES = 5 * 1024 * 1024  # on the wire and decoded; the largest real feed measured has 2.5 MB
MAX_RATIO = 200
RATIO_FROM_BYTES = 256 * 1024  # a small answer may well be very regular
MAX_RETRY_AFTER_S = 7 * 86_400.0

_FAULTS = {
    401: SourceFault.REFUSED,
    403: SourceFault.REFUSED,
    404: SourceFault.NOT_FOUND,
    410: SourceFault.GONE,
    429: SourceFault.RATE_LIMITED,
    451: SourceFault.REFUSED,
    503: SourceFault.RATE_LIMITED,
}
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_GZIP = b"\x1f\x8b"
_TOO_LARGE = f"it is larger than {MAX_BYTES // 1024 // 1024} MB"


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified, verbatim, from the same answer."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with status 200 (a body) or 304 (none)."""

    url: str  # where the answer came from
    status: int
    body: bytes = b""
    content_type: str = ""
    validators: Validators = NO_VALIDATORS
    fresh_s: float = 0.0  # max-age or Expires
    moved_to: str | None = None  # the end of a chain of permanent redirects only
    asked: str = ""  # the address as it was requested first: without a fragment, its host in small letters

    @property
    def lasting_url(self) -> str:
        """The address to come back to."""
        return self.moved_to or self.asked

    @property
    def is_unchanged(self) -> bool:
        """Whether the server says that nothing changed."""
        return self.status == 304


class BodyReader:
    """Decodes a body piece by piece and stops as soon as it grows past the caps."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        encoding = headers.get("Content-Encoding", "").strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise SourceError(SourceFault.UNPARSABLE, "it is packed in a way I did not ask for")
        length = headers.get("Content-Length", "")
        if length.isdecimal() and int(length) > MAX_BYTES:
            raise SourceError(SourceFault.TOO_LARGE, _TOO_LARGE)
        self._is_packed = encoding not in {"", "identity"}
        self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, by its header
        self._wire = 0
        self._body = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take the next piece.

        Raises:
            SourceError: it is too large, or packed wrongly.
        """
        is_first = self._wire == 0
        self._wire += len(chunk)
        try:
            self._body += self._decode(chunk, is_first=is_first) if self._is_packed else chunk
        except zlib.error as error:
            raise SourceError(SourceFault.UNPARSABLE, "its packing is damaged") from error
        too_dense = len(self._body) > max(RATIO_FROM_BYTES, MAX_RATIO * self._wire)
        if max(self._wire, len(self._body)) > MAX_BYTES or (self._is_packed and too_dense):
            raise SourceError(SourceFault.TOO_LARGE, _TOO_LARGE)

    def _decode(self, chunk: bytes, *, is_first: bool) -> bytes:
        room = MAX_BYTES + 1 - len(self._body)
        try:
            return self._unpack_all(chunk, room)
        except zlib.error:
            if not is_first:
                raise
            self._unpack = zlib.decompressobj(-zlib.MAX_WBITS)  # some servers send deflate without its header
            return self._unpack.decompress(chunk, room)

    def _unpack_all(self, chunk: bytes, room: int) -> bytes:
        """Unpack a piece; gzip may consist of several parts, each packed by itself."""
        found = self._unpack.decompress(chunk, room)
        while self._unpack.eof and (rest := self._unpack.unused_data) and rest.startswith(_GZIP) and len(found) < room:
            self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
            found += self._unpack.decompress(rest, room - len(found))
        return found

    def finish(self) -> bytes:
        """Give the whole body."""
        return bytes(self._body)


def check_status(status: int, headers: Mapping[str, str], now: datetime) -> None:
    """Let 200 and 304 pass.

    Raises:
        SourceError: any other status, with what the server asks for.
    """
    if status in {200, 203, 226, 304}:
        return
    default = SourceFault.SERVER_ERROR if status >= 500 else SourceFault.UNREACHABLE
    raise SourceError(
        _FAULTS.get(status, default),
        f"it answered {status}",
        retry_after_s=retry_after_s(headers.get("Retry-After", ""), now) if status in {429, 503} else None,
    )


def retry_after_s(value: str, now: datetime) -> float | None:
    """Read Retry-After, seconds or a date, at most seven days; None when it says nothing usable."""
    text = value.strip()
    if text.isdecimal() and text.isascii():
        return min(float(text[:9]), MAX_RETRY_AFTER_S)
    instant = http_date(text)
    return None if instant is None else min(max(0.0, (instant - now).total_seconds()), MAX_RETRY_AFTER_S)


def validators(headers: Mapping[str, str]) -> Validators:
    """Give both validators exactly as sent; those that are absurdly long, or no text, count as absent."""
    etag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
    return Validators(
        etag if 0 < len(etag) <= 1_024 and etag.isprintable() else None,
        modified if 0 < len(modified) <= 256 and modified.isprintable() else None,
    )


def fresh_s(headers: Mapping[str, str], now: datetime) -> float:
    """Give how long the answer says it is fresh: max-age, else Expires against its own Date; 0 when silent."""
    control = headers.get("Cache-Control", "")
    if "no-cache" in control.lower() or "no-store" in control.lower():
        return 0.0
    if found := _MAX_AGE.search(control):
        return float(found[1])
    expires = http_date(headers.get("Expires", ""))
    if expires is None:
        return 0.0
    return max(0.0, (expires - (http_date(headers.get("Date", "")) or now)).total_seconds())


def http_date(value: str) -> datetime | None:
    """Read a date in any of HTTP's forms; None when it is none."""
    try:
        parsed = parsedate_to_datetime(value)
        aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
