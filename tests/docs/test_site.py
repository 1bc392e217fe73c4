"""The documentation site: it builds strictly, says what the code says, loads nothing foreign."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from mock_okta import Config
from mock_okta.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `nox -s docs` builds it."""
    built = tmp_path_factory.mktemp("site")
    run = subprocess.run(
        (sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(built)),
        check=False,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return built


def page(site: Path, path: str) -> str:
    return (site / path / "index.html").read_text(encoding="utf-8")


def test_every_setting_has_its_row(site: Path) -> None:
    configuration = page(site, "reference/configuration")
    for name in Config.__dataclass_fields__:
        assert f"<code>{name}</code></td>" in configuration


def test_every_command_is_shown(site: Path) -> None:
    shown = page(site, "reference/command-line")
    for name in main.list_commands(click.Context(main)):
        assert f"mock-okta {name}" in shown


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("reference/seed", "SeedSignOnRule"),
        ("reference/fixtures", "okta_org"),
        ("reference/page-objects", "SignInPage"),
        ("reference/control-api", "POST /_mock/clock/advance"),
        ("reference/coverage", "/api/v1/authn/factors/{factor_id}/verify"),
        ("reference/deviations", "cleared by signing out alone|Here only a sign-out does"),
    ],
)
def test_reference_pages_come_from_the_code(site: Path, path: str, words: str) -> None:
    assert re.search(words if "|" in words else re.escape(words), page(site, path))


def test_every_route_and_fixture_says_what_it_is(site: Path) -> None:
    for path in ("coverage", "fixtures"):
        assert page(site, f"reference/{path}").count("<td>") > 20
        assert "<td></td>" not in page(site, f"reference/{path}")


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    foreign = re.compile(r"""<(?:script|link|img)\b[^>]*?(?:src|href)=["']?(?:https?:)?//""")
    for html in site.rglob("*.html"):
        assert foreign.search(html.read_text(encoding="utf-8")) is None, html
