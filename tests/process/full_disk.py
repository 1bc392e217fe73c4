"""A directory on a disk that can be full: a small file system of its own, where root may mount it.

Elsewhere it is a directory that nobody may write to.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

__all__ = ["Disk", "small_disk"]


@dataclass(frozen=True)
class Disk:
    """A folder for an org's state; `why`: what the system says when nothing fits."""

    folder: Path
    is_mounted: bool

    @property
    def why(self) -> str:
        return "No space left on device" if self.is_mounted else "Permission denied"

    def fill(self) -> None:
        """Leave no room for another byte."""
        if self.is_mounted:
            with suppress(OSError), self._filler.open("wb", buffering=0) as file:
                while True:
                    file.write(b"x" * 4096)
        else:
            self._let(0o500)
        with pytest.raises(OSError, match=self.why):
            (self.folder / "probe").write_bytes(b"x")
        (self.folder / "probe").unlink(missing_ok=True)

    def make_room(self) -> None:
        """Take back what `fill` did."""
        if self.is_mounted:
            self._filler.unlink()
        else:
            self._let(0o700)

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"

    def _let(self, mode: int) -> None:
        for each in (self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())):
            each.chmod(mode)


@contextmanager
def small_disk(folder: Path, size: str = "96k") -> Iterator[Disk]:
    """Make `folder` such a directory until the block ends."""
    folder.mkdir()
    if os.geteuid() != 0:
        yield Disk(folder, is_mounted=False)
        return
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("root may write everywhere, and may mount nothing here")
    try:
        yield Disk(folder, is_mounted=True)
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607 -- found by PATH
