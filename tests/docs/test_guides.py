"""`nox -s guides` knows every guide that it can run; it runs them, outside the tests."""

import re

import pytest

from docs._reference.guides import APPS, GUIDES, commands_of
from mock_okta.model.seed import default_seed
from tests.docs.blocks import DOCS, blocks

PAGES = sorted(GUIDES.glob("*.md"))
BY_TEXT_ONLY = {"dotnet"}


def test_every_guide_is_run() -> None:
    assert {*APPS, *BY_TEXT_ONLY} == {path.stem for path in PAGES}


@pytest.mark.parametrize("name", sorted(APPS))
def test_a_guide_says_when_it_was_last_run(name: str) -> None:
    words = " ".join((GUIDES / f"{name}.md").read_text(encoding="utf-8").split())
    assert re.search(r"Last run on \d+ \w+ 20\d\d\b", words)


@pytest.mark.parametrize("name", sorted(BY_TEXT_ONLY))
def test_a_guide_that_is_not_run_says_so(name: str) -> None:
    assert "Not run:" in (GUIDES / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(APPS))
def test_a_guide_serves_the_app_and_tests_it(name: str) -> None:
    lines = [
        line for block in blocks("console", f"guides/{name}.md") for line in block.text.splitlines()
    ]
    _, served, tests = commands_of(lines)
    assert "--port 8700" in served
    assert "--redirect-uri" not in served  # the default org has the framework's
    assert tests == ["pytest --okta-url http://localhost:8700 test_app.py"]


URI = r"https?://localhost:\d+/[\w./-]*"


def test_the_default_org_has_the_redirect_uris_of_frameworks_and_the_page_lists_them() -> None:
    page = (DOCS / "how-to/app.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .+ \| (.+) \|$", page, re.MULTILINE)
    listed = {uri for row in rows for uri in re.findall(f"`({URI})`", row)}
    (usual,) = re.findall(r"^So are (.+?) at each of the ports\n(.+?), for", page, re.MULTILINE)
    paths, ports = re.findall("`(.+?)`", usual[0]), re.findall(r"\d+", usual[1])
    listed |= {
        f"{s}://localhost:{port}{p}" for s in ("http", "https") for port in ports for p in paths
    }
    for client in default_seed().clients:
        if client.type != "service":
            bare = {uri for uri in client.login_redirect_uris if uri.count("/") == 2}
            assert set(client.login_redirect_uris) - bare == listed
