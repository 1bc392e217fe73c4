"""The page of errors quotes the org as it speaks."""

import ast
import re
from functools import cache

import pytest

from tests.docs.blocks import DOCS, ROOT

PAGE = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
(OF_THE_ORG,) = re.findall(r"^## The org says$(.*?)^## ", PAGE, re.MULTILINE | re.DOTALL)
QUOTED = re.findall(r"^### `(.+)`$", OF_THE_ORG, re.MULTILINE)


@cache
def spoken() -> list[str]:
    """All texts of the org's code; `…` stands for what an f-string puts in."""
    found = []
    for path in (ROOT / "mock_okta").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Constant(value=str(text)):
                    found.append(text)
                case ast.JoinedStr(values=parts):
                    found.append("".join(_part(each) for each in parts))
    return found


def _part(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else "…"


@pytest.mark.parametrize("text", QUOTED)
def test_a_text_of_the_org_is_one_that_it_says(text: str) -> None:
    assert any(text in each for each in spoken())


def test_the_page_has_many() -> None:
    assert len(QUOTED) > 15
