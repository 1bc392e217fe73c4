"""The markers `okta_seed`, `okta_fault` and `okta_clock`, and errors in their arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from mock_okta_harness.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import NoReturn

    from mock_okta.control.schema import PlannedFault
    from mock_okta_harness.control import Control

__all__ = ["CLOCK", "MARKERS", "Marks", "has_marks", "register", "told_fault", "told_never_fired"]

SEED, FAULT, CLOCK = "okta_seed", "okta_fault", "okta_clock"
MARKERS = {
    f"{SEED}(*parts)": "adds these to the test's org: builders, mappings, or mock_okta's Seed",
    f"{FAULT}(*faults, must_fire=True)": "plans these faults in the test's org; one that "
    "does not fire fails the test, unless must_fire=False",
    f"{CLOCK}(at, frozen=False)": "sets the org's and the browser's time at the start",
}
_MOST_REQUESTS_TOLD = 10


def register(config: pytest.Config) -> None:
    """Register the markers."""
    for form, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{form}: {meaning}")


def has_marks(node: pytest.Item) -> bool:
    """Return whether a test has any of the markers."""
    return any(node.get_closest_marker(name) for name in (SEED, FAULT, CLOCK))


@dataclass(frozen=True)
class Marks:
    """The arguments of a test's markers; those of its module come before those of its class."""

    clock: tuple[datetime, bool] | None
    seeds: tuple[tuple[Any, ...], ...]
    faults: tuple[Fault, ...]
    must_fire: tuple[bool, ...]

    @classmethod
    def of(cls, node: pytest.Item) -> Marks:
        """Read a test's markers; for wrong arguments, fail the test and say what is right."""
        faults = [(fault, must) for mark in _marks(node, FAULT) for fault, must in _faults(mark)]
        clock = node.get_closest_marker(CLOCK)
        return cls(
            clock=None if clock is None else _clock(clock),
            seeds=tuple(tuple(_parts(mark)) for mark in _marks(node, SEED)),
            faults=tuple(fault for fault, _ in faults),
            must_fire=tuple(must for _, must in faults),
        )

    def apply(self, control: Control) -> tuple[PlannedFault, ...]:
        """Apply the markers; return the planned faults."""
        if self.clock is not None:
            at, frozen = self.clock
            _ = control.clock.freeze(at) if frozen else control.clock.set(at)
        for parts in (
            self.seeds
        ):  # one by one, so that an inner marker replaces the same key of an outer one
            control.seed(*parts)
        return control.plan_fault(*self.faults) if self.faults else ()


def told_never_fired(faults: Sequence[PlannedFault], control: Control) -> str:
    """Return a text about faults that did not fire, with the requests that were made."""
    requests = control.requests()[-_MOST_REQUESTS_TOLD:]
    asked = [request.headline for request in requests] or ["nothing"]
    return "\n".join(
        [
            "These faults of okta_fault did not fire (must_fire=False allows that):",
            *(f"  {told_fault(fault)}" for fault in faults),
            "The requests to the org:",
            *(f"  {each}" for each in asked),
        ]
    )


def told_fault(planned: PlannedFault) -> str:
    """Return a fault in one line: its kind and its settings."""
    settings = {name: value for name, value in planned.fault.items() if value and name != "kind"}
    told = ", ".join(f"{name}={value!r}" for name, value in settings.items())
    return f"{planned.fault['kind']}({told})"


def _marks(node: pytest.Item, name: str) -> Iterator[pytest.Mark]:
    """Yield the marks of that name, the module's before the class's before the test's own."""
    by_node = [list(level.own_markers) for level in node.listchain()]
    for marks in by_node:
        yield from (mark for mark in marks if mark.name == name)


def _parts(mark: pytest.Mark) -> Iterator[object]:
    if mark.kwargs or not mark.args:
        _refuse(mark, "parts of a seed, such as okta_seed(a_user().locked_out(), an_app())")
    for part in mark.args:
        fits = isinstance(part, Mapping) or hasattr(part, "seed_document")
        if not fits or isinstance(part, type):
            _refuse(mark, f"builders, mappings or mock_okta's Seed, not {part!r}")
        yield part


def _faults(mark: pytest.Mark) -> Iterator[tuple[Fault, bool]]:
    unknown = set(mark.kwargs) - {"must_fire"}
    must_fire = mark.kwargs.get("must_fire", True)
    if unknown or not mark.args or not isinstance(must_fire, bool):
        _refuse(mark, "faults, such as okta_fault(faults.status(503)), and must_fire=False")
    for fault in mark.args:
        if not isinstance(fault, Fault):
            _refuse(mark, f"faults of mock_okta_harness.faults, not {fault!r}")
        yield fault, must_fire


def _clock(mark: pytest.Mark) -> tuple[datetime, bool]:
    given: dict[str, Any] = {**dict(zip(("at", "frozen"), mark.args, strict=False)), **mark.kwargs}
    at, frozen = given.get("at"), given.get("frozen", False)
    too_many = len(mark.args) > len(given) or set(given) - {"at", "frozen"}
    if (
        too_many
        or not isinstance(at, datetime)
        or at.tzinfo is None
        or not isinstance(frozen, bool)
    ):
        _refuse(mark, "a datetime with a time zone, and frozen=True to stop time")
    return at, frozen


def _refuse(mark: pytest.Mark, takes: str) -> NoReturn:
    given = [*map(repr, mark.args), *(f"{name}={value!r}" for name, value in mark.kwargs.items())]
    pytest.fail(f"@pytest.mark.{mark.name}({', '.join(given)}): it takes {takes}", pytrace=False)
