"""Releases of the widget: found, installed by npm, verified."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mock_okta.browser.widget.failures import (
    IntegrityMismatch,
    InvalidIntegrity,
    InvalidVersion,
    NoHomeDirectory,
    NotAWidget,
    NotWritten,
    UnsupportedVersion,
)
from mock_okta.browser.widget.releases import SUPPORTED, Releases, default_directory
from tests.browser.widget.packing import (
    ANY_INTEGRITY,
    CONTENT,
    NpmDoes,
    files_in,
    integrity_of,
    tarball,
)

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="npm is played by a shell script"),
    pytest.mark.process,
]


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
