"""Taking in: writes what ingest decided about one source's items, as part of one transaction."""

import sqlite3
from dataclasses import replace
from datetime import datetime

from bot.domain.articles import TextOrigin
from bot.domain.intake import Batch, ChangeKind, Edit, IngestReport
from bot.store import arrivals, changes
from bot.store.shelves import refresh
from bot.store.texts import index, unindex
from bot.store.values import to_epoch

_SET = ", ".join(f"{column}=?" for column in arrivals.COLUMNS)
_UPDATE = f"update article set {_SET}, withdrawn_at=null, changes=changes+1 where id=?"  # noqa: S608 - constant columns


def take_in(raw: sqlite3.Connection, source_id: int, batch: Batch, now: datetime) -> IngestReport:
    """Write a batch; give the ids of what became of it. The caller adds the counts of what needed no write."""
    touched: set[int] = set()
    _move(raw, batch)
    arrived = arrivals.put(raw, source_id, batch.drafts, now)
    for edit in batch.edits:
        _edit(raw, edit, now, touched)
    for article_id in batch.restored:
        _restore(raw, article_id, now, touched)
    for article_id in batch.withdrawn:
        withdraw(raw, article_id, now, touched)
    if touched:
        refresh(raw, touched)
    return IngestReport(
        source_id,
        new=arrived.article_ids,
        changed=tuple(edit.article_id for edit in batch.edits) + batch.restored,
        withdrawn=batch.withdrawn,
        refused=len(batch.drafts) - len(arrived.article_ids),
        story_ids=tuple(sorted(touched.union(arrived.story_ids))),
        new_story_ids=arrived.new_story_ids,
    )


def _edit(raw: sqlite3.Connection, edit: Edit, now: datetime, touched: set[int]) -> None:
    query = "select story_id, headline, text_origin, withdrawn_at from article where id=:id"
    old = raw.execute(query, {"id": edit.article_id}).fetchone()
    unindex(raw, [edit.article_id])
    draft = edit.draft
    keeps_page = old["text_origin"] == TextOrigin.PAGE and draft.text_origin is not TextOrigin.DOCUMENT
    if keeps_page:  # the page's text is longer than the feed's; it is fetched again by who needs it
        draft = replace(draft, text_origin=TextOrigin.PAGE)
    raw.execute(_UPDATE, (*arrivals.values(draft), edit.article_id))
    raw.execute("delete from article_name where article_id=:id", {"id": edit.article_id})
    arrivals.put_names(raw, [(edit.article_id, draft)])
    if not keeps_page:
        raw.execute("delete from body where article_id=:id", {"id": edit.article_id})
        arrivals.put_texts(raw, [(edit.article_id, draft)])
    index(raw, [edit.article_id])
    kind = ChangeKind.TEXT if old["headline"] == draft.headline else ChangeKind.HEADLINE
    changes.record(raw, kind, edit.article_id, now, before=old["headline"], after=draft.headline)
    touched.add(old["story_id"])


def _restore(raw: sqlite3.Connection, article_id: int, now: datetime, touched: set[int]) -> None:
    raw.execute("update article set withdrawn_at=null where id=:id", {"id": article_id})
    index(raw, [article_id])
    row = raw.execute("select story_id, headline from article where id=:id", {"id": article_id}).fetchone()
    changes.record(raw, ChangeKind.RESTORED, article_id, now, before="", after=row["headline"])
    touched.add(row["story_id"])


def withdraw(
    raw: sqlite3.Connection, article_id: int, now: datetime, touched: set[int], kind: ChangeKind = ChangeKind.WITHDRAWN
) -> None:
    """Take a live article out of lists and search, and note it; `touched` gets its story."""
    query = "select story_id, headline from article where id=:id and withdrawn_at is null"
    row = raw.execute(query, {"id": article_id}).fetchone()
    if row is None:
        return
    unindex(raw, [article_id])
    raw.execute("update article set withdrawn_at=:now where id=:id", {"id": article_id, "now": to_epoch(now)})
    changes.record(raw, kind, article_id, now, before=row["headline"], after="")
    touched.add(row["story_id"])


def _move(raw: sqlite3.Connection, batch: Batch) -> None:
    for article_id, position in batch.moved:
        raw.execute("update article set position=:position where id=:id", {"id": article_id, "position": position})
    for article_id, key in batch.rekeyed:
        raw.execute("update or ignore article set key=:key where id=:id", {"id": article_id, "key": key})
