"""Requests and answers unchanged, with their secrets: only kept in memory."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["RawExchange", "parameters_of", "read_body"]

_ANOTHER_COOKIE = re.compile(r",\s*(?=[\w.$-]+=)")


@dataclass(frozen=True)
class RawExchange:
    """One request and its answer; header names are in lower case."""

    step: str
    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: str = field(repr=False)
    status: int
    answer_headers: Sequence[tuple[str, str]] = field(repr=False)
    answer: str = field(repr=False)

    @property
    def query(self) -> dict[str, str]:
        """The parameters in the URL."""
        return parameters_of(self.url)

    @property
    def location(self) -> str | None:
        """The redirect target of the answer."""
        return next((value for name, value in self.answer_headers if name == "location"), None)

    @property
    def set_cookies(self) -> list[str]:
        """The cookies that the answer sets, each with its attributes; joined headers are split."""
        lines = [value for name, value in self.answer_headers if name == "set-cookie"]
        return [each for line in lines for each in _ANOTHER_COOKIE.split(line)]

    def request_body(self) -> Any:
        """Read the request's body."""
        return read_body(self.headers.get("content-type", ""), self.body)

    def response_body(self) -> Any:
        """Read the answer's body."""
        return read_body(dict(self.answer_headers).get("content-type", ""), self.answer)


def parameters_of(url: str) -> dict[str, str]:
    """Return the parameters of a URL, in its query or its fragment."""
    parts = urlsplit(url)
    return dict(parse_qsl(parts.query or parts.fragment, keep_blank_values=True))


def read_body(content_type: str, text: str) -> Any:
    """Parse JSON and forms; for a body of another type return only the name of the type.

    Other bodies, such as pages, could contain anything, so they are not recorded.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if not text:
        return None
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(text, keep_blank_values=True))
    if kind.endswith("json"):
        try:
            return json.loads(text)
        except ValueError:
            return "broken JSON"
    return kind or "unknown"
