"""An org with several names: each request is served by what knows the name that it came to."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from mock_okta.app.oauth import oauth_routes
from mock_okta.app.parts import Parts, parts_at
from mock_okta.app.people import user_routes
from mock_okta.web.routing import Handler, Route
from mock_okta.web.site import Sites

__all__ = ["routes_and_sites"]


def routes_and_sites(parts: Parts) -> tuple[Sequence[Route], Sites]:
    """Return what the org serves at all its names, and where these are."""
    others = [parts_at(parts, order) for order in range(1, len(parts.issuers.urls))]
    by_name = {urlsplit(other.site.url).hostname or "": other.site for other in others}
    sites = Sites(first=parts.site, others=by_name)
    first = _routes_of(parts)
    if not others:
        return first, sites
    served = {other.site.url: _routes_of(other) for other in others}
    return [
        msgspec.structs.replace(
            route,
            handler=_picking(
                sites, route.handler, {url: routes[order].handler for url, routes in served.items()}
            ),
        )
        for order, route in enumerate(first)
    ], sites


def _routes_of(parts: Parts) -> Sequence[Route]:
    return [*oauth_routes(parts), *user_routes(parts)]


def _picking(sites: Sites, first: Handler, others: Mapping[str, Handler]) -> Handler:
    """Return the handler that lets the one of the asked name answer."""

    async def picked(request: web.Request) -> web.StreamResponse:
        handler = others.get(sites.asked_by(request.host).url, first)
        return await handler(request)

    return picked
