"""What came and what went: one request with its answer, and who asked."""

from datetime import datetime

from msgspec import Struct

__all__ = ["Caller", "Exchange"]


class Caller(Struct, frozen=True, kw_only=True):
    """Who sent a request, as far as it shows."""

    client_id: str | None = None
    login: str | None = None


class Exchange(Struct, frozen=True, kw_only=True):
    """A request that was answered, kept raw: what it says is read when somebody asks.

    Bodies are cut to a bound; the sizes are those of the whole. `status` is None where the
    connection was dropped. `user_id`: whom the org knew the request to be of. `fault`: the id of
    the planned fault that it met.
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
