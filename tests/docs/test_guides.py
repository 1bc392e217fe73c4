"""`nox -s guides` knows every guide; it runs them, outside the tests."""

import re
from pathlib import Path

import pytest

from docs._reference.guides import CHECKS, GUIDES

PAGES = sorted(GUIDES.glob("*.md"))


def test_every_guide_is_run() -> None:
    assert sorted(CHECKS) == [path.stem for path in PAGES]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_guide_says_when_it_was_last_run(path: Path) -> None:
    assert re.search(r"Last run on \d+ \w+ 20\d\d\b", path.read_text(encoding="utf-8"))
