"""Seed documents, from whatever a test has: mappings, builders, mock_okta's own types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

__all__ = ["SeedPart", "seed_document"]


class SeedPart(Protocol):
    """What can say what it adds to an org; every builder is one, and `Seed`."""

    def seed_document(self) -> Mapping[str, Any]:
        """Give a seed document with this part alone."""


def seed_document(*parts: Mapping[str, Any] | SeedPart) -> dict[str, Any]:
    """Join seed documents to one: lists in the order given; of all else the last one counts."""
    joined: dict[str, Any] = {}
    for part in parts:
        for key, value in _as_document(part).items():
            if isinstance(value, list | tuple):
                joined[key] = [*joined.get(key, ()), *value]
            else:
                joined[key] = value
    return joined


def _as_document(part: Mapping[str, Any] | SeedPart) -> Mapping[str, Any]:
    if isinstance(part, Mapping):
        return part
    return part.seed_document()
