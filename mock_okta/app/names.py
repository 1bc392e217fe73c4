"""An org with several names: each request is served by what knows the name that it came to."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from mock_okta.web.routing import Handler, Route
from mock_okta.web.site import Site, Sites

__all__ = ["routes_and_sites"]


def routes_and_sites(
    first: Site, routes_at: Callable[[int, Site], Sequence[Route]]
) -> tuple[Sequence[Route], Sites]:
    """Return what the org serves at all its names, and where these are.

    `routes_at`: returns what it serves at the name with that number, the same at each.
    """
    names = [msgspec.structs.replace(first, url=url) for url in first.urls[1:]]
    sites = Sites(first=first, others={urlsplit(site.url).hostname or "": site for site in names})
    routes = routes_at(0, first)
    if not names:
        return routes, sites
    served = {site.url: routes_at(number, site) for number, site in enumerate(names, start=1)}
    return [
        msgspec.structs.replace(
            route,
            handler=_picking(
                sites, route.handler, {url: each[order].handler for url, each in served.items()}
            ),
        )
        for order, route in enumerate(routes)
    ], sites


def _picking(sites: Sites, first: Handler, others: Mapping[str, Handler]) -> Handler:
    """Return the handler that lets the one of the asked name answer."""

    async def picked(request: web.Request) -> web.StreamResponse:
        handler = others.get(sites.asked_by(request.host).url, first)
        return await handler(request)

    return picked
