"""What the README shows works as it stands there."""

import re
from pathlib import Path

import pytest
import yaml

from mock_okta.browser.widget.releases import DIRECTORY_VARIABLE, default_directory
from mock_okta.model.seed import parse_seed

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
PYTHON = [text for language, text in BLOCKS if language == "python"]
# Before pytester changes the home directory.
WIDGETS = default_directory()


def test_the_python_example_runs() -> None:
    (example,) = (text for text in PYTHON if "def test_" not in text)
    exec(compile(example, "README.md", "exec"), {"__name__": "readme"})  # noqa: S102 -- ours


@pytest.mark.browser
def test_the_pytest_example_passes(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = (text for text in PYTHON if "def test_" in text)
    # Pytester's home is an empty one, and the widget is installed in the user's.
    monkeypatch.setenv(DIRECTORY_VARIABLE, str(WIDGETS))
    pytester.makepyfile(example)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2)


def test_the_seed_is_one() -> None:
    (example,) = (text for language, text in BLOCKS if language == "yaml")
    seed = parse_seed(yaml.safe_load(example))
    assert [client.client_id for client in seed.clients] == ["0oa1myapp000000000h7"]


def test_its_two_commands_are_those_that_the_gate_runs() -> None:
    commands = [text.strip() for language, text in BLOCKS if language == "console"]
    gated = re.compile(r"python3 -m venv \.venv && .+ -s (demo|tests)")
    assert [found[1] for c in commands if (found := gated.fullmatch(c))] == ["demo", "tests"]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_what_it_links_to_is_there(target: str) -> None:
    assert (ROOT / target).is_file()
