"""Finds a browser for Playwright on this machine, and makes it trust a CA.

`mock-okta browser install` gets one.
"""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = [
    "BrowserChoice",
    "BrowserNotFound",
    "CertificateNotTrusted",
    "find_browser",
    "launch_options",
    "require_browser",
    "resolver_rules",
    "trust_certificate",
]

VARIABLE = "MOCK_OKTA_BROWSER"
INSTALL_COMMAND = "mock-okta browser install"
CA_NICKNAME = "mock_okta CA"
# Requests that a browser sends by itself would appear among a test's requests.
QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Chromium's sandbox does not work as root, and a container has no GPU.
AS_ROOT = ("--no-sandbox", "--disable-gpu")
# With these variables a browser with another home directory would still use the user's own.
USER_DIRECTORIES = frozenset({"XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"})
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)


class BrowserNotFound(Exception):
    """No browser was found; the message says how to get one."""


class CertificateNotTrusted(Exception):
    """The browser does not trust the CA; the message says why."""


@dataclass(frozen=True)
class BrowserChoice:
    """A browser based on Chromium: its usual name, and its executable."""

    name: str
    path: Path


@dataclass(frozen=True)
class KnownBrowser:
    """Where a browser's executable is after installation, by operating system."""

    name: str
    commands: tuple[str, ...]
    mac: str
    windows: str

    def places(self) -> Iterator[Path]:
        """Yield the places to look at on this operating system."""
        system = platform.system()
        if system == "Darwin":
            for root in (Path("/Applications"), Path("~/Applications").expanduser()):
                yield root / self.mac
        elif system == "Windows":
            for variable in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
                if os.environ.get(variable):
                    yield Path(os.environ[variable], *self.windows.split("/"))
        else:
            yield from map(Path, filter(None, map(shutil.which, self.commands)))


KNOWN = (
    KnownBrowser(
        "Google Chrome",
        ("google-chrome", "google-chrome-stable", "chrome"),
        "Google Chrome.app/Contents/MacOS/Google Chrome",
        "Google/Chrome/Application/chrome.exe",
    ),
    KnownBrowser(
        "Microsoft Edge",
        ("microsoft-edge", "microsoft-edge-stable"),
        "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "Microsoft/Edge/Application/msedge.exe",
    ),
    KnownBrowser(
        "Chromium",
        ("chromium", "chromium-browser"),
        "Chromium.app/Contents/MacOS/Chromium",
        "Chromium/Application/chrome.exe",
    ),
)


def find_browser() -> BrowserChoice | None:
    """Return the browser named by MOCK_OKTA_BROWSER, else an installed one, else Playwright's own.

    Raises BrowserNotFound if MOCK_OKTA_BROWSER does not name an executable file.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return _named(Path(named))
    return _installed() or _of_playwright()


def require_browser() -> BrowserChoice:
    """Return what `find_browser` finds; raises BrowserNotFound when it finds none."""
    choice = find_browser()
    if choice is None:
        raise BrowserNotFound(
            "No browser: Chrome, Edge, Chromium and Playwright's own browser are not installed. "
            f"Run `{INSTALL_COMMAND}`, or name one in {VARIABLE}."
        )
    return choice


def launch_options(
    choice: BrowserChoice | None = None,
    home: Path | None = None,
    routes: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the arguments for Playwright's `launch`, for `choice` or else `require_browser()`.

    `home`: the browser's home directory. `routes`, such as an org's: host names, and the addresses
    that the browser connects to instead.
    """
    choice = choice or require_browser()
    is_root = platform.system() == "Linux" and os.geteuid() == 0
    options: dict[str, Any] = {
        "executable_path": str(choice.path),
        "args": [*(AS_ROOT if is_root else ()), *QUIET, *resolver_rules(routes or {})],
    }
    if home is not None:
        options["env"] = _environment_at(home)
    return options


def resolver_rules(routes: Mapping[str, str]) -> list[str]:
    """Return Chromium's option for connecting to other addresses for some names.

    Page, cookies and certificate keep the name. The first rule that matches wins, so a name comes
    before the `*.` pattern that covers it.
    """
    names = sorted(routes, key=lambda name: name.startswith("*."))
    rules = ", ".join(f"MAP {name} {routes[name]}" for name in names)
    return [f"--host-resolver-rules={rules}"] if rules else []


def trust_certificate(home: Path, ca_pem: Path) -> None:
    """Make a Chromium on Linux whose home directory is `home` trust the CA in `ca_pem`.

    The CA replaces one that was trusted here before. Raises CertificateNotTrusted.
    """
    database = _certificate_database(home)
    database.mkdir(parents=True, exist_ok=True)
    if not (database / "cert9.db").exists():
        _certutil(database, "-N", "--empty-password")
    if CA_NICKNAME in _certutil(database, "-L"):
        # Two certificates cannot have one nickname: adding the second would fail.
        _certutil(database, "-D", "-n", CA_NICKNAME)
    _certutil(database, "-A", "-t", "C,,", "-n", CA_NICKNAME, "-i", str(ca_pem.absolute()))


def _named(path: Path) -> BrowserChoice:
    if not _is_executable(path):
        raise BrowserNotFound(f"{VARIABLE} names {path}, which is not an executable file.")
    return BrowserChoice(path.name, path.absolute())


def _installed() -> BrowserChoice | None:
    for browser in KNOWN:
        for path in browser.places():
            if _is_executable(path) and not _is_snap_stub(path):
                return BrowserChoice(browser.name, path)
    return None


def _of_playwright() -> BrowserChoice | None:
    """Ask Playwright in another process: in this one an event loop may be running."""
    if importlib.util.find_spec("playwright") is None:
        return None
    answer = subprocess.run(  # noqa: S603 -- fixed words
        (sys.executable, "-c", ASK_PLAYWRIGHT),
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=60,
    )
    path = Path(answer.stdout.strip())
    return BrowserChoice("Playwright's Chromium", path) if _is_executable(path) else None


def _is_executable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _is_snap_stub(path: Path) -> bool:
    """Whether it is Ubuntu's script that only asks the user to install the snap."""
    with path.open("rb") as file:
        head = file.read(4096)
    return b"snap install chromium" in head and not Path("/snap/bin/chromium").exists()


def _environment_at(home: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in USER_DIRECTORIES}
    return {**kept, "HOME": str(home.absolute())}


def _certificate_database(home: Path) -> Path:
    """Return the one that Chromium reads: the older path wins if it exists."""
    older = home / ".pki" / "nssdb"
    newer = home / ".local" / "share" / "pki" / "nssdb"
    return newer if newer.is_dir() and not older.is_dir() else older


def _certutil(database: Path, *arguments: str) -> str:
    command = shutil.which("certutil")
    if command is None:
        raise CertificateNotTrusted(
            "certutil is needed to make the browser trust the CA: install the package "
            f"libnss3-tools (Debian, Ubuntu) or nss-tools (Fedora), or run `{INSTALL_COMMAND}`."
        )
    done = subprocess.run(  # noqa: S603 -- called from here only, no shell
        (command, "-d", f"sql:{database}", *arguments),
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=60,
    )
    if done.returncode != 0:
        raise CertificateNotTrusted(f"certutil {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout
