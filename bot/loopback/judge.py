"""The judge of message bodies and interaction answers: strict where Discord is strict. Pure.

A body is judged together with what it changes: an edit may only clear the content of a message that becomes
Components V2, and the flag can't be taken back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.loopback import limits, problems
from bot.loopback.components import judge_components
from bot.loopback.modals import judge_modal
from bot.loopback.verdict import Path, Verdict

Json = dict[str, Any]

_SHARED = {"content", "embeds", "allowed_mentions", "components", "attachments", "flags"}
_SENT = _SHARED | {"poll", "tts"}
CREATE = frozenset(
    _SENT | {"sticker_ids", "message_reference", "nonce", "enforce_nonce", "shared_client_theme"},
)
EDIT = frozenset(_SHARED | {"sticker_ids", "tts"})  # discord.py sends tts with edits; Discord ignores it
ANSWER = frozenset(_SENT)
FOLLOW_UP = frozenset(_SENT | {"username", "avatar_url", "thread_name", "applied_tags"})
FOLLOW_UP_EDIT = frozenset(_SENT)
FORUM = frozenset(_SENT | {"sticker_ids", "nonce", "enforce_nonce"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it would stand after a create or an edit."""

    content: str = ""
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    flags: int = 0
    files: tuple[str, ...] = ()
    extras: bool = False  # a poll or a sticker

    @property
    def is_v2(self) -> bool:
        """Whether it is Components V2."""
        return bool(self.flags & limits.V2_FLAG)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        if self.is_v2:
            return not self.components
        return not (self.content.strip() or self.embeds or self.files or self.extras)


def judge_message(
    body: Json, *, known: Collection[str], files: Collection[str] = (), current: Draft | None = None, path: Path = ()
) -> Draft:
    """Give the message that `body` makes of `current` (None: a new one); `files` names all it carries then.

    Raises:
        Problem: as Discord answers: 50035 with the objections, 50006 when nothing is left to show.
    """
    verdict = Verdict()
    verdict.fields(path, body, known)
    draft = _merge(verdict, body, current, tuple(files))
    if draft.is_v2:
        _judge_v2(verdict, draft)
    elif draft.content:
        verdict.text(("content",), draft.content, 1, limits.CONTENT)
    judge_components(verdict, list(draft.components), v2=draft.is_v2, files=draft.files)
    _judge_embeds(verdict, draft.embeds)
    _judge_mentions(verdict, body.get("allowed_mentions"))
    _judge_attachments(verdict, body.get("attachments"), len(draft.files))
    if "nonce" in body:
        _judge_nonce(verdict, body["nonce"])
    verdict.enforce()
    if draft.is_empty:
        raise problems.empty_message()
    return draft


def _merge(verdict: Verdict, body: Json, current: Draft | None, files: tuple[str, ...]) -> Draft:
    before = current or Draft()
    flags = _flags(verdict, body.get("flags"), before.flags)
    return Draft(
        content=_content(verdict, body, before),
        embeds=tuple(_list(verdict, body, "embeds", before.embeds)),
        components=tuple(_list(verdict, body, "components", before.components)),
        flags=flags,
        files=files,
        extras=bool(body.get("poll") or body.get("sticker_ids")) or before.extras,
    )


def _content(verdict: Verdict, body: Json, before: Draft) -> str:
    value = body.get("content", before.content)
    if value is None:
        return ""
    if not isinstance(value, str):
        verdict.add(("content",), "STRING_TYPE_CONVERT", "Could not interpret as a text.")
        return ""
    return value


def _list(verdict: Verdict, body: Json, name: str, before: tuple[Json, ...]) -> list[Json]:
    value = body.get(name, list(before))
    return [] if value is None else verdict.items((name,), value, 0, 1 << 20)


def _flags(verdict: Verdict, value: object, before: int) -> int:
    if value is None:
        return before
    if not verdict.whole(("flags",), value, 0, 1 << 53) or not isinstance(value, int):
        return before
    if value & ~(limits.SENDABLE_FLAGS | before):
        verdict.add(("flags",), "MESSAGE_FLAGS_NOT_SENDABLE", "Some of these flags can't be set.")
    if before & limits.V2_FLAG and not value & limits.V2_FLAG:
        verdict.add(("flags",), "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", "Components V2 can't be taken back.")
    return value | before & (limits.V2_FLAG | limits.EPHEMERAL_FLAG | limits.CROSSPOSTED_FLAG)


