"""Routes, and which other origins may read their answers."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache, partial
from typing import Protocol

from aiohttp import HttpVersion11, hdrs, web
from msgspec import Struct

from mock_okta.web.errors import MethodNotAllowed
from mock_okta.web.unserved import unserved

__all__ = [
    "SERVED",
    "UNROUTED",
    "Cors",
    "Endpoint",
    "Handler",
    "Middleware",
    "Policy",
    "Route",
    "Served",
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


class Served(Struct, frozen=True, kw_only=True):
    """What answers one path: a handler for each method, without the middlewares."""

    policy: Policy
    handlers: Mapping[str, Handler]


SERVED: web.AppKey[dict[web.AbstractResource, Served]] = web.AppKey("served")
"""What is at each path of the org; aiohttp's resources are those of many orgs."""
_ROUTED: web.AppKey[Handler] = web.AppKey("routed")
UNROUTED: web.AppKey[Handler] = web.AppKey("unrouted")
"""Answers requests that match no route of aiohttp, such as `CONNECT` or a path with a line end."""


def add_routes(
    app: web.Application, routes: Iterable[Route], middlewares: Sequence[Middleware] = ()
) -> None:
    """Serve the routes; each path also answers OPTIONS, and refuses other methods.

    The middlewares are applied here, the outermost first. aiohttp would cache handlers with their
    application for the whole process, and so keep every org that ever served.
    """

    def through(handler: Handler) -> Handler:
        for middleware in reversed(middlewares):
            handler = partial(middleware, handler=handler)
        return handler

    by_path: dict[str, list[Route]] = {}
    for route in routes:
        by_path.setdefault(route.path, []).append(route)
    *resources, rest = _resources(tuple(by_path))
    served: dict[web.AbstractResource, Served] = {
        resource: Served(policy=_policy(found), handlers=dict(_handlers(found)))
        for resource, found in zip(resources, by_path.values(), strict=True)
    }
    app[SERVED] = served
    for resource in (*resources, rest):
        app.router.register_resource(resource)
    app[_ROUTED], app[UNROUTED] = through(_answer), through(_unknown)


@lru_cache(maxsize=8)
def _resources(paths: Sequence[str]) -> tuple[web.Resource, ...]:
    """Return the paths as aiohttp knows them, and at the end one for all other paths.

    They know nothing of an org: those of a process share them, for they take longer to make than
    the rest of an org. For the same reason each has one route, of all methods.
    """
    dispatcher, resources = web.UrlDispatcher(), []
    for path in (*paths, "/{path:.*}"):
        resource = dispatcher.add_resource(path)
        resource.add_route("*", _routed, expect_handler=_go_on)
        resources.append(resource)
    return tuple(resources)


def _handlers(routes: Iterable[Route]) -> Iterator[tuple[str, Handler]]:
    """Yield each method that a path answers, with what answers it."""
    for route in routes:
        yield route.method, route.handler
        if route.method == "GET" and route.is_safe:
            yield "HEAD", route.handler


async def _routed(request: web.Request) -> web.StreamResponse:
    return await request.app[_ROUTED](request)


async def _answer(request: web.Request) -> web.StreamResponse:
    served = _served_at(request)
    if served is None:
        return await _unknown(request)
    return await served.handlers.get(request.method, _other_method)(request)


def policy_of(request: web.Request) -> Policy | None:
    """Return the policy of the request's path."""
    served = _served_at(request)
    return None if served is None else served.policy


def _served_at(request: web.Request) -> Served | None:
    resource = request.match_info.route.resource
    return None if resource is None else request.app[SERVED].get(resource)


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
