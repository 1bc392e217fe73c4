"""No word that a reader has to look up: in docs, docstrings, messages and the names of tests."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "mock_okta",
    "harness",
    "harness-js/src",
    "demo_app",
    "tests",
    "docs",
    "bench",
    "mutants",
)
KINDS = {".py", ".md", ".ts", ".html", ".js", ".yaml", ".yml"}
OLD = re.compile(
    r"(?<![a-z])(whoever|whomever|whosoever|whence|thence|wherein|whereof|wherefore|thereof|therein"
    r"|hitherto|henceforth|forthwith|lest|nought|aught|perchance|betwixt|wanting|such a one"
    r"|of its own accord)(?![a-z])",
    re.IGNORECASE,
)


def files() -> Iterator[Path]:
    yield from ROOT.glob("*.md")
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in KINDS and "node_modules" not in path.parts:
                yield path


def old_words(path: Path) -> Iterator[str]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for found in OLD.finditer(line.replace("_", " ")):
            yield f"{path}:{number}: {found[0]}"


def test_words_are_those_of_today() -> None:
    found = [each for path in files() if path != Path(__file__) for each in old_words(path)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("line", ["def test_whoever_denies() -> None:", "Lest it be lost."])
def test_an_old_word_is_found_also_in_a_name(tmp_path: Path, line: str) -> None:
    path = tmp_path / "some.py"
    path.write_text(line)
    assert len(list(old_words(path))) == 1
