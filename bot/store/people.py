"""People: all that is stored about one person, read in one snapshot and forgotten in one transaction."""

import sqlite3

from bot.store import members, places
from bot.store.database import Database


def about(raw: sqlite3.Connection, user_id: int) -> list[dict[str, object]]:
    """Give every row that holds a user's id, each with its table."""
    return [*members.about_person(raw, user_id), *places.about_person(raw, user_id)]


def forget(raw: sqlite3.Connection, user_id: int) -> int:
    """Delete what belongs to a person, and take their id off what they changed; give how many rows there were."""
    found = len(about(raw, user_id))
    members.forget_person(raw, user_id)
    places.forget_person(raw, user_id)
    return found


class People:
    """What the privacy screen asks for."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def about(self, user_id: int) -> list[dict[str, object]]:
        """Give every row that holds a user's id, each with its table."""
        return await self._db.read(lambda raw: about(raw, user_id))

    async def forget(self, user_id: int) -> int:
        """Delete what belongs to a person, all or nothing; give how many rows there were."""
        return await self._db.write(lambda raw: forget(raw, user_id))
