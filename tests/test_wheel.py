"""What users install: the server, the harness and the demo app; the tests stay here."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest

from mock_okta.browser.widget.releases import DIRECTORY_VARIABLE, default_directory

ROOT = Path(__file__).parent.parent
PATIENCE = 300

pytestmark = [pytest.mark.network, pytest.mark.process]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = ("-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    subprocess.run((sys.executable, *build), check=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a new environment has its commands. It has the wheel, and what this one has beside.

    A `.pth` file is read in site-packages alone: the path to this checkout does not come along.
    """
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run((sys.executable, "-m", "venv", str(folder)), check=True)
    names = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", scheme="venv", vars=names))
    (packages / "others.pth").write_text(sysconfig.get_path("purelib"))
    commands = Path(sysconfig.get_path("scripts", scheme="venv", vars=names))
    install = ("-m", "pip", "install", "--quiet", "--no-deps", "--ignore-installed", str(wheel))
    subprocess.run((commands / "python", *install), check=True)
    return commands


def ran(words: Sequence[Path | str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of a user elsewhere, who has the widget already."""
    usual = {k: v for k, v in os.environ.items() if not k.startswith(("MOCK_OKTA", "PYTHON"))}
    return subprocess.run(
        words,
        check=False,
        capture_output=True,
        cwd=folder,
        env=usual | {DIRECTORY_VARIABLE: str(default_directory())},
        text=True,
        timeout=PATIENCE,
    )


def test_the_wheel_holds_the_three_packages_and_nothing_else(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"mock_okta", "mock_okta_demo", "mock_okta_harness"}
    assert "mock_okta/web/templates/sign_in.html" in names
    assert "mock_okta_demo/templates/base.html" in names
    assert "mock_okta/py.typed" in names
    not_ours = (".pem", ".js", ".map", ".pyc")
    scripts = {name for name in names if name.endswith(not_ours)}
    folders = {
        "mock_okta_demo/static": ROOT / "demo_app" / "mock_okta_demo" / "static",
        "mock_okta/console/assets": ROOT / "mock_okta" / "console" / "assets",
    }
    ours = {
        f"{name}/{script.name}" for name, place in folders.items() for script in place.glob("*.js")
    }
    assert scripts == ours


def test_the_commands_of_the_harness_come_with_the_wheel(scripts: Path, tmp_path: Path) -> None:
    where = "import mock_okta, mock_okta_demo as d, mock_okta_harness as h; print(d, h, mock_okta)"
    assert str(ROOT) not in ran((scripts / "python", "-c", where), tmp_path).stdout
    for name in ("browser", "demo", "gallery", "record"):
        done = ran((scripts / "mock-okta", name, "--help"), tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"Usage: mock-okta {name} ")


@pytest.mark.browser
def test_the_demo_runs_where_only_the_wheel_is(scripts: Path, tmp_path: Path) -> None:
    done = ran((scripts / "mock-okta", "demo", "--out", "left"), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all 10 steps" in done.stdout
    assert (tmp_path / "left" / "tokens.json").is_file()
