"""Requests that an org recorded: what was asked, what it answered, and why."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 -- msgspec reads the annotations
from typing import Any
from urllib.parse import parse_qsl

import msgspec


class RecordedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request and its answer. Names of headers are in lower case.

    `at` is the org's time; bodies, path, query and each header are cut to
    16 KiB, the bodies' sizes are those of the whole. `status`
    is None where the connection was dropped. `remarks` say what was decided and why. `fault`: the
    id of the planned fault that it met.
    """

    id: str
    at: datetime
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str
    body_size: int
    client_id: str | None = None
    user: str | None = None
    status: int | None = None
    response_headers: dict[str, str]
    response_body: str
    response_body_size: int
    remarks: tuple[str, ...] = ()
    fault: str | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the form and of the query; of repeated ones the first."""
        form = self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        pairs = [*(parse_qsl(self.body) if form else ()), *parse_qsl(self.query)]
        return dict(reversed(pairs))

    def json(self) -> Any:
        """Read the body as JSON."""
        return msgspec.json.decode(self.body)

    def response_json(self) -> Any:
        """Read the answer's body as JSON."""
        return msgspec.json.decode(self.response_body)


class RecordedRequests(msgspec.Struct, frozen=True, kw_only=True):
    """Recorded requests in the order in which they were answered."""

    requests: tuple[RecordedRequest, ...]
