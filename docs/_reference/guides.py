"""Runs the guides of frameworks as their pages print them: `nox -s guides`.

Each page's files are written into an empty folder and its commands typed there. The command that
begins with `mock-okta run` serves the app. When the app answers, the commands after it run: they
test it. Names of pages after the command choose some of them. The apps take the ports that the
pages name.
"""

# ruff: noqa: S310, S603, TID251 -- it runs what our pages say, and waits for a process
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

GUIDES = Path(__file__).parent.parent / "guides"
PATIENCE = 120
APPS: Mapping[str, str] = {
    "angular": "http://localhost:4200/",
    "django": "http://localhost:8000/",
    "express": "http://localhost:3000/",
    "fastapi": "http://localhost:8000/",
    "go": "http://localhost:8080/",
    "nextjs": "http://localhost:3000/",
    "react": "http://localhost:5173/",
    "spring": "http://localhost:8080/",
    "vue": "http://localhost:5173/",
}
"""Where the app of each page listens."""

_BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def main(names: list[str]) -> None:
    """Run the guides of these names, or all of them."""
    for name in names or sorted(APPS):
        with tempfile.TemporaryDirectory() as folder:
            run_guide(name, Path(folder))
        sys.stdout.write(f"{name}: works\n")


def run_guide(name: str, folder: Path) -> None:
    """Do what the page says, in this folder."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path}
    before, serving, after = commands_of(write_files(name, folder))
    for command in before:
        subprocess.run(shlex.split(command), cwd=folder, env=environment, check=True)
    with served(APPS[name], serving, folder, environment):
        for command in after:
            subprocess.run(shlex.split(command), cwd=folder, env=environment, check=True)


def write_files(name: str, folder: Path) -> list[str]:
    """Write the files of the page, and return its commands."""
    commands = []
    for language, title, text in _BLOCK.findall((GUIDES / f"{name}.md").read_text("utf-8")):
        if title:
            (folder / title).parent.mkdir(parents=True, exist_ok=True)
            (folder / title).write_text(text, "utf-8")
        elif language == "console":
            commands += text.splitlines()
    return commands


def commands_of(commands: list[str]) -> tuple[list[str], str, list[str]]:
    """Divide the commands into those before the one that serves the app, that one, and the rest."""
    (place,) = (at for at, line in enumerate(commands) if line.startswith("mock-okta run "))
    return commands[:place], commands[place], commands[place + 1 :]


@contextmanager
def served(url: str, command: str, folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Let the command run, wait until the app answers, and interrupt the command at the end."""
    serving = subprocess.Popen(shlex.split(command), cwd=folder, env=environment)
    try:
        wait_for_answer(url, serving)
        yield
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait(PATIENCE)


def wait_for_answer(url: str, serving: subprocess.Popen[bytes]) -> None:
    """Return when the app answers, whatever it says."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=PATIENCE).close()
        except urllib.error.HTTPError:
            return
        except urllib.error.URLError:
            if time.monotonic() > deadline or serving.poll() is not None:
                raise
            time.sleep(0.2)
        else:
            return


if __name__ == "__main__":
    main(sys.argv[1:])
