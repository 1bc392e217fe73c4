"""The plugin beside a project's older packages, with an org in another environment."""

import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from mock_okta import MockOkta
from tests.docs.blocks import DOCS, ROOT, blocks

PATIENCE = 240
OLD = ("pytest==7.4.4", "aiohttp==3.8.6")
TESTS = """
from mock_okta_harness.builders import a_user


def test_the_org_is_driven(okta_url, okta_control, okta_user):
    okta_control.seed(a_user("second@example.com"), okta_user)
    assert [user.login for user in okta_control.org().users if user.login.startswith("second")]
    assert okta_url.startswith("http")


def test_the_org_is_reset(okta_control):
    assert not [user for user in okta_control.org().users if user.login.startswith("second")]
"""


def test_the_page_names_the_bounds_of_the_package() -> None:
    page = (DOCS / "stacks/python.md").read_text("utf-8")
    sentence = page.partition("these versions and newer ones:")[2].partition("`pyproject.toml`")[0]
    named = re.findall(r"([\w-]+) (\d+(?:\.\d+)*)", sentence)
    assert len(named) == 7
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    bounds = {each.partition(";")[0].strip().lower() for each in wanted}
    assert {f"{name}>={version}".lower() for name, version in named} <= bounds


@pytest.mark.network
@pytest.mark.process
def test_a_project_with_older_packages_drives_the_org(tmp_path: Path) -> None:
    python = tmp_path / "environment" / "bin" / "python"
    subprocess.run((sys.executable, "-m", "venv", tmp_path / "environment"), check=True)
    subprocess.run((python, "-m", "pip", "install", "--quiet", *OLD), check=True)
    (tmp_path / "test_app.py").write_text(TESTS)
    (block,) = (each for each in blocks("console") if "--no-deps" in each.text)
    with MockOkta() as org:
        put_in = {
            "../mock_okta": str(ROOT),
            "http://localhost:8700": org.url,
            "python": str(python),
        }
        for line in block.text.splitlines():
            words = [put_in.get(word, word) for word in line.removeprefix("$ ").split()]
            done = subprocess.run(
                words,
                check=False,
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=PATIENCE,
            )
            assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
