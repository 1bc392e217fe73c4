"""The answers of planned faults: an error in the endpoint's form, a slow body, half a body.

The forms are in facts/oauth G.1.
"""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import BytesPayload

from mock_okta.model.faults import OAuthErrorAnswer, RateLimited, StatusAnswer
from mock_okta.web.errors import (
    InternalError,
    RateLimitExceeded,
    ShownError,
    json_response,
    okta_error,
)

__all__ = [
    "CutBody",
    "SlowBodyPayload",
    "oauth_error_answer",
    "pause",
    "rate_limited_answer",
    "status_answer",
]

_PIECES = 10

_SPEAKS_OAUTH = re.compile(
    r"/oauth2(/[^/]+)?/v1/(token|introspect|revoke|par|device/authorize|interact)", re.ASCII
)
# facts/oauth G.2.
_USUAL: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        400: ("E0000020", "Bad request."),
        401: ("E0000011", "Invalid token provided"),
        403: ("E0000006", "You do not have permission to perform the requested action"),
        404: ("E0000008", "The requested path was not found"),
        405: ("E0000022", "The endpoint does not support the provided HTTP method"),
        429: (RateLimitExceeded.code, RateLimitExceeded.summary),
        501: ("E0000052", "Endpoint not implemented."),
        503: ("E0000010", "Service is in read only mode"),
    }
)
_USUAL_OAUTH: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        400: ("invalid_request", "The request is invalid."),
        401: ("invalid_client", "The client secret supplied for a confidential client is invalid."),
    }
)


def status_answer(request: web.Request, fault: StatusAnswer, error_id: str) -> web.Response:
    """Return Okta's error object, OAuth's, or a page."""
    own_words = fault.error_code is not None or fault.error_summary is not None
    if not own_words and fault.status in _USUAL_OAUTH and _SPEAKS_OAUTH.fullmatch(request.path):
        error, description = _USUAL_OAUTH[fault.status]
        return _oauth_object(error, description, fault.status)
    code, summary = _USUAL.get(fault.status, (InternalError.code, InternalError.summary))
    code, summary = fault.error_code or code, fault.error_summary or summary
    if _shows_a_page(request):
        return ShownError(code, summary, status=fault.status).render(error_id)
    return json_response(
        okta_error(code, summary, error_id, fault.error_causes), status=fault.status
    )


def rate_limited_answer(
    request: web.Request, fault: RateLimited, error_id: str, now: int
) -> web.Response:
    """facts/oauth H.2: three headers, and no Retry-After."""
    response = status_answer(request, StatusAnswer(status=429), error_id)
    response.headers["X-Rate-Limit-Limit"] = str(fault.limit)
    response.headers["X-Rate-Limit-Remaining"] = "0"
    response.headers["X-Rate-Limit-Reset"] = str(now + fault.reset_in)
    return response


def oauth_error_answer(request: web.Request, fault: OAuthErrorAnswer) -> web.Response:
    """Return OAuth's error object; at userinfo only a header (RFC 6750 3)."""
    if request.path.endswith("/v1/userinfo"):
        header = f'Bearer error="{fault.error}", error_description="{fault.error_description}"'
        return web.Response(status=fault.status, headers={"WWW-Authenticate": header})
    return _oauth_object(fault.error, fault.error_description, fault.status)


def _oauth_object(error: str, description: str, status: int) -> web.Response:
    return json_response({"error": error, "error_description": description}, status=status)


def _shows_a_page(request: web.Request) -> bool:
    return not request.path.startswith("/api/") and "text/html" in request.headers.get("Accept", "")


class _InMemory(BytesPayload):
    """A body that can be recorded; before 3.12 aiohttp gives the bytes of none."""

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:  # noqa: ARG002 -- aiohttp's
        return bytes(self._value)


class CutBody(_InMemory):
    """Half of what Content-Length promises; then the connection closes."""

    def __init__(self, whole: bytes, request: web.Request) -> None:
        super().__init__(whole)
        self._request = request

    async def write(self, writer: AbstractStreamWriter) -> None:
        await writer.write(self._value[: len(self._value) // 2])
        await writer.drain()
        if self._request.transport is not None:
            self._request.transport.close()


class SlowBodyPayload(_InMemory):
    """A body in ten pieces (fewer for a short body); `ending` sends the rest at once."""

    def __init__(self, whole: bytes, seconds: float, ending: asyncio.Event) -> None:
        super().__init__(whole)
        self._seconds = seconds
        self._ending = ending

    async def write(self, writer: AbstractStreamWriter) -> None:
        size = -(-len(self._value) // _PIECES)
        pieces = [self._value[i : i + size] for i in range(0, len(self._value), size)]
        for piece in pieces:
            await pause(self._seconds / len(pieces), self._ending)
            await writer.write(piece)


async def pause(seconds: float, ending: asyncio.Event) -> None:
    """Wait for this many real seconds, or until `ending` is set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(ending.wait(), seconds)
