"""The walks together: they show every screen of the gallery, in the oldest and newest release."""

import importlib
from pathlib import Path

import pytest

from mock_okta_harness.gallery import classic
from tests.e2e.releases import ENDS, NEWEST, OLDEST
from tests.e2e.shown import promised

# Screens that a release lacks.
LACKING = {OLDEST: classic.SINCE_7 | {"mfa-verify-push-number"}, NEWEST: frozenset[str]()}

MODULES = sorted(Path(__file__).parent.glob("test_screens_*.py"))


def marks(widget: str) -> list[pytest.Mark]:
    """What all walks with that release promise to show."""
    modules = [importlib.import_module(f"tests.e2e.{module.stem}") for module in MODULES]
    walks = [walk for module in modules for walk in vars(module).values()]
    found = []
    for walk in walks:
        named = {mark.name: mark for mark in getattr(walk, "pytestmark", ())}
        if "shows" in named and widget in named["parametrize"].args[1]:
            found.append(named["shows"])
    return found


@pytest.mark.parametrize("widget", ENDS)
def test_the_walks_show_every_screen_of_the_gallery(widget: str) -> None:
    shown = [screen for mark in marks(widget) for screen in promised(mark, widget)]
    wanted = {screen for screens in classic.WALKS.values() for screen in screens}
    assert sorted(shown) == sorted(wanted - LACKING[widget])
