"""The outermost middleware: request ids, the org's clock, one log line, common headers."""

import logging
from functools import partial

from aiohttp import hdrs, web
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.services.seeding.org_clock import OrgClock
from mock_okta.storage import Storage
from mock_okta.web.forwarding import Proxies
from mock_okta.web.masking import masked
from mock_okta.web.middleware.errors import rendered_errors
from mock_okta.web.requests import NOTES, Notes, with_text_alone
from mock_okta.web.routing import Handler, Middleware

__all__ = ["Answers"]

_LOG = logging.getLogger("mock_okta.requests")
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
)
_UNCACHED = {
    hdrs.CACHE_CONTROL: "no-cache, no-store",
    hdrs.PRAGMA: "no-cache",
    hdrs.EXPIRES: "0",
}


class Answers(Struct, frozen=True, kw_only=True):
    """Adds Okta's common headers to answers, except decorative ones."""

    ids: Ids
    clock: Clock
    storage: Storage
    org_clock: OrgClock
    proxies: Proxies

    def middleware(self) -> Middleware:
        """Return the aiohttp middleware."""

        async def named_and_logged(request: web.Request, handler: Handler) -> web.StreamResponse:
            request = self.proxies.as_sent(with_text_alone(request))
            notes = Notes(request_id=self.ids.request_id(), ids=self.ids)
            request[NOTES] = notes
            started = self.clock.stopwatch()
            # What the middlewares inside of this one ask of the storage may fail, too.
            response = await rendered_errors(request, partial(self._answer, handler=handler))
            if "X-Okta-Request-Id" not in response.headers:
                self._add_headers(response, notes)
            _log(request, response, notes, self.clock.stopwatch() - started)
            return response

        return named_and_logged

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        async with self.storage.request():
            await self.org_clock.follow()
            return await handler(request)

    def headers(self) -> Middleware:
        """Return the middleware that adds the common headers, inside of the recording one."""

        async def headed(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = await handler(request)
            self._add_headers(response, request[NOTES])
            return response

        return headed

    @staticmethod
    async def bare(_: web.Request, response: web.StreamResponse) -> None:
        """Remove headers that aiohttp adds (a signal of aiohttp's, just before sending)."""
        response.headers.pop(hdrs.SERVER, None)

    def _add_headers(self, response: web.StreamResponse, notes: Notes) -> None:
        headers = response.headers
        headers["X-Okta-Request-Id"] = notes.request_id
        for name, value in _ALWAYS:
            headers.setdefault(name, value)
        if hdrs.CACHE_CONTROL not in headers:
            headers.update(_UNCACHED)


def _log(request: web.Request, response: web.StreamResponse, notes: Notes, seconds: float) -> None:
    """Write the line, without the query, and with secrets in path and remarks masked.

    The log record is made here, because `Logger.log` would look up the caller each time.
    """
    if not _LOG.isEnabledFor(notes.level):
        return
    milliseconds = round(seconds * 1000, 1)
    path, said = masked(request.path), [masked(remark) for remark in notes.remarks]
    remarks = f"  {'; '.join(said)}" if said else ""
    wire = {
        "method": request.method,
        "path": path,
        "status": response.status,
        "milliseconds": milliseconds,
        "request_id": notes.request_id,
        "client": request.remote,
        "remarks": said,
    }
    record = _LOG.makeRecord(
        _LOG.name,
        notes.level,
        __file__,
        0,
        "%s %s %d %.1f ms%s",
        (request.method, path, response.status, milliseconds, remarks),
        exc_info=None,
        extra={"wire": wire},
    )
    _LOG.handle(record)
