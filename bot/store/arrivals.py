"""Arrivals: the new articles of one source, written table by table, so that each table is one call for all of them.

`intake` calls it. What was purged, or is stored already, does not arrive. The full-text index is left to the end of the
transaction: it writes itself out whenever another statement comes between (measured: a fifth of the whole).
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.articles import HeadlineOrigin
from bot.domain.intake import Draft, content_hash
from bot.domain.text import fold
from bot.store import shelves
from bot.store.bulk import insert
from bot.store.values import maybe_epoch, to_epoch, to_json

COLUMNS = (
    "key", "link_key", "item_hash", "headline", "headline_origin", "text_origin", "outlet", "link", "published_at",
    "updated_at", "position", "language", "topics", "names", "authors", "section", "image_url", "image_alt",
    "is_wire_copy", "is_counted",
)  # fmt: skip
_INTO = f"article(id, source_id, story_id, added_at, {', '.join(COLUMNS)})"

Numbered = tuple[int, Draft]  # an article's id and its draft


@dataclass(frozen=True, slots=True)
class Arrived:
    """The articles that were written, and their stories."""

    article_ids: tuple[int, ...] = ()
    story_ids: frozenset[int] = frozenset()
    new_story_ids: tuple[int, ...] = ()


def put(raw: sqlite3.Connection, source_id: int, drafts: Sequence[Draft], now: datetime) -> Arrived:
    """Write new articles: what is told of each everywhere, and their stories where they are new."""
    wanted = _admitted(raw, source_id, drafts)
    if not wanted:
        return Arrived()
    articles = list(_numbered(raw, wanted))
    ids = tuple(article_id for article_id, _ in articles)
    homes, added_at = _homes(raw, wanted), to_epoch(now)
    additions = _additions(source_id, wanted, homes, added_at)
    known = set(homes.values())
    made = [story_id for story_id in additions if story_id not in known]
    shelves.open_stories(raw, [additions[story_id] for story_id in made], added_at)
    shelves.add(raw, [one for story_id, one in additions.items() if story_id in known])
    insert(
        raw,
        _INTO,
        [
            (article_id, source_id, homes.get(draft.story_id, draft.story_id), added_at, *values(draft))
            for article_id, draft in articles
        ],
    )
    put_texts(raw, articles)
    put_names(raw, articles)
    made += _emptied(raw, known.intersection(additions), min(ids))
    return Arrived(ids, frozenset(additions), tuple(sorted(made)))


def _additions(
    source_id: int, drafts: Iterable[Draft], homes: Mapping[int, int], added_at: int
) -> dict[int, shelves.Addition]:
    """Sum up what comes to each story."""
    additions: dict[int, shelves.Addition] = {}
    for draft in drafts:
        story_id = homes.get(draft.story_id, draft.story_id)
        at = maybe_epoch(draft.item.published_at) or added_at
        if story_id not in additions:
            additions[story_id] = shelves.Addition(source_id, story_id, at, draft.language)
        additions[story_id].include(at, draft.topics)
    return additions


def next_ids(raw: sqlite3.Connection) -> tuple[int, int]:
    """Give the ids that the next new story and the next new article may take."""
    rows = raw.execute("select name, seq from sqlite_sequence where name in ('story', 'article')")
    last = {row["name"]: row["seq"] for row in rows}
    return 1 + last.get("story", 0), 1 + last.get("article", 0)


def values(draft: Draft) -> tuple[object, ...]:
    """Give what `COLUMNS` hold of a draft."""
    item = draft.item
    return (
        draft.key,
        draft.link_key,
        draft.item_hash,
        draft.headline,
        draft.headline_origin.value,
        draft.text_origin.value,
        draft.outlet,
        item.link,
        maybe_epoch(item.published_at),
        maybe_epoch(item.updated_at),
        item.position,
        draft.language,
        " ".join(draft.topics),
        to_json(draft.names),
        to_json(item.authors),
        item.section,
        item.image.url if item.image else None,
        item.image.alt if item.image else "",
        int(draft.is_wire_copy),
        int(draft.is_counted),
    )


def put_texts(raw: sqlite3.Connection, articles: Iterable[Numbered]) -> None:
    """Write the text of those that have one."""
    insert(
        raw,
        "body(article_id, text, content_hash)",
        [
            (article_id, "\n".join(draft.item.paragraphs), _content_hash(draft))
            for article_id, draft in articles
            if draft.item.paragraphs
        ],
    )


def _content_hash(draft: Draft) -> str:
    """Hash headline and text; where the source gave the headline, that was done already."""
    if draft.headline_origin is HeadlineOrigin.SOURCE:
        return draft.item_hash
    return content_hash(draft.headline, draft.item.paragraphs)


def put_names(raw: sqlite3.Connection, articles: Iterable[Numbered]) -> None:
    """Write the names under which articles are found."""
    insert(
        raw,
        "article_name(folded, article_id, name, is_whole)",
        [
            (folded, article_id, name, is_whole)
            for article_id, draft in articles
            for folded, name, is_whole in _name_rows(draft.names)
        ],
        "on conflict do nothing",
    )


def _name_rows(names: Sequence[str]) -> list[tuple[str, str, bool]]:
    """Give (folded, name, is whole) under which names are found: themselves first, then their last words."""
    whole = [(fold(name), name, True) for name in names]
    return whole + [(folded.rsplit(" ", 1)[1], name, False) for folded, name, _ in whole if " " in folded]


def _admitted(raw: sqlite3.Connection, source_id: int, drafts: Sequence[Draft]) -> list[Draft]:
    """Leave out what was purged once, what is there, and what is twice among the drafts: the first stays."""
    if not drafts:
        return []
    keys = {"source": source_id, "keys": to_json([key for one in drafts for key in (one.key, one.link_key) if key])}
    query = "select key from {} where source_id=:source and key in (select value from json_each(:keys))"
    buried = {row[0] for row in raw.execute(query.format("tombstone"), keys)}
    taken = {row[0] for row in raw.execute(query.format("article"), keys)}
    admitted: dict[str, Draft] = {}
    for draft in drafts:
        if buried.isdisjoint((draft.key, draft.link_key)) and draft.key not in taken:
            admitted.setdefault(draft.key, draft)
    return list(admitted.values())


def _numbered(raw: sqlite3.Connection, drafts: Iterable[Draft]) -> Iterator[Numbered]:
    """Give each draft the id it was grouped under, or the next free one."""
    _, free = next_ids(raw)
    for draft in drafts:
        article_id = free if draft.article_id is None else draft.article_id
        free = max(free, article_id + 1)
        yield article_id, draft


def _homes(raw: sqlite3.Connection, drafts: Iterable[Draft]) -> dict[int, int]:
    """Give the stories that are there already, and where those live now that were merged since ingest looked."""
    rows = raw.execute(
        "select id, coalesce(merged_into, id) from story where id in (select value from json_each(:ids))",
        {"ids": to_json(sorted({draft.story_id for draft in drafts}))},
    )
    return dict(map(tuple, rows))


def _emptied(raw: sqlite3.Connection, story_ids: Iterable[int], first: int) -> list[int]:
    """Give the stories that had lost all their articles before the one with the id `first` came."""
    rows = raw.execute(
        "select value from json_each(:stories)"
        " where not exists(select 1 from article where story_id=value and id<:first)",
        {"stories": to_json(sorted(story_ids)), "first": first},
    )
    return [row[0] for row in rows]
