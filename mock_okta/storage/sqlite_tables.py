"""The SQL of the tables of collections, logs and counters."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from mock_okta.storage.ports import Kept, Logged
from mock_okta.storage.rows import Row, Rows

__all__ = ["CounterTable", "LogTable", "Table"]

T = TypeVar("T")


class Table(Generic[T]):
    """One collection: a row for each record, with a column for each index.

    `n` grows, so it is the order in which the keys were added. A record that has expired counts as
    none: what replaces it comes last.
    """

    def __init__(self, name: str, kept: Kept) -> None:
        self.name = name
        self.rows = Rows[T](name, kept)
        given = ["key", "record"] + ["expires_at"] * self.rows.can_expire
        self.columns = ["n", *given, *(f"by_{index}" for index in kept.indexes)]
        self._make_statements(self.columns[1:])

    def _make_statements(self, columns: Sequence[str]) -> None:
        name, can_expire = self.name, self.rows.can_expire
        places = ", ".join("?" for _ in columns)
        changed = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
        last = f"(SELECT max(n) + 1 FROM {name})"
        moved = f", n = CASE WHEN expires_at <= ? THEN {last} ELSE n END" if can_expire else ""
        alive = " AND (expires_at IS NULL OR expires_at > ?)" if can_expire else ""
        self.insert = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})"
        conflict = f"{self.insert} ON CONFLICT (key) DO"
        self.put = f"{conflict} UPDATE SET {changed}{moved}"
        self.add = (
            f"{conflict} UPDATE SET {changed}, n = {last} WHERE expires_at <= ?"
            if can_expire
            else f"{conflict} NOTHING"
        )
        self.get = f"SELECT record FROM {name} WHERE key = ?"
        self.delete = f"DELETE FROM {name} WHERE key = ?"
        self.clear = f"DELETE FROM {name}"
        self.sweep = f"DELETE FROM {name} WHERE expires_at <= ?" if can_expire else None
        self.items = f"SELECT key, record FROM {name} WHERE TRUE{alive} ORDER BY n"
        self.by = {index: f"FROM {name} WHERE by_{index} = ?{alive}" for index in self.rows.indexes}
        self.remove = {
            index: f"DELETE FROM {name} WHERE by_{index} = ?" for index in self.rows.indexes
        }

    def parameters(self, key: bytes, row: Row) -> list[Any]:
        """Return the values of all columns but `n`."""
        expiry = [row.expires_at] if self.rows.can_expire else []
        return [key, row.record, *expiry, *row.indexed]

    def bring_up(self, connection: sqlite3.Connection) -> None:
        """Make the table; make it again if an earlier version had other indexes."""
        name = self.name
        there = [each[1] for each in connection.execute(f"PRAGMA table_info({name})")]
        if there == self.columns:
            return
        stored = connection.execute(f"SELECT key, record FROM {name} ORDER BY n") if there else ()
        rows = [(key, self.rows.row(self.rows.record(record))) for key, record in stored]
        connection.execute(f"DROP TABLE IF EXISTS {name}")
        types = ["key BLOB NOT NULL UNIQUE", "record BLOB NOT NULL", *self.columns[3:]]
        connection.execute(f"CREATE TABLE {name} (n INTEGER PRIMARY KEY, {', '.join(types)})")
        for column in self.columns[3:]:
            connection.execute(
                f"CREATE INDEX {name}_{column} ON {name} ({column}) WHERE {column} IS NOT NULL"
            )
        connection.executemany(self.insert, (self.parameters(key, row) for key, row in rows))


class LogTable(Generic[T]):
    """One log; `total` is the size of all records so far, so that no sum is needed."""

    def __init__(self, name: str, logged: Logged) -> None:
        self.name = name
        self.most = logged.most
        self.most_bytes = logged.most_bytes

    def bring_up(self, connection: sqlite3.Connection) -> None:
        """Make the table if it is not there."""
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {self.name} (n INTEGER PRIMARY KEY AUTOINCREMENT, "
            "total INTEGER NOT NULL, size INTEGER NOT NULL, record BLOB NOT NULL)"
        )

    def append(self, connection: sqlite3.Connection, record: bytes, size: int) -> None:
        """Add a record; remove the oldest while there are too many."""
        name = self.name
        before = connection.execute(f"SELECT n, total FROM {name} ORDER BY n DESC LIMIT 1")
        number, total = before.fetchone() or (None, 0)
        total += size
        connection.execute(
            f"INSERT INTO {name} (total, size, record) VALUES (?, ?, ?)", (total, size, record)
        )
        if number is None:
            return
        oldest = connection.execute(f"SELECT n, total, size FROM {name} ORDER BY n")
        for first, total_then, size_then in oldest:
            few = number + 1 - first < self.most
            if first > number or (few and total - total_then + size_then <= self.most_bytes):
                break
            connection.execute(f"DELETE FROM {name} WHERE n = ?", (first,))

    def values(self, connection: sqlite3.Connection) -> list[bytes]:
        """Return the records, oldest first."""
        found = connection.execute(f"SELECT record FROM {self.name} ORDER BY n")
        return [record for (record,) in found]

    def newest(self, connection: sqlite3.Connection) -> bytes | None:
        """Return the newest record, if there is one."""
        found = connection.execute(f"SELECT record FROM {self.name} ORDER BY n DESC LIMIT 1")
        row = found.fetchone()
        return None if row is None else row[0]

    def clear(self, connection: sqlite3.Connection) -> None:
        """Remove all records."""
        connection.execute(f"DELETE FROM {self.name}")


class CounterTable:
    """The counts of one window, by name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._others = f"DELETE FROM {name} WHERE window != ?"
        self._more = (
            f"INSERT INTO {name} VALUES (?, ?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1"
        )
        self._now = f"SELECT n FROM {name} WHERE name = ?"

    def bring_up(self, connection: sqlite3.Connection) -> None:
        """Make the table; counts that another process left have their window."""
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {self.name} "
            "(name TEXT PRIMARY KEY, window INTEGER NOT NULL, n INTEGER NOT NULL)"
        )

    def count(self, name: str, window: int, connection: sqlite3.Connection) -> int:
        """Count one more; return how many there are now."""
        connection.execute(self._others, (window,))
        connection.execute(self._more, (name, window))
        (now,) = connection.execute(self._now, (name,)).fetchone()
        return int(now)

    def clear(self, connection: sqlite3.Connection) -> None:
        """Begin again."""
        connection.execute(f"DELETE FROM {self.name}")
