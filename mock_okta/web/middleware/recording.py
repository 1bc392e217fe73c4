"""Records requests with their answers, for tests: `GET /_mock/requests`."""

from aiohttp import web
from aiohttp.payload import Payload
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.traffic import Exchange
from mock_okta.services.testing.traffic import (
    LARGEST_KEPT_BODY,
    Fields,
    cut_headers,
    cut_text,
    cut_values,
    size_of,
)
from mock_okta.storage import Storage
from mock_okta.web.requests import NOTES
from mock_okta.web.routing import Handler, Middleware

__all__ = ["NO_ANSWER", "Recording"]

NO_ANSWER = 444  # the status that nginx logs for a connection closed without an answer
_UNRECORDED = ("/_mock/", "/okta-signin-widget/")
_CONSOLE = "/_mock"


class Recording(Struct, frozen=True, kw_only=True):
    """Records raw requests and answers, except those of the control API and the widget's files."""

    storage: Storage
    clock: Clock

    def middleware(self) -> Middleware:
        """Return the aiohttp middleware."""

        async def recorded(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path.startswith(_UNRECORDED) or request.path == _CONSOLE:
                return await handler(request)
            request[NOTES].is_recorded = True
            at, started = self.clock.now(), self.clock.stopwatch()
            response = await handler(request)
            notes = request[NOTES]
            sent, sent_back = await _sent(request), await _sent_back(response)
            exchange = Exchange(
                id=notes.request_id,
                at=at,
                method=request.method,
                path=cut_text(request.path),
                query=cut_text(request.rel_url.raw_query_string),
                headers=cut_headers(request.raw_headers),
                body=sent[:LARGEST_KEPT_BODY],
                body_size=len(sent),
                status=None if response.status == NO_ANSWER else response.status,
                response_headers=cut_values(_headers_of(response)),
                response_body=sent_back[:LARGEST_KEPT_BODY],
                response_body_size=len(sent_back),
                remarks=tuple(cut_text(remark) for remark in notes.remarks),
                user_id=notes.user_id,
                fault=notes.fault,
                milliseconds=round(1000 * (self.clock.stopwatch() - started), 1),
            )
            await self.storage.recorded_requests.append(exchange, size_of(exchange))
            return response

        return recorded


def _headers_of(response: web.StreamResponse) -> Fields:
    """Return the headers, with the cookies, which aiohttp adds as headers when it sends."""
    cookies = [
        ("Set-Cookie", cookie.output(header="").strip()) for cookie in response.cookies.values()
    ]
    return (*response.headers.items(), *cookies)


async def _sent(request: web.Request) -> bytes:
    """Return the body if it was received and is not too large; do not wait for it."""
    content = request.content
    if not request.body_exists or not content.is_eof():
        return b""
    if content.total_bytes > request.client_max_size:
        return b""
    try:
        return await request.read()
    except (web.HTTPException, web.RequestPayloadError, ConnectionResetError):
        return b""


async def _sent_back(response: web.StreamResponse) -> bytes:
    """Return the answer's body if it is in memory, not that of a file."""
    body = response.body if isinstance(response, web.Response) else None
    if isinstance(body, Payload):
        return await body.as_bytes()
    return bytes(body or b"")
