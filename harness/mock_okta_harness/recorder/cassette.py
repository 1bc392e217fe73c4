"""A cassette: one sign-in in one readable file, without secrets and without fixed times.

The file is YAML, which is easy to diff. Placeholders stand for secrets, ids and times (see
`placeholders`); `load_cassette` replaces them with values that are valid now.
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

_NO_FOLDING = 1_000_000  # so that a changed word changes one line
VERSION = 1
"""The version of the format: files of other versions are refused."""


class CassetteError(Exception):
    """A file is not a cassette of this version; the message says where and why."""


class Making(msgspec.Struct, frozen=True, kw_only=True):
    """How a cassette was made, so that it can be made again.

    `org`: `own` if the org was started for the recording, `given` for another, such as a real one.
    `way`: `http`, or `widget` with its release. `user_data`: whether the user's data from the org
    are kept.
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
    """A JWT without its signature; the claims keep their order."""

    header: dict[str, Any]
    payload: dict[str, Any]


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request. The body is parsed JSON or a parsed form, or the name of another type."""

    method: str
    url: str
    query: dict[str, Any] = msgspec.field(default_factory=dict)
    headers: dict[str, Any] = msgspec.field(default_factory=dict)
    body: Any = None


class Answered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A response, with the headers that clients use, in lower case."""

    status: int
    headers: dict[str, Any] = msgspec.field(default_factory=dict)
    body: Any = None


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A request, its answer, and the step of the sign-in."""

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
        """The widget's release, if the widget signed in."""
        kind, _, version = self.made.way.partition(" ")
        return version if kind == "widget" else None

    def text(self) -> str:
        """Return the text of the file."""
        document = msgspec.to_builtins(self)
        return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=_NO_FOLDING)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the file; create its folder if needed."""
        write(path, self.text().encode())


def read_cassette(path: str | PathLike[str]) -> Cassette:
    """Read a cassette with its placeholders. Raises CassetteError."""
    try:
        document = yaml.safe_load(Path(path).read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as failure:
        raise CassetteError(f"{path}: not YAML: {failure}") from failure
    version = document.get("version") if isinstance(document, dict) else None
    if version != VERSION:
        raise CassetteError(
            f"{path}: version: expected {VERSION}, not {version!r}: record it again"
        )
    try:
        return msgspec.convert(document, Cassette)
    except msgspec.ValidationError as failure:
        raise CassetteError(f"{path}: {failure}") from failure
