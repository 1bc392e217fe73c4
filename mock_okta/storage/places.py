"""Where a storage is: `memory`, `sqlite:PATH`, or the URL of a Redis server."""

import re
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Struct

__all__ = ["MEMORY", "Place", "PlaceError", "place_of"]

MEMORY = "memory"
_ORG = "mock_okta"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}\Z")
_OURS = frozenset({"decode_responses", "encoding", "encoding_errors", "protocol"})
"""Options of redis-py that decide what it answers."""
_FORMS = "memory, sqlite:PATH or redis://HOST:PORT/DATABASE?org=NAME"


class PlaceError(ValueError):
    """This names no storage; the message is one line."""


class Place(Struct, frozen=True, kw_only=True):
    """A storage's kind and address; `shown` is the address without user and password."""

    kind: Literal["memory", "sqlite", "redis"]
    shown: str
    path: Path = Path()
    url: str = ""
    org: str = _ORG


def place_of(given: str) -> Place:
    """Return the storage that is meant; raise PlaceError.

    A Redis server holds many orgs: `?org=NAME` says which one, else it is `mock_okta`.
    """
    if given == MEMORY:
        return Place(kind="memory", shown=MEMORY)
    scheme, colon, rest = given.partition(":")
    if scheme == "sqlite" and colon and rest:
        return Place(kind="sqlite", shown=given, path=Path(rest))
    if scheme in ("redis", "rediss") and rest.startswith("//"):
        return _redis(given)
    raise PlaceError(f"expected {_FORMS}, not {_without_secrets(given)!r}")


def _redis(given: str) -> Place:
    try:
        parts = urlsplit(given)
        port = f":{parts.port or 6379}"
    except ValueError as error:
        raise PlaceError(f"expected {_FORMS} ({error})") from error
    shown = f"{parts.scheme}://{parts.hostname or 'localhost'}{port}{parts.path}"
    if re.fullmatch(r"(/[0-9]*)?", parts.path) is None:
        raise PlaceError(f"{shown}: the path is the number of a database, such as /0")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    org = options.pop("org", _ORG)
    if _NAME.match(org) is None:
        raise PlaceError(f"{shown}: the org's name has letters, digits, '_', '.' and '-'")
    if "password" in options or "username" in options:
        raise PlaceError(f"{shown}: user and password come before the host, not in the query")
    for option in _OURS & options.keys():
        raise PlaceError(f"{shown}: the option {option} cannot be chosen")
    url = parts._replace(query=urlencode(options)).geturl()
    return Place(kind="redis", shown=f"{shown}?org={org}", url=url, org=org)


def _without_secrets(given: str) -> str:
    """Return a URL that could not be read, without what may be a password in it."""
    return re.sub(r"//.*@", "//…@", given)
