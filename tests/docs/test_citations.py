"""Every citation of a fact about Okta leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CITATION = re.compile(r"\bfacts/(oauth|classic|identity)\s+([A-I](?:\.\d+)?)\b")
FOLDERS = ("mock_okta", "harness", "demo_app", "bench", "docs", "tests")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def _files() -> list[Path]:
    found = [ROOT / page for page in PAGES]
    for folder in FOLDERS:
        found += [p for p in (ROOT / folder).rglob("*") if p.suffix in {".py", ".md", ".html"}]
    return found


def _sections(page: str) -> set[str]:
    text = (ROOT / "docs" / "facts" / f"{page}.md").read_text()
    return set(re.findall(r"^##+ ([A-I](?:\.\d+)?)\b", text, re.MULTILINE))


def _cited() -> list[tuple[str, str, str]]:
    return [
        (str(path.relative_to(ROOT)), page, section)
        for path in _files()
        for page, section in CITATION.findall(path.read_text())
    ]


def test_every_section_that_is_cited_is_there() -> None:
    sections = {page: _sections(page) for page in ("oauth", "classic", "identity")}
    cited = _cited()
    assert len(cited) > 100
    assert [each for each in cited if each[2] not in sections[each[1]]] == []


@pytest.mark.parametrize("page", ["oauth", "classic", "identity"])
def test_every_section_names_a_source(page: str) -> None:
    text = (ROOT / "docs" / "facts" / f"{page}.md").read_text()
    parts = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    known = re.compile(r"Sources?:|[Ss]een\.|Inferred|error table|Reference\.")
    assert [part.splitlines()[0] for part in parts if not known.search(part)] == []


def test_no_citation_leads_to_a_text_that_is_not_here() -> None:
    old = re.compile(r"\b[Cc]ontract [A-I](?:\.\d+)?\b")
    assert [str(path) for path in _files() if old.search(path.read_text())] == []
