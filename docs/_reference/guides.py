"""Runs the guides of frameworks as their pages print them: `nox -s guides`.

Each page's files are written into an empty folder and its commands typed there. The last command
serves the app; then a browser signs in, or an API is asked with a token and without. Names of pages
after the command choose some of them. The apps take the ports that the pages name.
"""

# ruff: noqa: S101, S310, S603, TID251 -- it checks, runs what our pages say, and waits for a process
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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from mock_okta_harness.browser import launch_options
from mock_okta_harness.control import Control
from mock_okta_harness.pages import HostedSignInPage

GUIDES = Path(__file__).parent.parent / "guides"
ORG = "http://localhost:8700"
PATIENCE = 120
_BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def main(names: list[str]) -> None:
    """Run the guides of these names, or all of them."""
    for name in names or sorted(CHECKS):
        with tempfile.TemporaryDirectory() as folder, running(name, Path(folder)):
            CHECKS[name]()
        sys.stdout.write(f"{name}: works\n")


@contextmanager
def running(name: str, folder: Path) -> Iterator[None]:
    """Do what the page says, and leave its last command running."""
    commands = []
    for language, title, text in _BLOCK.findall((GUIDES / f"{name}.md").read_text("utf-8")):
        if title:
            (folder / title).parent.mkdir(parents=True, exist_ok=True)
            (folder / title).write_text(text, "utf-8")
        elif language == "console":
            commands += text.splitlines()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path}
    for command in commands[:-1]:
        subprocess.run(shlex.split(command), cwd=folder, env=environment, check=True)
    served = subprocess.Popen(shlex.split(commands[-1]), cwd=folder, env=environment)
    try:
        yield
    finally:
        served.send_signal(signal.SIGINT)
        served.wait(PATIENCE)


def api_at(url: str) -> Callable[[], None]:
    """Return the check of an API: 401 without a token and with an expired one, 200 with one."""

    def check() -> None:
        control = Control(ORG)
        assert until_answered(url) == 401
        assert answer(url, control.mint(broken="expired").access_token) == 401
        assert answer(url, control.mint().access_token) == 200

    return check


def app_at(url: str, button: str = "") -> Callable[[], None]:
    """Return the check of an app: after a sign-in it greets its user. `button` begins it."""

    def check() -> None:
        until_answered(url)
        with (
            sync_playwright() as playwright,
            playwright.chromium.launch(**launch_options()) as browser,
        ):
            page = browser.new_page()
            page.goto(url)
            if button:
                page.get_by_role("button", name=button).click()
            page.wait_for_url(f"{ORG}/**")
            HostedSignInPage(page).sign_in("tester@example.com", "mock-Password-1")
            expect(page.get_by_role("heading", name="Hello, Test User")).to_be_visible()
            assert page.url == url

    return check


def until_answered(url: str) -> int:
    """Return the first answer's status, when the app listens."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return answer(url)
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def answer(url: str, token: str = "") -> int:
    """Return the status of an answer."""
    request = urllib.request.Request(
        url, headers={"Authorization": f"Bearer {token}"} if token else {}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as found:
            return int(found.status)
    except urllib.error.HTTPError as error:
        return error.code


CHECKS: Mapping[str, Callable[[], None]] = {
    "express": app_at("http://localhost:3000/"),
    "fastapi": api_at("http://localhost:8000/messages"),
    "react": app_at("http://localhost:5173/", button="Sign in"),
}

if __name__ == "__main__":
    main(sys.argv[1:])
