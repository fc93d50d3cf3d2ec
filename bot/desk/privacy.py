"""Privacy: what is stored about a person, handed out whole, and deleted whole."""

import json
from collections import Counter

from bot.desk.recall import Recall
from bot.domain.personal import PrivacyFacts
from bot.domain.places import TargetKind
from bot.store.store import Store

_WORDS = {  # of a table → what the privacy screen calls its rows
    "last_list": "list",
    "kept_search": "searches",
    "mute": "mutes",
    "share": "shares",
    "setup_draft": "setups",
    "catchup": "catchup",
    "report": "reports",
    "follow": "follows",
    "follower": "quiet",
    "alert": "alerts",
    "reads_with": "servers",
    "place": "settings",
    "schedule": "briefings",
    "delivery": "deliveries",
    "setting_change": "changes",
}


class Privacy:
    """The desk behind the privacy screen."""

    def __init__(self, store: Store, recall: Recall) -> None:
        self._store = store
        self._recall = recall

    async def facts(self, user_id: int) -> PrivacyFacts:
        """Count what is stored about a person, by kind."""
        rows = await self._rows(user_id)
        counts = Counter(map(_word, rows))
        return PrivacyFacts(tuple(sorted(counts.items())), bool(rows))

    async def export(self, user_id: int) -> bytes:
        """Give every row with a person's id, as JSON."""
        rows = await self._rows(user_id)
        return json.dumps(rows, indent=2, ensure_ascii=False, default=_text).encode()

    async def delete(self, user_id: int) -> int:
        """Delete all that belongs to a person, and take their id off what they changed; give how many rows."""
        await self._recall.flush()  # so that what was only in memory is counted too
        self._recall.forget_person(user_id)
        return await self._store.people.forget(user_id)

    async def _rows(self, user_id: int) -> list[dict[str, object]]:
        await self._recall.flush()
        return await self._store.people.about(user_id)


def _word(row: dict[str, object]) -> str:
    """Give the word for a row: a server's briefing that somebody changed is no briefing of their own."""
    table = str(row["table"])
    if table == "schedule" and row["target"] != TargetKind.DM:
        return "changes"
    return _WORDS.get(table, table)


def _text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
