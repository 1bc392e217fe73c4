"""One org's `/_mock` over HTTP: sends and reads JSON, and raises the org's errors."""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from mock_okta.control.fetching import fetch

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["Connection", "ControlError", "path_of"]

Answer = TypeVar("Answer")
_PLACE = re.compile(r"\{(\w+)(?::[^{}]*)?\}")


class ControlError(Exception):
    """The org refused a control request, or it could not be reached (then `status` is None).

    `causes`: what is wrong with the request, in the org's words: ``status: Expected `int```.
    """

    def __init__(
        self, request: str, reason: str, status: int | None = None, causes: tuple[str, ...] = ()
    ) -> None:
        super().__init__(f"{request}: {reason}")
        self.request = request
        self.reason = reason
        self.status = status
        self.causes = causes


@dataclass(frozen=True)
class Connection:
    """Sends JSON to one org and returns the answers, or raises `ControlError`.

    `token`: the org's control token, if it has one.
    """

    url: str
    ca_file: str | PathLike[str] | None = None
    token: str | None = field(default=None, repr=False)

    def send(self, method: str, path: str, body: object = None) -> bytes:
        """Send one request; raise `ControlError` with the org's reason for any status but 2xx."""
        request = f"{method} {self.url}{path}"
        try:
            content = None if body is None else msgspec.json.encode(body)
            status, answer = fetch(
                f"{self.url}{path}", self.ca_file, method, content, token=self.token
            )
        except (OSError, http.client.HTTPException) as failure:
            raise ControlError(request, f"no answer ({failure!r})") from failure
        if not 200 <= status < 300:
            said, causes = _reason(answer)
            raise ControlError(request, ": ".join((f"{status} {said}", *causes)), status, causes)
        return answer

    def ask(self, answer: type[Answer], method: str, path: str, body: object = None) -> Answer:
        """Send one request and read the answer as the given type."""
        content = self.send(method, path, body)
        try:
            return msgspec.json.decode(content, type=answer)
        except msgspec.DecodeError as failure:
            reason = f"unexpected answer: {failure}"
            raise ControlError(f"{method} {self.url}{path}", reason) from failure


def path_of(pattern: str, **given: object) -> str:
    """Return a path of the schema with `{names}` filled in; other values become the query."""
    query = {name: value for name, value in given.items() if value is not None}
    path = _PLACE.sub(lambda place: quote(str(query.pop(place[1])), safe=""), pattern)
    return f"{path}?{urlencode(query)}" if query else path


def _reason(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the org's error text, and the causes, which name the path of a mistake."""
    try:
        error = json.loads(content)
        causes = tuple(str(cause["errorSummary"]) for cause in error.get("errorCauses", ()))
        return f"{error['errorCode']} {error['errorSummary']}", causes
    except (ValueError, KeyError, TypeError, AttributeError):
        return content.decode("utf-8", "replace")[:200].strip(), ()
