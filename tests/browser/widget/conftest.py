"""An empty folder of releases, and an npm that does what a test says."""

import os
import stat
from pathlib import Path

import pytest

from mock_okta.browser.widget.releases import Releases
from tests.browser.widget.packing import NpmDoes


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
