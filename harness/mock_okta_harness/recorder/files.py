"""Writes the recorder's files, and describes errors of files."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["told", "write"]


def write(path: str | PathLike[str], content: bytes) -> None:
    """Write a file; create its folder if needed."""
    file = Path(path)
    with suppress(FileExistsError):  # a file has the folder's name: writing raises a clearer error
        file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def told(failure: Exception) -> str:
    """Return one line that says what failed, with the file's name if it was a file."""
    if isinstance(failure, OSError) and failure.filename is not None:
        return f"{failure.filename}: {failure.strerror}"
    return str(failure)
