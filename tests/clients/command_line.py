"""A command-line tool of others, in an environment of its own, run as its users run it."""

import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.clients.building import once, run

__all__ = ["Run", "installed", "python_of"]

SECONDS_TO_RUN = 60


def installed(package: str, version: str) -> Path:
    """The environment that has the package: installed by the first run on this machine."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"

    def install(made: Path) -> None:
        """Install by our own pip: a second one would take as long to install as the package."""
        venv.create(made)
        options = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-compile")
        pip = (sys.executable, "-m", "pip", "--python", str(python_of(made)))
        run((*pip, "install", *options, f"{package}=={version}"), made)

    return once(f"{package}-{version}-python{python}", install)


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
