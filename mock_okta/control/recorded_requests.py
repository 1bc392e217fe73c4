"""Requests that the org recorded, as `/_mock/requests` shows them and as reports print them."""

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from mock_okta.model.faults import PathPattern

__all__ = ["RecordedRequest", "RecordedRequests", "WantedRequests"]

_LONGEST_LINE = 500


class WantedRequests(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query: requests that match all given fields.

    In `path`, `*` matches any characters. `after`: the id of a request; only later ones, or all if
    that one is no longer there.
    """

    method: str | None = None
    path: PathPattern | None = None
    client_id: str | None = None
    user: str | None = None
    status: int | None = None
    after: str | None = None


class RecordedRequest(Struct, frozen=True, kw_only=True):
    """A request and its answer. Names of headers are in lower case.

    `at` is the org's time. Bodies are text, cut to 16 KiB; the sizes are those of the whole, in
    bytes. Path, query and each header are cut to 16 KiB too, and then end in `…`; 64 KiB of the
    headers are kept. `status` is None if the connection was dropped. `remarks` say what was decided
    and why. `fault`: the id of the planned fault that applied. `id` is the answer's
    X-Okta-Request-Id. `milliseconds`: how long the answer took, by the machine's clock.
    """

    id: str
    at: datetime
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str
    body_size: int
    client_id: str | None
    user: str | None
    status: int | None
    response_headers: dict[str, str]
    response_body: str
    response_body_size: int
    remarks: tuple[str, ...]
    fault: str | None
    milliseconds: float = 0.0

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the form and of the query; the first of repeated ones."""
        form = self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        pairs = [*(parse_qsl(self.body) if form else ()), *parse_qsl(self.query)]
        return dict(reversed(pairs))

    @property
    def headline(self) -> str:
        """Its title in a report: `POST /oauth2/default/v1/token → 401, client 0oa1`."""
        answer = "connection dropped" if self.status is None else str(self.status)
        client = "" if self.client_id is None else f", client {self.client_id}"
        user = "" if self.user is None else f", user {self.user}"
        return f"{self.method} {self.path} → {answer}{client}{user}"

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the org decided so; without remarks, the body of an error."""
        is_failure = self.status is not None and self.status >= HTTPStatus.BAD_REQUEST
        if self.remarks or not is_failure or not self.response_body:
            return self.remarks
        return (_in_a_line(self.response_body),)

    def lines(self) -> Iterator[str]:
        """Yield the request as people read it in a report: headline, content, reasons."""
        yield f"{self.at:%H:%M:%S.%f}"[:-3] + f" {self.headline}"
        if self.query:
            yield f"    ?{_in_a_line(self.query)}"
        if self.body:
            yield f"    {_in_a_line(self.body)}"
        for reason in self.reasons:
            yield f"    why: {reason}"
        if self.fault is not None:
            yield f"    met the planned fault {self.fault}"

    def json(self) -> Any:
        """Read the body as JSON."""
        return msgspec.json.decode(self.body)

    def response_json(self) -> Any:
        """Read the answer's body as JSON."""
        return msgspec.json.decode(self.response_body)


class RecordedRequests(Struct, frozen=True, kw_only=True):
    """The requests that match, oldest first, of the last thousand or 32 MiB."""

    requests: tuple[RecordedRequest, ...]


def _in_a_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
