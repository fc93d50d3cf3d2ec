"""Reports: what members say is wrong with a story, for the operator."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Database
from bot.store.values import from_epoch, to_epoch

KEPT_PER_STORY = 50  # of one story; the operator has heard by then


@dataclass(frozen=True, slots=True)
class Report:
    """One report. Who made it is kept for the export and the deletion of their data only."""

    id: int
    story_id: int
    headline: str
    reason: str
    detail: str
    reported_at: datetime
    of_story: int = 1  # how many reports there are of the same story


def add(raw: sqlite3.Connection, user_id: int, place_id: int, report: Report) -> int:
    """Keep a report and give how many there are of the story; a second one by the same person replaces the first."""
    values = {"user": user_id, "place": place_id, "story": report.story_id, "headline": report.headline}
    raw.execute("delete from report where user_id=:user and story_id=:story", values)
    count = int(raw.execute("select count(*) as n from report where story_id=:story", values).fetchone()["n"])
    if count < KEPT_PER_STORY:
        raw.execute(
            "insert into report(user_id, place_id, story_id, headline, reason, detail, reported_at)"
            " values(:user, :place, :story, :headline, :reason, :detail, :now)",
            values | {"reason": report.reason, "detail": report.detail, "now": to_epoch(report.reported_at)},
        )
        count += 1
    return count


def latest(raw: sqlite3.Connection, limit: int) -> tuple[Report, ...]:
    """Give the latest reports, newest first."""
    rows = raw.execute(
        "select r.*, (select count(*) from report o where o.story_id=r.story_id) as of_story"
        " from report r order by r.id desc limit :limit",
        {"limit": limit},
    )
    return tuple(
        Report(
            id=row["id"],
            story_id=row["story_id"],
            headline=row["headline"],
            reason=row["reason"],
            detail=row["detail"],
            reported_at=from_epoch(row["reported_at"]),
            of_story=row["of_story"],
        )
        for row in rows
    )


class Reports:
    """What the desk and the operator may ask of reports."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, user_id: int, place_id: int, report: Report) -> int:
        """Keep a report (its id is ignored); give how many there are of the story."""
        return await self._db.write(lambda raw: add(raw, user_id, place_id, report))

    async def latest(self, limit: int = 100) -> tuple[Report, ...]:
        """Give the latest reports, newest first."""
        return await self._db.read(lambda raw: latest(raw, limit))
