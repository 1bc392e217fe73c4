"""Recorded traffic: one request with its answer, and who sent it."""

from datetime import datetime

from msgspec import Struct

__all__ = ["Caller", "Exchange"]


class Caller(Struct, frozen=True, kw_only=True):
    """Who sent a request, as far as it can be seen from the request."""

    client_id: str | None = None
    login: str | None = None


class Exchange(Struct, frozen=True, kw_only=True):
    """A request with its answer, stored raw; it is decoded when it is shown.

    Long bodies are cut; the sizes are those of the whole. `status` is None if the connection was
    dropped. `user_id`: the user who sent it, if the org knows. `fault`: the id of the planned fault
    that applied. `milliseconds`: how long the answer took, by the machine's clock.
    """

    id: str
    at: datetime
    method: str
    path: str
    query: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    body_size: int
    status: int | None
    response_headers: tuple[tuple[str, str], ...]
    response_body: bytes
    response_body_size: int
    remarks: tuple[str, ...]
    user_id: str | None
    fault: str | None
    milliseconds: float = 0.0
