"""Outermost: names each request, logs it in one line, adds the headers that all answers have."""

import logging
from dataclasses import dataclass

from aiohttp import web

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.web.requests import NOTES, Notes
from mock_okta.web.routing import Handler, Middleware

__all__ = ["Answers"]

_LOG = logging.getLogger("mock_okta.requests")
_UNCACHED = {"Cache-Control": "no-cache, no-store", "Pragma": "no-cache", "Expires": "0"}


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Sends answers with Okta's common headers; of the purely decorative ones, none."""

    ids: Ids
    clock: Clock

    def middleware(self) -> Middleware:
        """Return the aiohttp middleware."""

        @web.middleware
        async def named_and_logged(request: web.Request, handler: Handler) -> web.StreamResponse:
            notes = Notes(request_id=self.ids.request_id(), error_id=self.ids.error_id())
            request[NOTES] = notes
            started = self.clock.stopwatch()
            response = await handler(request)
            self._add_headers(response, notes)
            _log(request, response, notes, self.clock.stopwatch() - started)
            return response

        return named_and_logged

    @staticmethod
    async def bare(_: web.Request, response: web.StreamResponse) -> None:
        """Take out what aiohttp adds by itself (a signal of aiohttp's, just before sending)."""
        response.headers.pop("Server", None)

    def _add_headers(self, response: web.StreamResponse, notes: Notes) -> None:
        response.headers["X-Okta-Request-Id"] = notes.request_id
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        if "Cache-Control" not in response.headers:
            response.headers.update(_UNCACHED)


def _log(request: web.Request, response: web.StreamResponse, notes: Notes, seconds: float) -> None:
    """Write the line; queries stay out of it but for the path: they carry tokens."""
    milliseconds = round(seconds * 1000, 1)
    remarks = "; ".join(notes.remarks)
    _LOG.log(
        notes.level,
        "%s %s %d %.1f ms%s",
        request.method,
        request.path,
        response.status,
        milliseconds,
        f"  {remarks}" if remarks else "",
        extra={
            "wire": {
                "method": request.method,
                "path": request.path,
                "status": response.status,
                "milliseconds": milliseconds,
                "request_id": notes.request_id,
                "remarks": notes.remarks,
            }
        },
    )
