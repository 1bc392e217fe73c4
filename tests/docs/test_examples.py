"""The examples of the documentation work as they stand there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from mock_okta.seed import parse_seed

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(language: str) -> Iterator[object]:
    """The blocks in a language, each named by its page and where it is in it."""
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for number, found in enumerate(BLOCK.finditer(text)):
            if found[1] == language:
                name = f"{path.relative_to(ROOT).as_posix()}:{number}"
                yield pytest.param(found[2], id=name)


def test_there_are_examples() -> None:
    assert list(examples("python"))
    assert list(examples("yaml"))


@pytest.mark.parametrize("example", examples("python"))
def test_python_runs(
    example: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block with tests is a test file, or with fixtures and tests one; any other is a script."""
    if "def test_" not in example:
        monkeypatch.chdir(pytester.path)
        exec(compile(example, "example", "exec"), {"__name__": "example"})  # noqa: S102 -- ours
        return
    pytester.makepyfile(example)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly")
    outcomes = result.parseoutcomes()
    assert set(outcomes) == {"passed"}, outcomes


@pytest.mark.parametrize("example", examples("yaml"))
def test_seeds_are_seeds(example: str) -> None:
    """Blocks of YAML are seeds, but for those that are a CI's or a container's own files."""
    document = yaml.safe_load(example)
    if not {"users", "clients", "org"} & set(document):
        assert {"jobs", "services", "test"} & set(document)
        return
    parse_seed(document)
