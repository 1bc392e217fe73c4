"""The walks together: they store a picture of every screen, in the oldest and newest version."""

import importlib
from pathlib import Path

import pytest

from tests.e2e.gallery import SCREENS, SCREENS_OF_7, SCREENS_SINCE_3, promised
from tests.e2e.releases import ENDS, OLDEST

MODULES = sorted(Path(__file__).parent.glob("test_screens_*.py"))


def marks(widget: str) -> list[pytest.Mark]:
    """What all walks with that release promise to store."""
    modules = [importlib.import_module(f"tests.e2e.{module.stem}") for module in MODULES]
    walks = [walk for module in modules for walk in vars(module).values()]
    found = []
    for walk in walks:
        named = {mark.name: mark for mark in getattr(walk, "pytestmark", ())}
        if "shows" in named and widget in named["parametrize"].args[1]:
            found.append(named["shows"])
    return found


@pytest.mark.parametrize("widget", ENDS)
def test_the_walks_store_a_picture_of_every_screen(widget: str) -> None:
    stored = [screen for mark in marks(widget) for screen in promised(mark, widget)]
    wanted = {
        *SCREENS,
        *(() if widget == OLDEST else SCREENS_SINCE_3),
        *(SCREENS_OF_7 if widget.startswith("7.") else ()),
    }
    assert sorted(stored) == sorted(wanted)
