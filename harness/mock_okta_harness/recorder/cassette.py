"""A cassette: one sign-in in one readable file, with no secret in it and no time of its own.

YAML, for it diffs line by line. What stands for secrets, ids and instants is in `placeholders`;
`load_cassette` makes values of it that are valid now.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 -- msgspec reads the annotations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import yaml

from mock_okta_harness.recorder.files import write

if TYPE_CHECKING:
    from os import PathLike

__all__ = [
    "VERSION",
    "Answered",
    "Asked",
    "Cassette",
    "CassetteError",
    "Exchange",
    "Making",
    "Token",
    "read_cassette",
]

_NO_FOLDING = 1_000_000  # a changed word changes one line
VERSION = 1
"""The format's version: a file of another is refused."""


class CassetteError(Exception):
    """A file is no cassette, or one of another version; the message says where and why."""


class Making(msgspec.Struct, frozen=True, kw_only=True):
    """How a cassette was made: enough to make it again.

    `org`: `own` was started for it, `given` is another, such as a real one. `way`: `http`, or
    `widget` with its release. `user_data`: whether the user's data are those of the org.
    """

    org: Literal["own", "given"]
    way: str
    user_data: Literal["kept", "scrubbed"]
    authorization_server: str
    client_id: str
    login: str
    redirect_uri: str | None = None
    logout_redirect_uri: str | None = None
    scopes: tuple[str, ...]


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A JWT without its signature, its claims in their order."""

    header: dict[str, Any]
    payload: dict[str, Any]


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request. A body is what JSON or a form say, or the name of another type."""

    method: str
    url: str
    query: dict[str, Any] = msgspec.field(default_factory=dict)
    headers: dict[str, Any] = msgspec.field(default_factory=dict)
    body: Any = None


class Answered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A response; its headers are those that clients go by, in lower case."""

    status: int
    headers: dict[str, Any] = msgspec.field(default_factory=dict)
    body: Any = None


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A request, the answer, and which step of the sign-in they are."""

    step: str
    request: Asked
    response: Answered


class Cassette(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded sign-in."""

    version: int = VERSION
    recorded_at: datetime
    made: Making
    jwks: dict[str, Any]
    tokens: dict[str, Token]
    exchanges: tuple[Exchange, ...]

    @property
    def widget(self) -> str | None:
        """The widget's release, if one signed in."""
        kind, _, version = self.made.way.partition(" ")
        return version if kind == "widget" else None

    def text(self) -> str:
        """Give the file's text."""
        document = msgspec.to_builtins(self)
        return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=_NO_FOLDING)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the file; its folder is made if need be."""
        write(path, self.text().encode())


def read_cassette(path: str | PathLike[str]) -> Cassette:
    """Read a cassette as it was written, its placeholders in it. Raises CassetteError."""
    try:
        document = yaml.safe_load(Path(path).read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as failure:
        raise CassetteError(f"{path}: no YAML: {failure}") from failure
    version = document.get("version") if isinstance(document, dict) else None
    if version != VERSION:
        raise CassetteError(f"{path}: version: expected {VERSION}, not {version!r}: record it anew")
    try:
        return msgspec.convert(document, Cassette)
    except msgspec.ValidationError as failure:
        raise CassetteError(f"{path}: {failure}") from failure
