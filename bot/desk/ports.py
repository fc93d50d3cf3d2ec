"""What the desk needs from rooms it does not know."""

from typing import Any, Protocol

from bot.domain.articles import Article
from bot.domain.places import TargetKind


class Runner(Protocol):
    """Does slow work by name in another process; `bot.worker.pool.WorkerPool` is one."""

    async def run(self, job: str, /, *arguments: object) -> Any:  # noqa: ANN401 - whatever the job gives
        """Do one job and give its result."""
        ...


class Texts(Protocol):
    """Fetches the text behind an article; `bot.ingest.article_texts.ArticleTexts` is one."""

    async def fetch(self, article: Article, /) -> bool:
        """Fetch it if it is needed; say whether there is a new text now."""
        ...


class ChannelAccess(Protocol):
    """Knows what the bot may do in a channel."""

    def kind(self, channel_id: int) -> TargetKind | None:
        """Give what kind of target a channel is; None when the bot does not see it or can't post there."""
        ...

    def server_of(self, channel_id: int) -> int | None:
        """Give the server that a channel is in; None when the bot does not see it."""
        ...

    def has_role(self, server_id: int, role_id: int) -> bool:
        """Say whether a server has such a role."""
        ...

    def missing(self, channel_id: int, *, discussion: bool = False, publish: bool = False) -> tuple[str, ...]:
        """Give the permissions the bot lacks there, by Discord's names."""
        ...


class Watch(Protocol):
    """Watches over delivery; `bot.deliver.supervisor.Supervisor` is one."""

    def wake(self) -> None:
        """Something changed: plan and send at once."""
        ...

    async def check_place(self, place_id: int) -> None:
        """Roles or channels changed: warn of what will not work any more, and heal what works again."""
        ...

    async def check_troubled(self) -> None:
        """The gateway is ready: heal what was mended while nobody looked."""
        ...
