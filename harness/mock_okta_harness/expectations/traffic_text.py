"""Recorded requests as people read them: in a failed test's report, and beside a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mock_okta.control.schema import RecordedRequest

__all__ = ["headline", "reasons", "traffic_text"]

_LONGEST = 500
_FAILURE = 400


def headline(request: RecordedRequest) -> str:
    """Give the line that names a request: `POST /oauth2/default/v1/token → 401, client 0oa1`."""
    answer = "connection dropped" if request.status is None else str(request.status)
    client = "" if request.client_id is None else f", client {request.client_id}"
    user = "" if request.user is None else f", user {request.user}"
    return f"{request.method} {request.path} → {answer}{client}{user}"


def reasons(request: RecordedRequest) -> tuple[str, ...]:
    """Give what the org says of its decision; the error of its answer where it says nothing."""
    if request.remarks:
        return request.remarks
    is_failure = request.status is not None and request.status >= _FAILURE
    return (_cut(request.response_body),) if is_failure and request.response_body else ()


def traffic_text(requests: Sequence[RecordedRequest], most: int | None = None) -> str:
    """Give requests in their order, each with its reasons; of many the last `most`."""
    shown = requests if most is None else requests[-most:]
    left_out = len(requests) - len(shown)
    lines = [f"… {left_out} earlier ones are left out"] if left_out else []
    for request in shown:
        lines += _lines(request)
    return "\n".join(lines)


def _lines(request: RecordedRequest) -> Iterator[str]:
    yield f"{request.at:%H:%M:%S.%f}"[:-3] + f" {headline(request)}"
    if request.query:
        yield f"    ?{_cut(request.query)}"
    if request.body:
        yield f"    {_cut(request.body)}"
    for reason in reasons(request):
        yield f"    why: {reason}"
    if request.fault is not None:
        yield f"    met the planned fault {request.fault}"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
