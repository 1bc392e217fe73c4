"""Installs a browser, and certutil on Linux: `mock-okta browser install`."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys

from mock_okta_harness.browser import BrowserChoice, BrowserNotFound, find_browser

__all__ = ["install"]

DOWNLOAD_SECONDS = 900
START_SECONDS = 60


def install() -> BrowserChoice:
    """Return the browser of this machine, install one if there is none, and print which.

    On Linux certutil is installed too. Raises BrowserNotFound if no browser could be installed.
    """
    choice = _first_that_starts()
    if choice is None:
        raise BrowserNotFound(
            "No browser could be installed: install Google Chrome, Microsoft Edge or Chromium."
        )
    _say(f"Browser: {choice.name} ({choice.path})")
    _get_certutil()
    return choice


def _first_that_starts() -> BrowserChoice | None:
    choice = _found()
    for get in (_get_by_playwright, _get_by_apt):
        if choice is None:
            get()
            choice = _found()
    return choice


def _found() -> BrowserChoice | None:
    choice = find_browser()
    return choice if choice is not None and _starts(choice) else None


def _starts(choice: BrowserChoice) -> bool:
    """Whether the browser starts: system libraries may be missing."""
    if platform.system() != "Linux":
        return True  # they need no system libraries, and on Windows --version would open a window
    done = subprocess.run(  # noqa: S603 -- an executable that was found
        (choice.path, "--version"),
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        timeout=START_SECONDS,
    )
    if done.returncode != 0:
        _say(f"{choice.name} ({choice.path}) does not start: {done.stderr.strip()}")
    return done.returncode == 0


def _get_by_playwright() -> None:
    if importlib.util.find_spec("playwright") is None:
        _say("Playwright is not installed, so it cannot install its browser.")
        return
    _say("No browser is installed: installing Playwright's own …")
    if not _run(sys.executable, "-m", "playwright", "install", "chromium"):
        _say("Playwright could not install its browser: see its output above.")


def _get_by_apt() -> None:
    _say("Trying the distribution's chromium …")
    if not _is_root_on_debian():
        _say("That works only as root on Debian, with apt-get.")
    elif not _apt_installs("chromium"):
        _say("apt-get could not install chromium: see its output above.")


def _get_certutil() -> None:
    """Install certutil, or print that it is missing: only HTTPS tests need it."""
    if platform.system() != "Linux" or shutil.which("certutil"):
        return
    if not (_is_root_on_debian() and _apt_installs("libnss3-tools")):
        _say(
            "certutil could not be installed, so the browser will not trust the org's CA: "
            "for HTTPS tests install libnss3-tools (Debian, Ubuntu) or nss-tools (Fedora)."
        )


def _is_root_on_debian() -> bool:
    """Whether this is root on Debian: Ubuntu's chromium is a snap, which containers cannot run."""
    if platform.system() != "Linux" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def _apt_installs(package: str) -> bool:
    return _run("apt-get", "update") and _run(
        "apt-get", "install", "--yes", "--no-install-recommends", package
    )


def _run(*command: str) -> bool:
    """Run the command and show its output; return whether it succeeded in time."""
    try:
        done = subprocess.run(  # noqa: S603 -- called from here only, no shell
            command,
            check=False,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            timeout=DOWNLOAD_SECONDS,
        )
    except subprocess.TimeoutExpired:
        _say(f"{' '.join(command)} took more than {DOWNLOAD_SECONDS} seconds.")
        return False
    return done.returncode == 0


def _say(text: str) -> None:
    print(text, flush=True)  # at once, before the output of started programs
