"""Where clients of other stacks are built: once a machine, in the user's cache."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from platformdirs import user_cache_path

__all__ = ["built", "once", "run"]

SECONDS_TO_BUILD = 900


def once(name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder of that name, which `make` has filled; a second process waits for it.

    It is put in its place in one move: what is there is whole.
    """
    place = user_cache_path("mock_okta", appauthor=False) / "clients" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.is_dir():
            made = Path(tempfile.mkdtemp(dir=place.parent))
            try:
                make(made)
                made.rename(place)
            finally:
                shutil.rmtree(made, ignore_errors=True)
    return place


def built(name: str, sources: Path, command: Sequence[str]) -> Path:
    """Return a folder with the sources, in which the command has built them."""

    def build(folder: Path) -> None:
        shutil.copytree(sources, folder, dirs_exist_ok=True)
        run(command, folder)

    return once(f"{name}-{_digest(sources, command)}", build)


def run(command: Sequence[str], folder: Path, **environment: str) -> None:
    """Run a command of a build to its end; it has to succeed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS_TO_BUILD,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def _digest(sources: Path, command: Sequence[str]) -> str:
    """A short name for what is built, and how."""
    digest = hashlib.sha256("\0".join(command).encode())
    for path in sorted(sources.rglob("*")):
        if path.is_file():
            digest.update(f"\0{path.relative_to(sources).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
