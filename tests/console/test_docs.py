"""The docs show each room of the console, by pictures that load fast."""

from pathlib import Path

import pytest

from mock_okta.console.rooms import ROOMS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("room", [room.name for room in ROOMS])
def test_the_docs_show_the_room(room: str) -> None:
    picture = DOCS / "images" / f"console-{room}.png"
    assert f"(../images/{picture.name})" in (DOCS / "how-to" / "console.md").read_text("utf-8")
    octets = picture.read_bytes()
    assert octets.startswith(b"\x89PNG")
    assert len(octets) < 100_000
