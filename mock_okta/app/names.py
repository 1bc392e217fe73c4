"""An org with several host names: the routes of each name serve the requests to it."""

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
    """Return the routes of the org at all its names, and the sites of these names.

    `routes_at`: returns the routes at the name with that number; only their handlers differ.
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
    """Return a handler that calls the one of the requested name."""

    async def picked(request: web.Request) -> web.StreamResponse:
        handler = others.get(sites.asked_by(request.host).url, first)
        return await handler(request)

    return picked
