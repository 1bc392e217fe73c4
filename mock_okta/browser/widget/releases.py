"""Finds, installs and verifies releases of the widget."""

import asyncio
import base64
import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct
from platformdirs import user_cache_path

from mock_okta.browser.widget import npm
from mock_okta.browser.widget.failures import (
    IntegrityMismatch,
    InvalidIntegrity,
    InvalidVersion,
    NoHomeDirectory,
    NotAWidget,
    NotWritten,
    ReleaseError,
    UnsupportedVersion,
)
from mock_okta.web.hosted_pages import HostedWidget

__all__ = [
    "SUPPORTED",
    "VERSION",
    "OwnRelease",
    "ReleaseError",
    "Releases",
    "default_directory",
    "speaks_identity_engine",
]

PACKAGE = "@okta/okta-signin-widget"
DIRECTORY_VARIABLE = "MOCK_OKTA_WIDGET_DIR"

# Version -> integrity of its tarball, as the npm registry states it (`dist.integrity`).
SUPPORTED: Mapping[str, str] = MappingProxyType(
    {
        "2.21.0": "sha512-6nATfp+b+H6rYGUY7+brk4DZW+GzyN/zgizvKDVuSfmoR/zEUIL8Xys42K4HPdXA"
        "jso4uog95jhjEfIYKxAOCw==",
        "3.2.2": "sha512-hNgntR0zb8LV8fDeUK0qbzKBU7CalMFhnb/q0xCyHwBGQRlWtHetGyD95ulBb65t"
        "plWu60OEEhjJuOBRa4LnHQ==",
        "5.16.1": "sha512-GNWrSTyp+Mv/ecHljFZMhXdv/qbd8x7s0RbOxPbaVWwd3Pg8e/H+7bMZ/fjsD49n"
        "thXQxakI/ITkpctnSUD1MQ==",
        "7.49.0": "sha512-0PPkPdFP6sQo3nOJGLaPvFXLso2mQ9JHihwN3WCGQGxuAJHVis5sx/8uMdF2x8VE"
        "TaQK8a4vTUuEN6VtZ+m2FQ==",
    }
)

# Only these reach npm's command line or a path.
VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){2}(-[0-9A-Za-z]+([.-][0-9A-Za-z]+)*)?")
INTEGRITY = re.compile(r"sha512-[0-9A-Za-z+/]{86}==")
MAIN_SCRIPT = Path("js", "okta-sign-in.min.js")
_FIRST_FOR_IDENTITY_ENGINE = 7
# Script and style sheet for the Identity Engine, by generation. The second generation's script is
# the one for both engines.
_FILES: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        2: (MAIN_SCRIPT.as_posix(), "css/okta-sign-in.min.css"),
        3: ("js/okta-sign-in.next.js", "css/okta-sign-in.next.css"),
    }
)
INTEGRITY_FILE = "INTEGRITY"
LICENSES = frozenset({"LICENSE", "THIRD-PARTY-NOTICES"})


def default_directory() -> Path:
    """Return MOCK_OKTA_WIDGET_DIR, else this project's folder in the user's cache directory."""
    named = os.environ.get(DIRECTORY_VARIABLE)
    if named:
        return Path(named).absolute()
    try:
        place = user_cache_path("mock_okta", appauthor=False)
        # A relative XDG_CACHE_HOME, which is to be ignored; platformdirs does so from 4.14 on.
        place = place if place.is_absolute() else Path.home() / ".cache" / "mock_okta"
    except RuntimeError as error:
        raise NoHomeDirectory(DIRECTORY_VARIABLE) from error
    return place / "widget"


def speaks_identity_engine(version: str) -> bool:
    """Return whether the release signs in by the Identity Engine unless it is told not to.

    Those before 7.0.0 do so only when they are told to (widget, `MIGRATING.md`).
    """
    return int(version.partition(".")[0]) >= _FIRST_FOR_IDENTITY_ENGINE


