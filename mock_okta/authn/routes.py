"""What Classic Engine serves, at one of the org's names."""

from itertools import chain

from mock_okta.authn.endpoints import AuthnEndpoint
from mock_okta.authn.engine import classic_transactions
from mock_okta.authn.parts import Parts
from mock_okta.authn.registration import RegistrationEndpoint
from mock_okta.authn.responses import Responses
from mock_okta.authn.step_up import StepUpEndpoint
from mock_okta.authn.transitions import operations_in
from mock_okta.authn.user_factors import UserFactorsEndpoint
from mock_okta.authn.welcome import WelcomeEndpoint
from mock_okta.services.services import Services
from mock_okta.web.api_tokens import ApiTokens
from mock_okta.web.cookies import Cookies
from mock_okta.web.routing import Endpoint, Route

__all__ = ["routes"]


def routes(services: Services, cookies: Cookies) -> tuple[Route, ...]:
    """Return the sign-in state machine, the ways into it, and registration."""
    transactions = classic_transactions(services)
    storage, factors, url = services.storage, services.factors, services.world.url
    parts = Parts(
        storage=storage,
        clock=services.clock,
        ids=services.ids,
        outbox=services.outbox,
        policies=services.policies,
        credentials=services.credentials,
        passwords=services.passwords,
        passcodes=services.passcodes,
        recoveries=services.recoveries,
        lifecycle=services.lifecycle,
        requirements=services.requirements,
        transactions=transactions,
        factors=factors,
        sessions=services.sessions,
        responses=Responses(
            requirements=services.requirements,
            factors=factors,
            operations=operations_in,
            url=url,
        ),
        url=url,
    )
    endpoints: tuple[Endpoint, ...] = (
        StepUpEndpoint(
            storage=storage,
            sessions=services.sessions,
            transactions=transactions,
            cookies=cookies,
            site=cookies.site,
        ),
        AuthnEndpoint(parts=parts, cookies=cookies, api_tokens=ApiTokens(storage)),
        UserFactorsEndpoint(storage=storage, factors=factors),
        WelcomeEndpoint(parts=parts, cookies=cookies),
        RegistrationEndpoint(
            storage=storage, policies=services.policies, registrations=services.registrations
        ),
    )
    return tuple(chain.from_iterable(each.routes() for each in endpoints))
