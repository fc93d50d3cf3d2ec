"""Curation: stories that are merged, split or taken out, and the ids they live on under."""

import sqlite3
from datetime import datetime

from bot.domain.intake import ChangeKind
from bot.store import intake
from bot.store.shelves import bump, refresh
from bot.store.values import to_epoch


def resolve(raw: sqlite3.Connection, story_id: int) -> int | None:
    """Give the id under which a story lives now, through merges; None when there is no such story."""
    row = raw.execute("select coalesce(merged_into, id) as id from story where id=:id", {"id": story_id}).fetchone()
    return row["id"] if row else None


def merge(raw: sqlite3.Connection, into: int, merged: int) -> bool:
    """Move the articles of one story into another; links to the first go on opening. Say whether it was done."""
    target, gone = resolve(raw, into), resolve(raw, merged)
    if target is None or gone is None or target == gone or _is_retracted(raw, target) or _is_retracted(raw, gone):
        return False
    ids = {"into": target, "gone": gone}
    raw.execute("update article set story_id=:into where story_id=:gone", ids)
    raw.execute("update change set story_id=:into where story_id=:gone", ids)
    raw.execute("update story set merged_into=:into where id=:gone or merged_into=:gone", ids)
    refresh(raw, (target, gone))
    bump(raw)
    return True


def _is_retracted(raw: sqlite3.Connection, story_id: int) -> bool:
    row = raw.execute("select retracted_at from story where id=:id", {"id": story_id}).fetchone()
    return row["retracted_at"] is not None


def split(raw: sqlite3.Connection, article_id: int, now: datetime) -> int | None:
    """Give an article a story of its own; None when it is gone or alone already."""
    row = raw.execute(
        "select a.story_id, s.language, (select count(*) from article b where b.story_id=a.story_id) as members"
        " from article a join story s on s.id=a.story_id where a.id=:id",
        {"id": article_id},
    ).fetchone()
    if row is None or row["members"] < 2:
        return None
    made = raw.execute(
        "insert into story(language, created_at) values(:language, :now) returning id",
        {"language": row["language"], "now": to_epoch(now)},
    ).fetchone()["id"]
    raw.execute("update article set story_id=:story, is_counted=1 where id=:id", {"story": made, "id": article_id})
    refresh(raw, (made, row["story_id"]))
    bump(raw)
    return int(made)


def retract(raw: sqlite3.Connection, story_id: int, now: datetime) -> bool:
    """Withdraw a story by hand; neither it nor what would join it returns. Say whether it was live."""
    lives_at = resolve(raw, story_id)
    query = "select id from article where story_id=:id and withdrawn_at is null"
    rows = raw.execute(query, {"id": lives_at}).fetchall()
    touched: set[int] = set()
    for row in rows:
        intake.withdraw(raw, row["id"], now, touched, ChangeKind.RETRACTED)
    raw.execute(
        "update story set retracted_at=coalesce(retracted_at, :now) where id=:id",
        {"id": lives_at, "now": to_epoch(now)},
    )
    refresh(raw, touched)
    bump(raw)
    return bool(rows)
