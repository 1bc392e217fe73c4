"""Planned faults: another answer instead of the real one, or a changed real answer.

Faults of tokens are applied when they are signed (`services/testing/token_faults.py`). For OAuth
errors /authorize has its own check, because only that endpoint knows how to return them.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web
from msgspec import Struct, field

from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import ORG_SERVER
from mock_okta.model.faults import (
    Delay,
    DiscoveryContradicts,
    Dropped,
    Fault,
    JwksMissing,
    JwksStale,
    OAuthErrorAnswer,
    PlannedFault,
    RateLimited,
    SlowBody,
    StatusAnswer,
    TruncatedJson,
)
from mock_okta.model.traffic import Caller
from mock_okta.services.testing.faults import Chance, Faults
from mock_okta.services.world.key_ring import KeyRing
from mock_okta.web.attribution import Callers, headers_of
from mock_okta.web.fault_answers import (
    CutBody,
    SlowBodyPayload,
    oauth_error_answer,
    pause,
    rate_limited_answer,
    status_answer,
)
from mock_okta.web.middleware.errors import rendered_errors
from mock_okta.web.middleware.recording import NO_ANSWER
from mock_okta.web.requests import NOTES
from mock_okta.web.routing import Handler, Middleware

__all__ = ["PlannedFaults"]

_IN_PLACE_AT_AUTHORIZE = (StatusAnswer, RateLimited, Delay, Dropped)
_IN_PLACE = (*_IN_PLACE_AT_AUTHORIZE, OAuthErrorAnswer)


class PlannedFaults(Struct, frozen=True, kw_only=True):
    """Applies the faults that a test planned, except to `/_mock`."""

    faults: Faults
    callers: Callers
    keys: KeyRing
    clock: Clock
    _ending: asyncio.Event = field(default_factory=asyncio.Event)

    def middleware(self) -> Middleware:
        """Return the aiohttp middleware."""

        async def met(request: web.Request, handler: Handler) -> web.StreamResponse:
            waiting = await self.faults.waiting()
            if not waiting or request.path.startswith("/_mock/"):
                return await handler(request)
            return await self._serve(request, handler, waiting)

        return met

    async def end(self, _: web.Application) -> None:
        """End all waits (a signal of aiohttp's, at shutdown)."""
        self._ending.set()

    async def _serve(
        self, request: web.Request, handler: Handler, waiting: Sequence[PlannedFault]
    ) -> web.StreamResponse:
        async def caller() -> Caller:
            headers, query = headers_of(request.raw_headers), request.rel_url.raw_query_string
            return await self.callers.of(query, headers, await request.read())

        try:
            chance = await self.faults.chance_of(waiting, request.method, request.path, caller)
        except (web.HTTPException, web.RequestPayloadError, ConnectionResetError) as error:
            return await rendered_errors(request, _raising(error))
        if chance is None:
            return await handler(request)
        response: web.StreamResponse | None = await self._answer_in_place(request, chance)
        if response is None:
            response = await handler(request)
            await self._alter(request, response, chance)
        if chance.fired is not None:
            notes = request[NOTES]
            notes.fault = chance.fired.id
            notes.remarks.append(f"planned fault {chance.fired.id}: {chance.fired.kind}")
        return response

    async def _answer_in_place(self, request: web.Request, chance: Chance) -> web.Response | None:
        is_authorize = request.path.endswith("/v1/authorize")
        kinds = _IN_PLACE_AT_AUTHORIZE if is_authorize else _IN_PLACE
        fault = await chance.take(lambda each: isinstance(each, kinds))
        error_id = request[NOTES].error_id
        match fault:
            case StatusAnswer():
                return status_answer(request, fault, error_id)
            case OAuthErrorAnswer():
                return oauth_error_answer(request, fault)
            case RateLimited():
                return rate_limited_answer(request, fault, error_id, self.clock.epoch())
            case Dropped():
                if request.transport is not None:
                    request.transport.abort()
                return web.Response(status=NO_ANSWER)
            case Delay():
                await pause(fault.seconds, self._ending)
        return None

    async def _alter(
        self, request: web.Request, response: web.StreamResponse, chance: Chance
    ) -> None:
        """Change an answer that has its body in memory."""
        if not isinstance(response, web.Response) or request.method == "HEAD":
            return
        body = response.body
        if not isinstance(body, bytes) or not body:
            return
        kinds = _alterations(request, response.status, response.content_type, body)
        fault = await chance.take(lambda each: isinstance(each, kinds))
        match fault:
            case SlowBody():
                response.body = SlowBodyPayload(body, fault.seconds, self._ending)
            case TruncatedJson():
                response.body = CutBody(body, request)
            case JwksMissing():
                response.body = msgspec.json.encode({"keys": []})
            case JwksStale():
                server_id = request.match_info.get("server_id", ORG_SERVER)
                response.body = await self._stale(body, server_id)
            case DiscoveryContradicts():
                response.body = _contradicting(body, fault.issuer)

    async def _stale(self, body: bytes, server_id: str) -> bytes:
        """Return the key set with an unused key instead of the signing key."""
        signing, strange = await self.keys.active(server_id), await self.keys.unpublished()
        published: list[dict[str, Any]] = msgspec.json.decode(body)["keys"]
        others = [key for key in published if key["kid"] != signing.kid]
        return msgspec.json.encode({"keys": [strange.jwk, *others]})


def _alterations(
    request: web.Request, status: int, content_type: str, body: bytes
) -> tuple[type[Fault], ...]:
    """Return the kinds of fault that can apply to an answer of this form."""
    kinds: list[type[Fault]] = [SlowBody]
    if content_type == "application/json":
        kinds.append(TruncatedJson)
    if status == 200 and request.path.endswith("/v1/keys"):
        kinds += [JwksMissing, JwksStale]
    if status == 200 and "/.well-known/" in request.path and b'"issuer":' in body:
        kinds.append(DiscoveryContradicts)
    return tuple(kinds)


def _contradicting(body: bytes, issuer: str | None) -> bytes:
    document: dict[str, Any] = msgspec.json.decode(body)
    return msgspec.json.encode(document | {"issuer": issuer or f"{document['issuer']}/other"})


def _raising(error: Exception) -> Handler:
    async def refuse(_: web.Request) -> web.StreamResponse:
        raise error

    return refuse
