"""The state machine as one table: which operations a status allows, and the step of each.

`_links` derive from it (`links.py`); an operation that is not in it is E0000079.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import MappingProxyType, MethodType
from typing import Any, TypeAlias

from mock_okta.authn.operations import Operation
from mock_okta.authn.requests import Call
from mock_okta.authn.steps.consent import ConsentSteps
from mock_okta.authn.steps.enrolment import EnrolmentSteps
from mock_okta.authn.steps.factors import FactorSteps
from mock_okta.authn.steps.navigation import NavigationSteps
from mock_okta.authn.steps.passwords import PasswordSteps
from mock_okta.authn.steps.primary import PrimarySteps
from mock_okta.authn.steps.recovery import RecoverySteps
from mock_okta.authn.steps.settling import Steps
from mock_okta.model.transactions import Status, Transaction

__all__ = ["BEGINNINGS", "TRANSITIONS", "Beginning", "BoundStep", "bound", "operations_in"]

Beginning: TypeAlias = Callable[[Call], Awaitable[dict[str, Any]]]
"""Begins a transaction; returns the body of the answer, as a step does."""

BoundStep: TypeAlias = Callable[[Transaction, Call], Awaitable[dict[str, Any]]]
"""Takes a transaction in a status that the table allows."""

Step: TypeAlias = Callable[[Any, Transaction, Call], Awaitable[dict[str, Any]]]

_STEPS: Mapping[Status, Mapping[Operation, Step]] = {
    Status.UNAUTHENTICATED: {
        Operation.AUTHENTICATE: PrimarySteps.authenticate,
        Operation.VERIFY: FactorSteps.begin_first,
    },
    Status.MFA_REQUIRED: {
        Operation.VERIFY: FactorSteps.begin,
    },
    Status.MFA_CHALLENGE: {
        Operation.VERIFY: FactorSteps.verify,
        Operation.RESEND: FactorSteps.resend,
        Operation.PREVIOUS: NavigationSteps.previous,
    },
    Status.MFA_ENROLL: {
        Operation.ENROLL: EnrolmentSteps.enroll,
        Operation.SKIP: NavigationSteps.skip,
    },
    Status.MFA_ENROLL_ACTIVATE: {
        Operation.ACTIVATE: EnrolmentSteps.activate,
        Operation.RESEND_ACTIVATION: EnrolmentSteps.resend,
        Operation.SEND_ACTIVATION: EnrolmentSteps.send_link,
        Operation.PREVIOUS: NavigationSteps.previous,
    },
    Status.PASSWORD_WARN: {
        Operation.CHANGE_PASSWORD: PasswordSteps.change,
        Operation.SKIP: NavigationSteps.skip,
    },
    Status.PASSWORD_EXPIRED: {
        Operation.CHANGE_PASSWORD: PasswordSteps.change,
    },
    Status.PASSWORD_RESET: {
        Operation.RESET_PASSWORD: PasswordSteps.reset,
    },
    Status.RECOVERY: {
        Operation.ANSWER: RecoverySteps.answer,
    },
    Status.CONSENT_REQUIRED: {
        Operation.CONSENT: ConsentSteps.consent,
    },
    Status.SUCCESS: {},  # of a step-up or a consent; its link is GET /login/step-up/redirect
    Status.RECOVERY_CHALLENGE: {
        Operation.VERIFY_RECOVERY: RecoverySteps.verify,
        Operation.RESEND_RECOVERY: RecoverySteps.resend,
    },
}
_ALWAYS: Mapping[Operation, Step] = {
    Operation.INTROSPECT: NavigationSteps.introspect,
    Operation.CANCEL: NavigationSteps.cancel,
}

TRANSITIONS: Mapping[tuple[Status, Operation], Step] = MappingProxyType(
    {
        (status, operation): step
        for status, steps in _STEPS.items()
        for operation, step in {**steps, **_ALWAYS}.items()
    }
)

BEGINNINGS: Mapping[str, Callable[[Any, Call], Awaitable[dict[str, Any]]]] = MappingProxyType(
    {
        "/api/v1/authn/recovery/password": RecoverySteps.forget_password,
        "/api/v1/authn/recovery/unlock": RecoverySteps.unlock,
        "/api/v1/authn/recovery/token": RecoverySteps.redeem,
    }
)
"""The other ways to begin a transaction than POST authn, by path (facts/classic C.3)."""


def operations_in(status: Status) -> tuple[Operation, ...]:
    """Return the operations that the status allows."""
    return tuple(operation for found, operation in TRANSITIONS if found is status)


def bound(method: Callable[..., Any], steps: Iterable[Steps]) -> Any:
    """Return the method of a row, bound to the one of `steps` that is of its class."""
    owner = next(each for each in steps if method in vars(type(each)).values())
    return MethodType(method, owner)
