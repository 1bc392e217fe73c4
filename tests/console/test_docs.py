"""The docs show each room of the console, by pictures that load fast, and what its rooms say."""

import json
import re
from importlib.resources import files
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


def test_the_docs_name_the_variables_of_each_stack_as_the_console_does() -> None:
    source = files("mock_okta.console") / "assets" / "home.js"
    found = re.search(r"STACKS = (\{.*?\n\});", source.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    page = (DOCS / "stacks" / "run.md").read_text(encoding="utf-8")
    table = page.partition("| stack |")[2].partition("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip(" `") for cell in row.strip("|").split("|")] for row in table]
    keys = ("issuer", "client_id", "client_secret")
    assert rows == [
        [stack, *(names.get(key, "") for key in keys)]
        for stack, names in json.loads(found[1]).items()
    ]
