"""The examples of the documentation work as they stand there."""

import re
from collections import defaultdict

import pytest
import yaml
from _pytest.mark import ParameterSet

from mock_okta.browser.widget.releases import DIRECTORY_VARIABLE, default_directory
from mock_okta.model.seed import parse_seed
from tests.docs.blocks import Block, blocks

# In the user's cache; but pytester's tests have a home of their own.
WIDGETS = str(default_directory())
# What an example has that opens a browser.
IN_A_BROWSER = re.compile(r"\b(page|signed_in_page)\b")
OF_OTHER_PROGRAMS = {"jobs", "services", "test"}
IS_TEST = "def test_"
HAS_AN_ORG_OF_ITS_OWN = "def okta_config("


# `nox -s guides` runs blocks with a title: an app's own files, and tests that need the app.
def runs() -> list[ParameterSet]:
    """Run a page's tests in one pytest run, one file each; tests with other orgs run alone."""
    found = defaultdict(list)
    for each in blocks("python"):
        if IS_TEST in each.text and not each.title:
            found[each.name if HAS_AN_ORG_OF_ITS_OWN in each.text else each.page].append(each)
    return [
        pytest.param(
            together,
            id=name,
            marks=[pytest.mark.browser]
            if any(IN_A_BROWSER.search(each.text) for each in together)
            else [],
        )
        for name, together in found.items()
    ]


def named(examples: list[Block]) -> list[ParameterSet]:
    return [pytest.param(each, id=each.name) for each in examples]


SCRIPTS = [each for each in blocks("python") if IS_TEST not in each.text and not each.title]


@pytest.mark.usefixtures("browser_of_users")
@pytest.mark.parametrize("tests", runs())
def test_tests_pass(
    tests: list[Block], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block with tests is a test file, with the fixtures that it has."""
    monkeypatch.setenv(DIRECTORY_VARIABLE, WIDGETS)
    pytester.makepyfile(**{f"test_block_{each.number}": each.text for each in tests})
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly")
    outcomes = result.parseoutcomes()
    assert set(outcomes) - {"warning", "warnings"} == {"passed"}, outcomes
    assert outcomes["passed"] >= len(tests)


@pytest.mark.parametrize("script", named(SCRIPTS))
def test_scripts_run(script: Block, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    exec(compile(script.text, script.name, "exec"), {"__name__": "example"})  # noqa: S102 -- ours


@pytest.mark.parametrize("example", named(blocks("yaml")))
def test_seeds_are_seeds(example: Block) -> None:
    """Blocks of YAML are seeds, but for those with a title: a CI's or a container's own files."""
    document = yaml.safe_load(example.text)
    if example.title:
        assert OF_OTHER_PROGRAMS & set(document)
    else:
        assert parse_seed(document).users
