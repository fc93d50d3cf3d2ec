"""A voice: the texts of one language, the ids of the commands it may mention, and the time it speaks at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.i18n import Texts
from bot.render.markdown import command


@dataclass(frozen=True, slots=True)
class Voice:
    """What every message function needs besides its values; built once per answer."""

    texts: Texts
    now: datetime
    commands: Mapping[str, int] = field(default_factory=dict)  # name → id, known after the sync

    def __call__(self, message: str, /, **values: object) -> str:
        """Say an interface sentence; escape news text before it goes in."""
        return self.texts(message, **values)

    def many(self, one: str, other: str, count: int, /, **values: object) -> str:
        """Say it in the plural form that `count` asks for."""
        return self.texts.many(one, other, count, **values)

    def number(self, count: int) -> str:
        """Write a whole number with separators."""
        return self.texts.number(count)

    def command(self, name: str) -> str:
        """Mention a command, e.g. "newsdesk setup"."""
        return command(name, self.commands)
