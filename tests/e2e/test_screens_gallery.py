"""The walks together: between them they store a picture of every screen, in both versions."""

import importlib
from pathlib import Path

import pytest

from tests.e2e.gallery import SCREENS, SCREENS_OF_7, promised
from tests.e2e.screens import WIDGETS

MODULES = sorted(Path(__file__).parent.glob("test_screens_*.py"))


def marks() -> list[pytest.Mark]:
    """What all walks promise to store."""
    modules = [importlib.import_module(f"tests.e2e.{module.stem}") for module in MODULES]
    walks = [walk for module in modules for walk in vars(module).values()]
    each = [mark for walk in walks for mark in getattr(walk, "pytestmark", ())]
    return [mark for mark in each if mark.name == "shows"]


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_walks_store_a_picture_of_every_screen(widget: str) -> None:
    stored = [screen for mark in marks() for screen in promised(mark, widget)]
    wanted = {*SCREENS, *(SCREENS_OF_7 if widget.startswith("7.") else ())}
    assert sorted(stored) == sorted(wanted)
