"""A message as a value, ready to send or to freeze; a view's controls carry ids and call nothing by themselves."""

from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ui

from bot.render.kinds import Kind
from bot.render.limits import CONTENT, cut

_SUPPRESS_EMBEDS = 1 << 2
_EPHEMERAL = 1 << 6
_COMPONENTS_V2 = 1 << 15


class Layout(ui.LayoutView):
    """A view that the client sends and forgets: one listener answers every control by its custom id.

    discord.py keeps each sent view until it has finished; one that always has is never kept, so memory stays flat.
    """

    def __init__(self, *items: ui.Item[Any]) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)

    def is_finished(self) -> bool:
        """Say yes: discord.py then stores nothing and dispatches nothing to it."""
        return True

    def is_dispatchable(self) -> bool:
        """Say no, for the paths that ask this instead."""
        return False


@dataclass(frozen=True, slots=True)
class Message:
    """One message: either a view (Components V2) or plain content."""

    kind: Kind
    view: Layout | None = None
    content: str | None = None
    ephemeral: bool = False
    role_id: int | None = None  # the one role it may ping
    files: tuple[discord.File, ...] = ()

    @property
    def allowed_mentions(self) -> discord.AllowedMentions:
        """Nobody, but for the one configured role."""
        roles = [discord.Object(self.role_id)] if self.role_id else False
        return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


def plain_twin(message: Message) -> Message:
    """Give a message's texts as plain content: what is sent first when nobody asked, since V2 pushes are empty.

    The view is put in its place by an edit; if that fails, everything has been said.
    """
    if message.view is None:
        return message
    texts = [item.content for item in message.view.walk_children() if isinstance(item, ui.TextDisplay)]
    content = cut("\n".join(texts), CONTENT)
    return replace(message, view=None, content=content)


def to_payload(message: Message) -> dict[str, Any]:
    """Write a message as the JSON that Discord takes, for deliveries that are frozen before they are sent."""
    flags = _EPHEMERAL if message.ephemeral else 0
    mentions: dict[str, Any] = {"parse": []}
    if message.role_id:
        mentions["roles"] = [str(message.role_id)]
    if message.view is None:
        return {"content": message.content or "", "flags": flags | _SUPPRESS_EMBEDS, "allowed_mentions": mentions}
    return {
        "components": message.view.to_components(),  # type: ignore[no-untyped-call]
        "flags": flags | _COMPONENTS_V2,
        "allowed_mentions": mentions,
    }
