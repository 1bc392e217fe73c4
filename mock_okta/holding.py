"""A state directory has one org at a time: two would sign with different keys."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mock_okta.listening import StartError

__all__ = ["held_alone"]

_FILE = "lock"


@contextmanager
def held_alone(state_dir: Path) -> Iterator[None]:
    """Hold the directory; raise StartError if another org does, or if it cannot be written to.

    The system lets go of it when the process ends, however it ends.
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
    """Lock the file until it is closed, and return True; False if somebody else has."""
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
