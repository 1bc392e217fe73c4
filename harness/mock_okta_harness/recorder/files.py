"""Files that the recorder writes, and what its command says where a file fails."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["told", "write"]


def write(path: str | PathLike[str], content: bytes) -> None:
    """Write a file; the folder is made if need be."""
    file = Path(path)
    with suppress(FileExistsError):  # a file is in its place: writing says so more clearly
        file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def told(failure: Exception) -> str:
    """Say in a line what failed; of a file, which one."""
    if isinstance(failure, OSError) and failure.filename is not None:
        return f"{failure.filename}: {failure.strerror}"
    return str(failure)