def _judge_v2(verdict: Verdict, draft: Draft) -> None:
    for name, given in (("content", draft.content), ("embeds", draft.embeds), ("poll", draft.extras)):
        if given:
            verdict.add(
                (name,),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


_EMBED_TEXTS: tuple[tuple[str, str | None, int], ...] = (
    ("title", None, 256),
    ("description", None, 4096),
    ("footer", "text", 2048),
    ("author", "name", 256),
)


def _judge_embeds(verdict: Verdict, embeds: tuple[Json, ...]) -> None:
    verdict.items(("embeds",), list(embeds), 0, limits.EMBEDS)
    total = 0
    for index, embed in enumerate(embeds):
        for name, inner, high in _EMBED_TEXTS:
            value = embed.get(name)
            text = value.get(inner) if inner and isinstance(value, Mapping) else value
            verdict.optional_text(("embeds", index, name), text, high)
            total += len(text) if isinstance(text, str) else 0
        total += _judge_embed_fields(verdict, ("embeds", index, "fields"), embed.get("fields") or [])
    if total > limits.EMBED_TEXT:
        verdict.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds {limits.EMBED_TEXT}")


def _judge_embed_fields(verdict: Verdict, path: Path, fields: object) -> int:
    total = 0
    for index, item in enumerate(verdict.items(path, fields, 0, 25)):
        for name, high in (("name", 256), ("value", 1024)):
            if verdict.text((*path, index, name), item.get(name), 1, high):
                total += len(item[name])
    return total


def _judge_mentions(verdict: Verdict, allowed: object) -> None:
    if not isinstance(allowed, dict):
        return
    path: Path = ("allowed_mentions",)
    verdict.fields(path, allowed, {"parse", "users", "roles", "replied_user"})
    parse = allowed.get("parse") or []
    for index, kind in enumerate(parse):
        verdict.choice((*path, "parse", index), kind, ("users", "roles", "everyone"))
    for kind in ("users", "roles"):
        named = allowed.get(kind) or []
        verdict.items((*path, kind), named, 0, 100)
        if kind in parse and named:
            code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
            verdict.add((*path, "parse"), code, f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.')


def _judge_attachments(verdict: Verdict, attachments: object, files: int) -> None:
    if files > limits.ATTACHMENTS:
        verdict.add(("attachments",), "BASE_TYPE_MAX_LENGTH", f"Must be {limits.ATTACHMENTS} or fewer in length.")
    for index, item in enumerate(attachments if isinstance(attachments, list) else []):
        verdict.optional_text(("attachments", index, "description"), item.get("description"), limits.ALT_TEXT)


def _judge_nonce(verdict: Verdict, nonce: object) -> None:
    if isinstance(nonce, str):
        verdict.text(("nonce",), nonce, 0, limits.NONCE)
    elif nonce is not None and not isinstance(nonce, int):
        verdict.add(("nonce",), "NONCE_TYPE_TOO_LONG", "A nonce is a text or a whole number")


def judge_choices(verdict: Verdict, data: Json) -> None:
    """Object to whatever Discord refuses in an autocomplete answer."""
    path: Path = ("data", "choices")
    verdict.fields(("data",), data, {"choices"})
    for index, choice in enumerate(verdict.items(path, data.get("choices"), 0, limits.CHOICES)):
        at = (*path, index)
        verdict.fields(at, choice, {"name", "name_localizations", "value"})
        verdict.text((*at, "name"), choice.get("name"), 1, limits.CHOICE_TEXT)
        value = choice.get("value")
        if isinstance(value, str):
            verdict.text((*at, "value"), value, 1, limits.CHOICE_TEXT)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            verdict.add((*at, "value"), "BASE_TYPE_REQUIRED", "A choice needs a value")


def judge_answer(kind: int, data: Json) -> None:
    """Judge a callback that is no message: choices (8) or a modal (9).

    Raises:
        Problem: 50035 with the objections.
    """
    verdict = Verdict()
    if kind == 8:
        judge_choices(verdict, data)
    elif kind == 9:
        judge_modal(verdict, data)
    verdict.enforce()
