"""The file of a SQLite storage: made whole or not at all, and checked when it is opened."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from mock_okta.storage.ports import StorageError
from mock_okta.storage.rows import LAYOUT
from mock_okta.storage.sqlite_tables import CounterTable, LogTable, Table

__all__ = ["SETUP_VERSION", "connected"]

SETUP_VERSION = "setup version"
_APPLICATION = int.from_bytes(b"mOkt")
_PATIENCE = 10.0  # seconds for another process to finish its transaction
_STATEMENTS = 512  # more than all collections have


def connected(
    path: Path, tables: Sequence[Table[Any] | LogTable[Any] | CounterTable]
) -> sqlite3.Connection:
    """Open the file, with these tables; make it if there is none.

    Raises StorageError, also for a file that is damaged, not ours, or of another version.
    """
    with _told(path):
        if not path.exists():
            _make(path)
        connection = _opened(path)
        try:
            _check(path, connection)
            connection.execute("BEGIN IMMEDIATE")
            for table in tables:
                table.bring_up(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageError(f"{path} cannot be used: {error}") from error
    except sqlite3.DatabaseError as error:
        raise StorageError(
            f"{path} is damaged, or no storage of mock_okta ({error}): "
            "bring a copy back, or remove the file to start again"
        ) from error
    except OSError as error:
        raise StorageError(f"{path} cannot be used: {error.strerror}") from error


def _make(path: Path) -> None:
    """Make an empty storage beside the file, and give it its name only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A file that only its owner can read: it will hold private keys.
    descriptor, name = mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".tmp")
    os.close(descriptor)
    draft = Path(name)
    try:
        with closing(_opened(draft)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute("CREATE TABLE numbers (name TEXT PRIMARY KEY, value INTEGER)")
            connection.execute("INSERT INTO numbers VALUES (?, 0)", (SETUP_VERSION,))
            connection.execute(f"PRAGMA user_version = {LAYOUT}")
        with suppress(FileExistsError):  # another process was first
            os.link(draft, path)
    finally:
        for left in (draft, *(draft.with_name(draft.name + end) for end in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    """Open a file that exists."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=_PATIENCE,
        isolation_level=None,
        cached_statements=_STATEMENTS,
    )
    try:
        # The log of changes outlives the process; only the machine's end may undo the last.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -32768")  # KiB
    except BaseException:
        connection.close()
        raise
    return connection


def _check(path: Path, connection: sqlite3.Connection) -> None:
    if path.stat().st_size == 0:
        raise sqlite3.DatabaseError("it is empty")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != _APPLICATION:
        raise sqlite3.DatabaseError("it has another mark")
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    if layout != LAYOUT:
        raise StorageError(
            f"{path} was written by another version of mock_okta (layout {layout}, here {LAYOUT}): "
            "use that version, or remove the file to start again"
        )
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(" ".join(found.split()))
