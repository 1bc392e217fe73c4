"""Every `console` block of the README and the docs, run as printed: a real shell, a real org.

A page's blocks run in their order, in one folder. What a reader has and we have not is given a
stand-in, and what cannot be run here stands in `NOT_RUN`, with the reason.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from mock_okta.browser.widget.releases import DIRECTORY_VARIABLE, default_directory
from tests.docs.blocks import PAGES, ROOT, Block, blocks, blocks_of

PATIENCE = 240
BY_THE_GATE = "the gate runs it, from a fresh clone (.ci/run)"
INSTALLS = "it installs from a package index; tests/test_wheel.py installs the wheel"
BY_TEST_ISOLATED = "tests/docs/test_isolated.py runs it, but for uv"
BY_TEST_RECIPES = "tests/docs/test_recipes.py runs it, with the project that the page shows"

# Lines that are not run here: why not.
NOT_RUN: Mapping[str, str] = {
    "python3 -m venv .venv && .venv/bin/pip install nox && .venv/bin/nox -s demo": BY_THE_GATE,
    "python3 -m venv .venv && .venv/bin/pip install nox && .venv/bin/nox -s tests": BY_THE_GATE,
    "python3 -m venv .venv && .venv/bin/pip install nox": BY_THE_GATE,
    ".venv/bin/nox -s tests     # the quick tests, and one walk with the widget": (BY_THE_GATE),
    ".venv/bin/nox -s tests_all # all tests; -- -m slow: what `tests` leaves out": BY_THE_GATE,
    ".venv/bin/nox -s lint types": BY_THE_GATE,
    ".venv/bin/nox -s demo      # the widget signs a user in, step by step": BY_THE_GATE,
    ".venv/bin/nox -s serve     # the org and the demo app, to click through": (
        "it runs until somebody stops it; tests/harness/test_demo.py runs the command behind it"
    ),
    ".venv/bin/nox -s clients   # clients in other languages; some take minutes to build": (
        "it builds them for minutes; tests/clients runs the quick ones"
    ),
    ".venv/bin/nox -s coverage fuzz bench docs record mutants   # nox --list": ("it takes an hour"),
    "python3 -m venv .venv": INSTALLS,
    '.venv/bin/pip install "../mock_okta[harness,widget]"': INSTALLS,
    '.venv/bin/pip install ".[widget]"': INSTALLS,
    (
        "mock-okta serve --host 0.0.0.0 --public-url https://okta.example.com "
        "--storage redis://redis:6379/0 --control-token a-word-of-your-own"
    ): "it needs the reader's Redis; tests/process/test_behind_nginx.py serves from one",
    "pip install locust": INSTALLS,
    "locust -f deploy/locustfile.py --headless -H http://localhost:8700 -u 50 -r 50 -t 60s": (
        "it puts load on the machine for a minute, with a package that is not ours"
    ),
    "mock-okta gallery --out pictures": (
        "it takes ten minutes; tests/harness/test_gallery.py takes some of the pictures"
    ),
    "uvx --from ../mock_okta mock-okta serve": BY_TEST_ISOLATED,
    "python -m pip install --no-deps ../mock_okta": BY_TEST_ISOLATED,
    "python -m pip install msgspec": BY_TEST_ISOLATED,
    "python -m pytest --okta-url http://localhost:8700": BY_TEST_ISOLATED,
    "npm install": BY_TEST_RECIPES,
    "npx playwright install chromium": BY_TEST_RECIPES,
    "CYPRESS_okta_url=http://localhost:8700 npx cypress open": "it opens a window of Cypress",
    "npm test": BY_TEST_RECIPES,
    (
        'chromium --host-resolver-rules="MAP your-org.okta.com:443 127.0.0.1:8700, '
        'MAP *.oktacdn.com:443 127.0.0.1:8700"'
    ): "it opens a window; tests/harness/test_plugin_domains.py drives Chromium with such rules",
}

# Programs of the reader's own project. Each stand-in fails unless it finds the org.
STAND_INS: Mapping[str, str] = {
    "npm": "the reader's project in JavaScript",
    "npx": "the reader's tests in JavaScript",
    "node": "the reader's project in JavaScript",
    "go": "the reader's project in Go",
    "mvn": "the reader's project in Java",
    "./gradlew": "the reader's project in Java",
    "./start.sh": "the reader's app",
}
FINDS_THE_ORG = '#!/bin/sh\nexec curl --silent --fail "$ISSUER/.well-known/openid-configuration"\n'

# What a page tells the reader to put in, and what stands for it here.
PUT_IN: Mapping[str, str] = {
    "OKTA_ORG_URL=https://your-org.okta.com OKTA_CLIENT_ID=0oa… OKTA_USERNAME=… OKTA_PASSWORD=…": (
        "OKTA_ORG_URL=http://localhost:8700 OKTA_CLIENT_ID=0oa1spa00000000000h7 "
        "OKTA_USERNAME=tester@example.com OKTA_PASSWORD=mock-Password-1"
    ),
    "OKTA_REDIRECT_URI=… OKTA_LOGOUT_REDIRECT_URI=…": (
        "OKTA_REDIRECT_URI=http://localhost:8080/authorization-code/callback "
        "OKTA_LOGOUT_REDIRECT_URI=http://localhost:8080"
    ),
}

# What runs already when the reader comes to the page's commands.
BEFORE: Mapping[str, str] = {
    "stacks/containers.md": "mock-okta serve --control-token a-word-of-your-own",
    "how-to/recorder.md": "mock-okta serve",
}
# Pages whose commands find the org at its usual port, which is another one here.
FINDS_THE_PORT = ("how-to/shell.md",)
# Blocks that speak of a variable of `mock-okta run`.
NEEDS_RUN = "$MOCK_OKTA_URL"
SERVES = re.compile(r"(?:\.venv/bin/)?mock-okta (serve|proxy)\b")
IS_READY = {"serve": "Stop with Ctrl-C", "proxy": "HTTPS_PROXY="}
A_TEST = "def test_the_org_is_there(okta_url):\n    assert okta_url\n"
BAD_SEED = "users:\n  - login: tester@example.com\n    passwort: mock-Password-1\n"

# `nox -s guides` runs the guides, with the packages that they install.
OTHERS = [path for path in PAGES if path.parent.name != "guides"]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *OTHERS]
CONSOLE = {path: found for path in DOCUMENTS if (found := blocks_of(path, "console"))}


def commands_of(block: Block) -> list[str]:
    """The lines to type: those with a prompt where the block has prompts, else all."""
    lines = block.text.splitlines()
    prompted = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    return prompted or lines


def shown_by(block: Block) -> list[str]:
    """The lines of output that the block shows, where it shows any."""
    lines = block.text.splitlines()
    has_prompts = any(line.startswith("$ ") for line in lines)
    return [line for line in lines if has_prompts and line and not line.startswith("$ ")]


def marks_of(found: list[Block]) -> list[pytest.MarkDecorator]:
    """What a page needs: these commands find what is here, or get it."""
    gets = re.compile(r"(widget|browser) install")
    needs_more = any(gets.search(line) for each in found for line in commands_of(each))
    return [pytest.mark.browser, pytest.mark.network] if needs_more else []


class Reader:
    """Somebody who types what a page shows, in a folder of their own."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.folder = folder
        self.running = running
        self.serving: dict[str, subprocess.Popen[str]] = {}
        self.ports = {"8700": _free_port(), "8701": _free_port()}
        self.environment = self._environment()
        self._prepare()

    def type(self, block: Block) -> str:
        """Run the block; return what it printed."""
        lines = [line for line in commands_of(block) if line not in NOT_RUN]
        if not lines:
            return ""
        script = self.put_in("\n".join(lines))
        if (serves := SERVES.match(script)) and not self.fails(block):
            return self.start(script, IS_READY[serves[1]])
        words = ["bash", "-euo", "pipefail", "-c", script]
        if NEEDS_RUN in script:
            words = ["mock-okta", "run", "--", *words]
        at = {"MOCK_OKTA_URL": f"http://localhost:{self.ports['8700']}"}
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=self.environment | (at if block.page in FINDS_THE_PORT else {}),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
        )
        assert (done.returncode != 0) is self.fails(block), f"{script}\n{done.stdout}"
        return done.stdout

    def start(self, command: str, ready: str) -> str:
        """Start what serves until the next one or the page's end; return what it said at first."""
        if ready in self.serving:
            _stop(self.serving.pop(ready))
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command}"],  # noqa: S607 -- the reader's shell
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.serving[ready] = process
        self.running.callback(_stop, process)
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if ready in line:
                return said
        pytest.fail(f"{command} ended: {said}")

    def put_in(self, text: str) -> str:
        for given, instead in PUT_IN.items():
            text = text.replace(given, instead)
        for port, free in self.ports.items():
            text = text.replace(f":{port}", f":{free}")
        return text

    @staticmethod
    def fails(block: Block) -> bool:
        """Whether the block shows that its command fails."""
        return any(line.startswith("Error: ") for line in shown_by(block))

    def _environment(self) -> dict[str, str]:
        ours = ("MOCK_OKTA", "OKTA_", "PYTEST", "COVERAGE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        own = (str(self.folder / "bin"), str(Path(sys.executable).parent), kept["PATH"])
        return kept | {
            "PATH": os.pathsep.join(own),
            "HOME": str(self.folder / "home"),
            "BROWSER": "true",  # `--open` opens nothing here
            DIRECTORY_VARIABLE: str(default_directory()),
            "MOCK_OKTA_SERVE_PORT": self.ports["8700"],
            "MOCK_OKTA_PROXY_PORT": self.ports["8701"],
            "MOCK_OKTA_PROXY_TO": f"127.0.0.1:{self.ports['8700']}",
        }

    def _prepare(self) -> None:
        """Give the reader what the pages take for granted."""
        for name in ("bin", "home"):
            (self.folder / name).mkdir()
        (self.folder / "home" / ".curlrc").write_text("fail\n")  # a refusal is a failure
        for name in STAND_INS:
            path = self.folder / name if name.startswith("./") else self.folder / "bin" / name
            path.write_text(FINDS_THE_ORG)
            path.chmod(0o755)
        (self.folder / ".venv").symlink_to(sys.prefix)
        (self.folder / "test_app.py").write_text(A_TEST)
        (self.folder / "pytest.ini").write_text(
            "[pytest]\naddopts = -p no:cacheprovider\nasyncio_default_fixture_loop_scope = function"
        )
        (self.folder / "org.yaml").write_text(blocks("yaml", "how-to/seed.md")[0].text)


def _free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        process.communicate(timeout=PATIENCE)


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    with ExitStack() as running:
        yield Reader(folder, running)


@pytest.mark.process
@pytest.mark.skipif(
    shutil.which("bash") is None or shutil.which("curl") is None, reason="needs bash and curl"
)
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.relative_to(ROOT).as_posix(), marks=marks_of(found))
        for path, found in CONSOLE.items()
    ],
)
def test_the_commands_of_a_page_work_as_printed(path: Path, tmp_path: Path) -> None:
    with reading(tmp_path) as reader:
        before = BEFORE.get(CONSOLE[path][0].page)
        if before:
            reader.start(before, IS_READY["serve"])
        for block in CONSOLE[path]:
            if reader.fails(block):
                (tmp_path / "org.yaml").write_text(BAD_SEED)
            said = reader.type(block)
            for line in shown_by(block):
                if line.strip() != "…":
                    assert reader.put_in(line) in said, said


def test_the_tables_have_no_row_that_no_page_needs() -> None:
    lines = [line for found in CONSOLE.values() for each in found for line in commands_of(each)]
    assert set(NOT_RUN) <= set(lines)
    text = "\n".join(lines)
    assert all(given in text for given in PUT_IN)
    assert all(name in text for name in STAND_INS)
    assert len(lines) > 2 * len(NOT_RUN)
