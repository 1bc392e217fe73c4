"""Builds what a browser meets beside the authorization servers: sign-in, sessions, pages."""

from itertools import chain

from mock_okta.app.parts import Parts
from mock_okta.authn.endpoints import AuthnEndpoint
from mock_okta.authn.parts import Parts as AuthnParts
from mock_okta.authn.registration import RegistrationEndpoint
from mock_okta.authn.responses import Responses as AuthnResponses
from mock_okta.authn.step_up import StepUpEndpoint
from mock_okta.authn.transitions import operations_in
from mock_okta.authn.user_factors import UserFactorsEndpoint
from mock_okta.authn.welcome import WelcomeEndpoint
from mock_okta.browser.devices import DevicesEndpoint
from mock_okta.browser.hosted import HostedPages
from mock_okta.browser.identity_providers import IdentityProvidersEndpoint
from mock_okta.browser.sessions import SessionsEndpoint
from mock_okta.browser.sign_in_redirects import BrowserSessionEndpoint
from mock_okta.browser.widget.assets import WidgetAssets
from mock_okta.browser.widget.pictures import PicturesEndpoint
from mock_okta.management.app_links import AppLinksEndpoint
from mock_okta.management.endpoints import OrganizationEndpoint, UsersEndpoint
from mock_okta.management.webfinger import WebFingerEndpoint
from mock_okta.services.factors import FactorParts, Factors
from mock_okta.services.factors.passcodes import Passcodes
from mock_okta.services.factors.pushes import Pushes
from mock_okta.services.users.passwords import Passwords
from mock_okta.services.users.registration import Registrations
from mock_okta.web.api_tokens import ApiTokens
from mock_okta.web.return_urls import Destinations
from mock_okta.web.routing import Endpoint, Route

__all__ = ["user_routes"]


def user_routes(parts: Parts) -> tuple[Route, ...]:
    """Return what a browser meets beside the authorization servers."""
    cookies, site = parts.cookies, parts.site
    releases = parts.releases
    pages = HostedPages(
        storage=parts.storage,
        sessions=parts.sessions,
        policies=parts.policies,
        password_sign_in=parts.password_sign_in,
        cookies=cookies,
        destinations=Destinations(storage=parts.storage, site=site),
        site=site,
        releases=releases,
        widget_version=parts.config.widget_version,
    )
    sessions = SessionsEndpoint(
        storage=parts.storage, sessions=parts.sessions, cookies=cookies, site=site
    )
    app_links = AppLinksEndpoint(
        storage=parts.storage,
        sessions=parts.sessions,
        cookies=cookies,
        site=site,
        issuers=parts.issuers,
    )
    webfinger = WebFingerEndpoint(
        storage=parts.storage,
        external=parts.external,
        destinations=Destinations(storage=parts.storage, site=site),
        site=site,
    )
    users = UsersEndpoint(sessions=parts.sessions, cookies=cookies, site=site)
    devices = DevicesEndpoint(
        storage=parts.storage, ids=parts.ids, sessions=parts.sessions, cookies=cookies, site=site
    )
    return (
        *chain.from_iterable(each.routes() for each in _authn_endpoints(parts)),
        *sessions.routes(),
        *chain.from_iterable(each.routes() for each in _session_endpoints(parts)),
        *users.routes(),
        *app_links.routes(),
        *webfinger.routes(),
        *OrganizationEndpoint(storage=parts.storage, issuers=parts.issuers).routes(),
        *pages.routes(),
        *devices.routes(),
        *WidgetAssets(releases=releases).routes(),
        *PicturesEndpoint().routes(),
    )


def _session_endpoints(parts: Parts) -> tuple[Endpoint, ...]:
    """Return the browser's ways into a session and out of it."""
    storage, cookies, site = parts.storage, parts.cookies, parts.site
    destinations = Destinations(storage=storage, site=site)
    return (
        BrowserSessionEndpoint(
            sessions=parts.sessions, cookies=cookies, destinations=destinations, site=site
        ),
        StepUpEndpoint(
            storage=storage,
            sessions=parts.sessions,
            transactions=parts.transactions,
            cookies=cookies,
            site=site,
        ),
        IdentityProvidersEndpoint(
            storage=storage,
            external=parts.external,
            sessions=parts.sessions,
            requirements=parts.requirements,
            engine=parts.engine,
            destinations=destinations,
            cookies=cookies,
            site=site,
        ),
    )


def _authn_endpoints(parts: Parts) -> tuple[Endpoint, ...]:
    """Return the sign-in state machine, the ways into it, and registration."""
    authn, cookies = _authn_parts(parts), parts.cookies
    registrations = Registrations(
        storage=parts.storage,
        clock=parts.clock,
        ids=parts.ids,
        passwords=authn.passwords,
        recoveries=parts.recoveries,
    )
    return (
        AuthnEndpoint(parts=authn, cookies=cookies, api_tokens=ApiTokens(parts.storage)),
        UserFactorsEndpoint(storage=parts.storage, factors=authn.factors),
        WelcomeEndpoint(parts=authn, cookies=cookies),
        RegistrationEndpoint(
            storage=parts.storage, policies=parts.policies, registrations=registrations
        ),
    )


def _authn_parts(parts: Parts) -> AuthnParts:
    """Return what the steps of the sign-in state machine are made of."""
    passcodes = Passcodes(clock=parts.clock, ids=parts.ids, outbox=parts.outbox)
    factors = Factors(
        FactorParts(
            storage=parts.storage,
            clock=parts.clock,
            ids=parts.ids,
            outbox=parts.outbox,
            passcodes=passcodes,
            pushes=Pushes(storage=parts.storage, clock=parts.clock),
            credentials=parts.credentials,
            url=parts.site.url,
        )
    )
    return AuthnParts(
        storage=parts.storage,
        clock=parts.clock,
        ids=parts.ids,
        outbox=parts.outbox,
        policies=parts.policies,
        credentials=parts.credentials,
        passwords=Passwords(storage=parts.storage, clock=parts.clock, policies=parts.policies),
        passcodes=passcodes,
        recoveries=parts.recoveries,
        lifecycle=parts.lifecycle,
        requirements=parts.requirements,
        transactions=parts.transactions,
        factors=factors,
        sessions=parts.sessions,
        responses=AuthnResponses(
            requirements=parts.requirements,
            factors=factors,
            operations=operations_in,
            url=parts.site.url,
        ),
        url=parts.site.url,
    )
