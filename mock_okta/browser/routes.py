"""The routes for browsers, except authorization servers and sign-in, at one of the org's names."""

from itertools import chain

from mock_okta.browser.devices import DevicesEndpoint
from mock_okta.browser.hosted import HostedPages
from mock_okta.browser.identity_providers import IdentityProvidersEndpoint
from mock_okta.browser.sessions import SessionsEndpoint
from mock_okta.browser.sign_in_redirects import BrowserSessionEndpoint
from mock_okta.browser.widget.assets import WidgetAssets
from mock_okta.browser.widget.pictures import PicturesEndpoint
from mock_okta.browser.widget.releases import OwnRelease
from mock_okta.services.services import Services
from mock_okta.services.sign_in.engine import Engine, Federation
from mock_okta.web.cookies import Cookies
from mock_okta.web.return_urls import Destinations
from mock_okta.web.routing import Endpoint, Route

__all__ = ["routes"]


def routes(
    services: Services,
    cookies: Cookies,
    engine: Engine,
    own_release: OwnRelease,
    federation: Federation | None,
) -> tuple[Route, ...]:
    """Return sessions, the ways into them and out of them, hosted pages and the widget's files.

    `federation`: goes on with sign-ins of apps that embed the widget, if the org's engine has them.
    """
    storage, sessions, site = services.storage, services.sessions, cookies.site
    endpoints: tuple[Endpoint, ...] = (
        *_sessions(services, cookies, engine, federation),
        HostedPages(
            storage=storage,
            sessions=sessions,
            policies=services.policies,
            password_sign_in=services.password_sign_in,
            cookies=cookies,
            destinations=Destinations(storage=storage, site=site),
            site=site,
            engine=engine,
            own_release=own_release,
        ),
        DevicesEndpoint(
            storage=storage, ids=services.ids, sessions=sessions, cookies=cookies, site=site
        ),
        WidgetAssets(releases=own_release.releases),
        PicturesEndpoint(),
    )
    return tuple(chain.from_iterable(each.routes() for each in endpoints))


def _sessions(
    services: Services, cookies: Cookies, engine: Engine, federation: Federation | None
) -> tuple[Endpoint, ...]:
    """Return sessions, and the ways into them and out of them."""
    storage, sessions, site = services.storage, services.sessions, cookies.site
    destinations = Destinations(storage=storage, site=site)
    return (
        SessionsEndpoint(
            storage=storage,
            sessions=sessions,
            cookies=cookies,
            engine=services.engine,
            site=site,
        ),
        BrowserSessionEndpoint(
            sessions=sessions, cookies=cookies, destinations=destinations, site=site
        ),
        IdentityProvidersEndpoint(
            storage=storage,
            external=services.external,
            sessions=sessions,
            requirements=services.requirements,
            engine=engine,
            federation=federation,
            destinations=destinations,
            cookies=cookies,
            site=site,
        ),
    )
