"""Who uses a state directory: one org whose rotations are in its memory, or any that share them."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mock_okta.process.listening import StartError

__all__ = ["held"]

_FILE = "lock"


@contextmanager
def held(state_dir: Path, *, alone: bool) -> Iterator[None]:
    """Lock the directory; raise StartError if it is in use, or if it is not writable.

    `alone`: against all others; else only against an org that wants it alone. Two orgs that do not
    share their storage would sign with different keys.
    The system releases the lock when the process ends, in any way.
    """
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(state_dir / _FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StartError(f"cannot keep keys in {state_dir}: {error.strerror}") from error
    try:
        if not _is_locked(descriptor, alone=alone):
            raise StartError(
                f"{state_dir} is in use by another org: stop that one, or use another directory"
            )
        yield
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int, *, alone: bool) -> bool:
    """Lock the file until it is closed; return False if another process has locked it."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 -- Windows alone has it

            if alone:  # Windows has no lock that several can share
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 -- all but Windows have it

            kind = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
