"""The table of the widget's features by release: it is whole, it is what the docs say."""

import importlib
import re
from pathlib import Path

import pytest

from mock_okta.browser.widget.releases import Releases, default_directory
from tests.e2e.releases import FEATURES, LACKING, NEWEST, OLDEST, TRIED

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "widget.md"
MODULES = sorted(Path(__file__).parent.glob("test_*.py"))


def test_every_feature_is_tried_on_the_oldest_and_on_the_newest_release_that_has_it() -> None:
    for feature, releases in FEATURES.items():
        assert releases[-1] == NEWEST, feature
        assert (OLDEST in releases) != (feature in LACKING), feature


def test_every_feature_has_a_walk() -> None:
    for module in MODULES:
        importlib.import_module(f"tests.e2e.{module.stem}")
    assert set(FEATURES) == TRIED


def test_the_docs_have_the_table() -> None:
    rows = re.findall(r"^\| (.+) \|$", PAGE.read_text(), re.MULTILINE)
    cells = [row.split(" | ") for row in rows]
    assert cells[0] == ["feature", "tested on"]
    assert {name: tuple(tried.split(", ")) for name, tried in cells[2:]} == dict(FEATURES)


@pytest.mark.browser
@pytest.mark.parametrize(("feature", "word"), LACKING.items())
def test_what_the_oldest_release_lacks_is_in_the_next_one_alone(feature: str, word: str) -> None:
    releases = Releases(default_directory())
    has = {}
    for version in (OLDEST, FEATURES[feature][0]):
        release = releases.find(version)
        assert release is not None, f"run `mock-okta widget install {version}`"
        has[version] = word in (release / "js" / "okta-sign-in.min.js").read_text()
    assert list(has.values()) == [False, True]
