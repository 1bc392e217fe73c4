"""A command-line tool of others, in an environment of its own, run as its users run it."""

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Run", "installed", "python_of"]

SECONDS_TO_INSTALL, SECONDS_TO_RUN = 300, 60


def installed(package: str, version: str) -> Path:
    """The environment that has the package: installed by the first run on this machine.

    It is put in its place in one move, so that two who install it at once do each other no harm.
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    place = _cache() / "mock_okta" / "clients" / f"{package}-{version}-python{python}"
    if place.is_dir():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=place.parent))
    try:
        venv.create(made)
        _install(made, f"{package}=={version}")
        made.rename(place)
    except OSError:
        if not place.is_dir():  # somebody else was not faster
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return place


def _cache() -> Path:
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".cache"


def _install(environment: Path, requirement: str) -> None:
    """Install by our own pip: a second one would take as long to install as the package."""
    options = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-compile")
    pip = (sys.executable, "-m", "pip", "--python", str(python_of(environment)))
    done = subprocess.run(
        (*pip, "install", *options, requirement),
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_INSTALL,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def python_of(environment: Path) -> Path:
    """The environment's own interpreter."""
    return environment / "bin" / "python"


@dataclass
class Run:
    """One run of a command, as somebody at a terminal sees it."""

    process: subprocess.Popen[str]
    said: str = ""

    @classmethod
    def of(cls, environment: Path, command: str, *words: str, env: Mapping[str, str]) -> "Run":
        """Begin; there is no terminal, so that what is asked for is read from standard input."""
        script = environment / "bin" / command
        process = subprocess.Popen(
            (str(python_of(environment)), "-W", "ignore", str(script), *words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"} | env,
            start_new_session=True,
        )
        return cls(process)

    def wait_for(self, words: str) -> None:
        """Read on until it says so."""
        output = self.process.stdout
        assert output is not None
        while words not in self.said:
            character = output.read(1)
            assert character, self.said
            self.said += character

    def answer(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def end(self) -> tuple[int, str]:
        """The exit status, and all that was said."""
        rest, _ = self.process.communicate(timeout=SECONDS_TO_RUN)
        return self.process.returncode, self.said + rest
