"""Routes, and which other origins may read their answers."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from enum import Enum
from functools import partial
from typing import Protocol

from aiohttp import HttpVersion11, hdrs, web
from msgspec import Struct

from mock_okta.web.errors import MethodNotAllowed
from mock_okta.web.unserved import unserved

__all__ = [
    "POLICIES",
    "UNROUTED",
    "Cors",
    "Endpoint",
    "Handler",
    "Middleware",
    "Policy",
    "Route",
    "add_routes",
    "policy_of",
]

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Middleware(Protocol):
    """A middleware around a handler."""

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer with `handler`, or instead of it."""
        raise NotImplementedError


class Cors(Enum):
    """Which other origins may read an answer (facts/oauth H.3)."""

    NOBODY = "browser navigation, or the same origin"
    ANYBODY = "any origin"
    ANYBODY_WITH_COOKIES = "any origin, credentials allowed"
    TRUSTED_ORIGINS = "trusted origins, credentials allowed"
    TRUSTED_ORIGINS_WITHOUT_COOKIES = "trusted origins"
    REDIRECT_ORIGINS = "origins of the clients' login redirect URIs"


class Route(Struct, frozen=True, kw_only=True):
    """One method and path; `metadata` is the member of discovery that names it.

    `is_safe`: a GET changes nothing (RFC 9110 9.2.1), so HEAD is answered too; scripts use it to
    wait for a server. An authorization request is not safe: HEAD could use up its one-time values.
    """

    method: str
    path: str
    handler: Handler
    cors: Cors = Cors.NOBODY
    metadata: str | None = None
    is_safe: bool = True


class Endpoint(Protocol):
    """An object with routes."""

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""


class Policy(Struct, frozen=True, kw_only=True):
    """The preflight answer of one path."""

    cors: Cors
    methods: tuple[str, ...]


POLICIES: web.AppKey[Mapping[web.AbstractResource, Policy]] = web.AppKey("policies")
UNROUTED: web.AppKey[Handler] = web.AppKey("unrouted")
"""Answers requests that match no route of aiohttp, such as `CONNECT` or a path with a line end."""


def add_routes(
    app: web.Application, routes: Iterable[Route], middlewares: Sequence[Middleware] = ()
) -> None:
    """Serve the routes; each path also answers OPTIONS, and refuses other methods.

    Each handler gets its middlewares here, the outermost first. aiohttp would cache handlers with
    their application for the whole process, and so keep every org that ever served.
    """

    def through(handler: Handler) -> Handler:
        for middleware in reversed(middlewares):
            handler = partial(middleware, handler=handler)
        return handler

    by_path: dict[str, list[Route]] = {}
    for route in routes:
        by_path.setdefault(route.path, []).append(route)
    policies: dict[web.AbstractResource, Policy] = {}
    app[POLICIES] = policies
    for path, found in by_path.items():
        resource = app.router.add_resource(path)
        for route in found:
            resource.add_route(route.method, through(route.handler), expect_handler=_go_on)
            if route.method == "GET" and route.is_safe:
                resource.add_route("HEAD", through(route.handler), expect_handler=_go_on)
        policies[resource] = _policy(found)
        resource.add_route("*", through(_other_method), expect_handler=_go_on)
    app[UNROUTED] = through(_unknown)
    app.router.add_route("*", "/{path:.*}", app[UNROUTED], expect_handler=_go_on)


def policy_of(request: web.Request) -> Policy | None:
    """Return the policy of the request's path."""
    resource = request.match_info.route.resource
    return None if resource is None else request.app[POLICIES].get(resource)


def _policy(routes: list[Route]) -> Policy:
    methods = tuple(route.method for route in routes)
    (cors,) = {route.cors for route in routes}  # one policy for each path
    return Policy(cors=cors, methods=methods)


async def _go_on(request: web.Request) -> None:
    """Ask for the body if the client waits for that (RFC 9110 10.1.1).

    Other expectations are ignored: aiohttp's refusal repeats them, and fails if they are not text.
    """
    expected = request.headers.get(hdrs.EXPECT, "").lower()
    if expected == "100-continue" and request.version == HttpVersion11:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the answer is counted


async def _unknown(request: web.Request) -> web.StreamResponse:
    raise unserved(request)


async def _other_method(request: web.Request) -> web.StreamResponse:
    """Answer a preflight, for the CORS middleware to complete; refuse other methods."""
    if request.method != "OPTIONS":
        policy = policy_of(request)
        methods = ", ".join(policy.methods) if policy else "no method"
        raise MethodNotAllowed(remark=f"this org serves this path for {methods}")
    return web.Response(status=204)
