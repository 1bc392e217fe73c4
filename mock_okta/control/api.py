"""All of `/_mock`, behind its guard, and the OpenAPI document that describes it."""

from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from msgspec import Struct

from mock_okta.control.operations import Operation, Resource, json_answer
from mock_okta.control.paths import Path
from mock_okta.web.errors import json_response
from mock_okta.web.guard import Guard
from mock_okta.web.routing import Route

__all__ = ["ControlApi"]


class ControlApi(Struct, frozen=True, kw_only=True):
    """Serves resources: the test's own API, not a part of Okta."""

    resources: tuple[Resource, ...]
    guard: Guard

    def routes(self) -> tuple[Route, ...]:
        """Serve every operation, and the document."""
        return tuple(self._route(operation) for operation in self.operations())

    def operations(self) -> tuple[Operation, ...]:
        """Return everything that is served."""
        described = Operation("GET", Path.OPENAPI, "This document.", self._describe)
        return (*(each for found in self.resources for each in found.operations()), described)

    async def _describe(self, _: web.Request) -> web.Response:
        from mock_okta.control.openapi import document_of  # noqa: PLC0415 -- few ask for it

        document: dict[str, Any] = document_of(self.operations())
        return json_response(document)

    def _route(self, operation: Operation) -> Route:
        handler = _answering(operation)
        return Route(
            method=operation.method,
            path=operation.path,
            handler=handler if operation.is_open else self.guard.guarded(handler),
        )


def _answering(operation: Operation) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        given = await operation.handler(request)
        if given is None:
            return web.Response(status=204)
        return given if isinstance(given, web.StreamResponse) else json_answer(given)

    return answer
