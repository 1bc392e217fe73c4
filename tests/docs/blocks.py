"""The blocks of code on the pages of the documentation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
_BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True)
class Block:
    """A block of code: which page it is on and where, its language, its title, its text."""

    page: str
    number: int
    language: str
    title: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.page}:{self.number}"


def blocks(language: str | None = None, page: str | None = None) -> list[Block]:
    """Return all blocks, or those in a language, or those of a page."""
    return [
        each for each in _all() if language in (None, each.language) and page in (None, each.page)
    ]


def titled(page: str, title: str) -> str:
    """Return the text of a page's block of that title."""
    (found,) = (each.text for each in blocks(page=page) if each.title == title)
    return found


def blocks_of(path: Path, language: str) -> list[Block]:
    """Return a document's blocks in a language; the README is one, though no page of the docs."""
    return [each for each in _in(path) if each.language == language]


def _all() -> Iterator[Block]:
    for path in PAGES:
        yield from _in(path)


def _in(path: Path) -> Iterator[Block]:
    page = path.relative_to(DOCS if path.is_relative_to(DOCS) else ROOT).as_posix()
    for number, found in enumerate(_BLOCK.finditer(path.read_text(encoding="utf-8"))):
        title = _TITLE.search(found[2])
        yield Block(page, number, found[1], title[1] if title else "", found[3])
