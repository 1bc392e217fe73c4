"""Golden bodies: JSON as the facts have it, in which `<shape>` stands for what differs each time.

The order of keys counts: clients and people compare bodies as they come.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.visiting import Answer, Visitor

SHAPES = {
    "error id": r"oae[\w-]{22}",
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
    "JWT": r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{342}",
    "opaque": r"[\w-]{43}",
    "modulus": r"[\w-]{342}",
    "org id": r"00o[0-9A-Za-z]{17}",
    "refresh token id": r"oar[0-9A-Za-z]{17}",
    "seconds": r"\d{10}",
    "session id": r"102[\w-]{22}",
    "session token": r"20111[\w-]{50}",
    "half hash": r"[\w-]{22}",
}


@dataclass(frozen=True)
class Golden:
    """A request and the body that answers it; `source` says where it is from."""

    name: str
    source: str
    ask: Callable[[Visitor], Awaitable[Answer]]
    status: int
    body: str


def differences(found: Any, golden: Any, org: str, path: str = "$") -> Iterator[str]:
    """Say, by path, where what was found is not what the golden body has; `org` is the URL."""
    match golden:
        case dict():
            yield from _of_objects(found, golden, org, path)
        case list():
            yield from _of_lists(found, golden, org, path)
        case _ if not _is_alike(found, golden, org):
            yield f"{path}: expected {golden!r}, found {found!r}"


def _of_objects(found: Any, golden: dict[str, Any], org: str, path: str) -> Iterator[str]:
    if not isinstance(found, dict) or list(found) != list(golden):
        yield f"{path}: expected the keys {list(golden)}, found {found!r}"
        return
    for key, value in golden.items():
        yield from differences(found[key], value, org, f"{path}.{key}")


def _of_lists(found: Any, golden: list[Any], org: str, path: str) -> Iterator[str]:
    if not isinstance(found, list) or len(found) != len(golden):
        yield f"{path}: expected {len(golden)} items, found {found!r}"
        return
    for index, (one, other) in enumerate(zip(found, golden, strict=True)):
        yield from differences(one, other, org, f"{path}[{index}]")


def _is_alike(found: Any, golden: Any, org: str) -> bool:
    if golden == "<seconds>":
        return isinstance(found, int) and re.fullmatch(SHAPES["seconds"], str(found)) is not None
    if isinstance(golden, str) and isinstance(found, str):
        return re.fullmatch(_pattern(golden, org), found) is not None
    return type(found) is type(golden) and found == golden


def parsed(text: str) -> Any:
    """The golden body; JSON may not name a key twice."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    return json.loads(text, object_pairs_hook=unique)


def _pattern(golden: str, org: str) -> str:
    parts = re.split(r"<([^>]+)>", golden)
    shapes = {**SHAPES, "org": re.escape(org)}
    return "".join(re.escape(p) if i % 2 == 0 else shapes[p] for i, p in enumerate(parts))
