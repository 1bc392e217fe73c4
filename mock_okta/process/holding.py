"""Only one org at a time uses a state directory: two would sign with different keys."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mock_okta.process.listening import StartError

__all__ = ["held_alone"]

_FILE = "lock"


@contextmanager
def held_alone(state_dir: Path) -> Iterator[None]:
    """Lock the directory; raise StartError if another org has it, or if it is not writable.

    The system releases the lock when the process ends, in any way.
    """
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(state_dir / _FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StartError(f"cannot keep keys in {state_dir}: {error.strerror}") from error
    try:
        if not _is_locked(descriptor):
            raise StartError(
                f"{state_dir} is in use by another org: stop that one, or use another directory"
            )
        yield
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    """Lock the file until it is closed; return False if another process has locked it."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 -- Windows alone has it

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 -- all but Windows have it

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
