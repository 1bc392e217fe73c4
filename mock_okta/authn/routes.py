"""The routes of Classic Engine, at one of the org's names."""

from itertools import chain
from typing import Any

from mock_okta.authn.endpoints import AuthnEndpoint
from mock_okta.authn.engine import classic_transactions
from mock_okta.authn.registration import RegistrationEndpoint
from mock_okta.authn.responses import Responses
from mock_okta.authn.step_up import StepUpEndpoint
from mock_okta.authn.steps.activation import ActivationSteps
from mock_okta.authn.steps.consent import ConsentSteps
from mock_okta.authn.steps.enrolment import EnrolmentSteps
from mock_okta.authn.steps.factors import FactorSteps
from mock_okta.authn.steps.navigation import NavigationSteps
from mock_okta.authn.steps.passwords import PasswordSteps
from mock_okta.authn.steps.primary import PrimarySteps
from mock_okta.authn.steps.recovery import RecoverySteps
from mock_okta.authn.steps.settling import Steps
from mock_okta.authn.transitions import BEGINNINGS, TRANSITIONS, bound, operations_in
from mock_okta.authn.user_factors import UserFactorsEndpoint
from mock_okta.authn.welcome import WelcomeEndpoint
from mock_okta.model.transactions import Transaction
from mock_okta.services.services import Services
from mock_okta.services.sign_in.engine import Engine
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.web.api_tokens import ApiTokens
from mock_okta.web.cookies import Cookies
from mock_okta.web.routing import Endpoint, Route

__all__ = ["routes"]


def routes(services: Services, cookies: Cookies, engine: Engine) -> tuple[Route, ...]:
    """Return the sign-in state machine, the ways into it, and registration.

    `engine`: what signs users in on the org's own pages.
    """
    storage, transactions = services.storage, classic_transactions(services)
    steps = _steps(services, transactions)
    activate = bound(ActivationSteps.begin, steps)
    endpoints: tuple[Endpoint, ...] = (
        StepUpEndpoint(
            users=storage.users,
            sessions=services.sessions,
            transactions=transactions,
            cookies=cookies,
            site=cookies.site,
        ),
        _state_machine(services, transactions, cookies, steps),
        UserFactorsEndpoint(
            users=storage.users, transactions=storage.transactions, factors=services.factors
        ),
        WelcomeEndpoint(engine=engine, activate=activate, cookies=cookies, url=services.world.url),
        RegistrationEndpoint(
            forms=storage.registration_policies,
            policies=services.policies,
            registrations=services.registrations,
        ),
    )
    return tuple(chain.from_iterable(each.routes() for each in endpoints))


def _state_machine(
    services: Services,
    transactions: Transactions[Transaction],
    cookies: Cookies,
    steps: tuple[Steps, ...],
) -> AuthnEndpoint:
    return AuthnEndpoint(
        steps={row: bound(method, steps) for row, method in TRANSITIONS.items()},
        beginnings={path: bound(method, steps) for path, method in BEGINNINGS.items()},
        sign_in=bound(PrimarySteps.sign_in, steps),
        activate=bound(ActivationSteps.begin, steps),
        transactions=transactions,
        ids=services.ids,
        cookies=cookies,
        api_tokens=ApiTokens(services.storage),
    )


def _steps(services: Services, transactions: Transactions[Transaction]) -> tuple[Steps, ...]:
    shared: dict[str, Any] = {
        "users": services.storage.users,
        "requirements": services.requirements,
        "transactions": transactions,
        "sessions": services.sessions,
        "responses": Responses(
            requirements=services.requirements,
            factors=services.factors,
            operations=operations_in,
            url=services.world.url,
        ),
    }
    factors, credentials, policies = services.factors, services.credentials, services.policies
    recoveries = services.recoveries
    password_steps = PasswordSteps(**shared, passwords=services.passwords)
    return (
        PrimarySteps(**shared, policies=policies, credentials=credentials),
        ActivationSteps(**shared, recoveries=recoveries, lifecycle=services.lifecycle),
        FactorSteps(**shared, factors=factors, credentials=credentials, proving=services.proving),
        EnrolmentSteps(**shared, factors=factors, outbox=services.outbox),
        password_steps,
        RecoverySteps(
            **shared,
            recoveries=recoveries,
            policies=policies,
            credentials=credentials,
            passcodes=services.passcodes,
            password_steps=password_steps,
        ),
        NavigationSteps(**shared),
        ConsentSteps(**shared, parked=services.storage.parked_authorizations),
    )
