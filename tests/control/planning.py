"""Planning faults over HTTP, and seeing how often they fired."""

from typing import Any

from tests.visiting import LOGIN, PASSWORD, Visitor

CREDENTIALS = {"username": LOGIN, "password": PASSWORD}


async def plan_faults(visitor: Visitor, *faults: dict[str, Any]) -> list[dict[str, Any]]:
    """Plan faults; what the org says of each."""
    answer = await visitor.ask("POST", "/_mock/faults", json=list(faults))
    assert answer.status == 200, answer.text
    planned: list[dict[str, Any]] = answer.json()["faults"]
    return planned


async def counts_of(visitor: Visitor) -> list[tuple[int, int]]:
    """How often each fault has fired, and how often it still will."""
    shown = (await visitor.ask("GET", "/_mock/faults")).json()["faults"]
    return [(each["fired"], each["left"]) for each in shown]


async def statuses_of(visitor: Visitor, *paths: str) -> list[int]:
    return [(await visitor.ask("GET", path)).status for path in paths]
