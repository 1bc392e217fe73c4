"""The routes of the management API, at one of the org's host names."""

from itertools import chain

from mock_okta.management.app_links import AppLinksEndpoint
from mock_okta.management.users import UsersEndpoint
from mock_okta.management.well_known import OrganizationEndpoint, WebFingerEndpoint
from mock_okta.services.services import Services
from mock_okta.web.cookies import Cookies
from mock_okta.web.return_urls import Destinations
from mock_okta.web.routing import Endpoint, Route

__all__ = ["routes"]


def routes(services: Services, cookies: Cookies) -> tuple[Route, ...]:
    """Return users, their apps, the org itself, and WebFinger."""
    storage, sessions, site = services.storage, services.sessions, cookies.site
    endpoints: tuple[Endpoint, ...] = (
        UsersEndpoint(sessions=sessions, cookies=cookies, site=site),
        AppLinksEndpoint(
            storage=storage,
            sessions=sessions,
            cookies=cookies,
            site=site,
            issuers=services.issuers,
        ),
        WebFingerEndpoint(
            storage=storage,
            external=services.external,
            destinations=Destinations(storage=storage, site=site),
            site=site,
        ),
        OrganizationEndpoint(storage=storage, issuers=services.issuers, engine=services.engine),
    )
    return tuple(chain.from_iterable(each.routes() for each in endpoints))
