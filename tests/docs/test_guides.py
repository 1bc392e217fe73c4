"""`nox -s guides` knows every guide that it can run; it runs them, outside the tests."""

import re

import pytest

from docs._reference.guides import APPS, GUIDES, commands_of
from tests.docs.blocks import blocks

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
    assert tests == ["pytest --okta-url http://localhost:8700 test_app.py"]
