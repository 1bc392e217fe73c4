"""The names of the plugin's markers, and what pytest says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

__all__ = ["CLOCK", "FAULT", "SEED", "has_marks", "register"]

SEED, FAULT, CLOCK = "okta_seed", "okta_fault", "okta_clock"
_MEANINGS = {
    f"{SEED}(*parts)": "the test's org has these too: builders, mappings, mock_okta's own Seed",
    f"{FAULT}(*faults, must_fire=True)": "the test's org meets these; one that no request met "
    "fails the test, unless must_fire=False",
    f"{CLOCK}(at, frozen=False)": "the org's time, and its browser's, is this one at the start",
}


def register(config: pytest.Config) -> None:
    """Make the markers known."""
    for form, meaning in _MEANINGS.items():
        config.addinivalue_line("markers", f"{form}: {meaning}")


def has_marks(node: pytest.Item) -> bool:
    """Tell whether a test has any of the markers."""
    return any(node.get_closest_marker(name) for name in (SEED, FAULT, CLOCK))