class Releases(Struct, frozen=True):
    """The releases in `directory`, one directory per version; npm may take up to `timeout`."""

    directory: Path
    timeout: timedelta = timedelta(minutes=5)

    def installed(self) -> tuple[str, ...]:
        """Return the installed versions, oldest first."""
        if not self.directory.is_dir():
            return ()
        names = (path.name for path in self.directory.iterdir())
        return tuple(sorted(filter(self.find, names), key=_in_order))

    def find(self, version: str) -> Path | None:
        """Return the directory of `version` (js, css, font, img, labels), if it is installed."""
        if not VERSION.fullmatch(version):
            return None
        release = self.directory / version
        return release if (release / MAIN_SCRIPT).is_file() else None

    def install(self, version: str, integrity: str | None = None) -> Path:
        """Return the directory of `version`; install it from the npm registry if it is missing.

        A version without a pinned integrity needs `integrity`. Raises ReleaseError, and then leaves
        nothing behind.
        """
        _check(version, integrity)
        release = self.find(version)
        if release is not None:
            _is_the_release_asked_for(release, integrity)
            return release
        expected = _expected(version, integrity)
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            return self._fetch(version, expected)
        except OSError as error:
            raise NotWritten(self.directory, error.strerror or error) from error

    def _fetch(self, version: str, expected: str) -> Path:
        with tempfile.TemporaryDirectory(prefix=".installing-", dir=self.directory) as work:
            downloads = Path(work, "npm")
            downloads.mkdir()
            tarball = npm.pack(f"{PACKAGE}@{version}", downloads, self.timeout)
            actual = _integrity(tarball)
            if actual != expected:
                raise IntegrityMismatch(version, actual, expected)
            unpacked = Path(work, version)
            _unpack(tarball, unpacked)
            (unpacked / INTEGRITY_FILE).write_text(expected + "\n", "ascii")
            return self._settle(unpacked)

    def _settle(self, unpacked: Path) -> Path:
        """Move the release to its place in one step, unless another installation was faster."""
        release = self.directory / unpacked.name
        try:
            unpacked.rename(release)
        except OSError:
            if self.find(unpacked.name) is None:
                raise
        return release


class OwnRelease(Struct, frozen=True, kw_only=True):
    """The release on the org's own pages; `generation`: for sign-ins by the Identity Engine."""

    releases: Releases
    version: str
    generation: int

    async def installed(self) -> HostedWidget | None:
        """Return it as pages load it; None while it is not installed."""
        if await asyncio.to_thread(self.releases.find, self.version) is None:
            return None
        script, style = _FILES[self.generation]
        return HostedWidget(
            folder=f"/okta-signin-widget/{self.version}", script=script, style=style
        )


def _in_order(version: str) -> tuple[tuple[int, ...], bool, str]:
    """Sort key: by number, a pre-release before its release."""
    numbers, _, prerelease = version.partition("-")
    return tuple(map(int, numbers.split("."))), not prerelease, prerelease


def _check(version: str, integrity: str | None) -> None:
    if not VERSION.fullmatch(version):
        raise InvalidVersion(version)
    if integrity is not None and not INTEGRITY.fullmatch(integrity):
        raise InvalidIntegrity(integrity)


def _is_the_release_asked_for(release: Path, integrity: str | None) -> None:
    recorded = release / INTEGRITY_FILE
    if integrity is None or not recorded.is_file():
        return
    actual = recorded.read_text("ascii").strip()
    if actual != integrity:
        raise IntegrityMismatch(release.name, actual, integrity)


def _expected(version: str, integrity: str | None) -> str:
    expected = integrity or SUPPORTED.get(version)
    if expected is None:
        raise UnsupportedVersion(version, SUPPORTED)
    return expected


def _integrity(tarball: Path) -> str:
    with tarball.open("rb") as content:
        digest = hashlib.file_digest(content, "sha512").digest()
    return f"sha512-{base64.b64encode(digest).decode('ascii')}"


def _unpack(tarball: Path, into: Path) -> None:
    """Unpack the files that a browser loads, and the licences: only regular files.

    This does not use tarfile's `data` filter, which needs Python 3.11.4.
    """
    import tarfile  # noqa: PLC0415 -- an org that starts needs none of it

    try:
        with tarfile.open(tarball, "r:gz") as archive:
            for member in archive:
                place = _place(member.name)
                content = archive.extractfile(member) if member.isfile() else None
                if place is not None and content is not None:
                    target = into / place
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content.read())
    except (tarfile.TarError, EOFError) as error:
        raise NotAWidget(f"{PACKAGE}@{into.name}, a broken tarball ({error}),") from error
    if not (into / MAIN_SCRIPT).is_file():
        raise NotAWidget(f"{PACKAGE}@{into.name}")


def _place(name: str) -> Path | None:
    """Return the path for a member of the tarball, or None if it is left out."""
    parts = name.split("/")
    if any(part in {"", ".", ".."} or "\\" in part or ":" in part for part in parts):
        return None
    match parts:
        case ["package", file] if file in LICENSES:
            return Path(file)
        case ["package", "dist", folder, *_] if folder != "sass" and not name.endswith(".map"):
            return Path(*parts[2:])
    return None
