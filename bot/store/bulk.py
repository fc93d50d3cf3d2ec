"""Many rows by few statements: a step of a statement hands Python's lock to another thread and back, row for row."""

import sqlite3
from collections.abc import Sequence
from itertools import chain

_SIZES = (32, 16, 8, 4, 2, 1)  # rows; few, so that the connection keeps each statement


def insert(raw: sqlite3.Connection, into: str, rows: Sequence[tuple[object, ...]], then: str = "") -> None:
    """Insert rows.

    Args:
        raw: inside a transaction.
        into: the table with its columns, as they stand in the rows.
        rows: their values, all of one length.
        then: an `on conflict` clause.
    """
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            some = rows[start : start + size]
            row = f"({', '.join('?' * len(some[0]))})"
            query = f"insert into {into} values {', '.join([row] * size)} {then}"  # noqa: S608 - our own tables
            raw.execute(query, tuple(chain.from_iterable(some)))
            start += size
