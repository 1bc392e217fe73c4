"""The state machine as one table: what may be done in which status, and by which step.

`_links` derive from it (`links.py`); what it does not name is E0000079.
"""

from collections.abc import Mapping
from types import MappingProxyType

from mock_okta.authn.operations import Operation
from mock_okta.authn.steps import (
    Beginning,
    Step,
    consent,
    enrolment,
    factors,
    navigation,
    passwords,
    primary,
    recovery,
)
from mock_okta.model.transactions import Status

__all__ = ["BEGINNINGS", "TRANSITIONS", "operations_in"]

_STEPS: Mapping[Status, Mapping[Operation, Step]] = {
    Status.UNAUTHENTICATED: {
        Operation.AUTHENTICATE: primary.authenticate,
        Operation.VERIFY: factors.begin_first,
    },
    Status.MFA_REQUIRED: {
        Operation.VERIFY: factors.begin,
    },
    Status.MFA_CHALLENGE: {
        Operation.VERIFY: factors.verify,
        Operation.RESEND: factors.resend,
        Operation.PREVIOUS: navigation.previous,
    },
    Status.MFA_ENROLL: {
        Operation.ENROLL: enrolment.enroll,
        Operation.SKIP: navigation.skip,
    },
    Status.MFA_ENROLL_ACTIVATE: {
        Operation.ACTIVATE: enrolment.activate,
        Operation.RESEND_ACTIVATION: enrolment.resend,
        Operation.SEND_ACTIVATION: enrolment.send_link,
        Operation.PREVIOUS: navigation.previous,
    },
    Status.PASSWORD_WARN: {
        Operation.CHANGE_PASSWORD: passwords.change,
        Operation.SKIP: navigation.skip,
    },
    Status.PASSWORD_EXPIRED: {
        Operation.CHANGE_PASSWORD: passwords.change,
    },
    Status.PASSWORD_RESET: {
        Operation.RESET_PASSWORD: passwords.reset,
    },
    Status.RECOVERY: {
        Operation.ANSWER: recovery.answer,
    },
    Status.CONSENT_REQUIRED: {
        Operation.CONSENT: consent.consent,
    },
    Status.SUCCESS: {},  # of a step-up or a consent: its link leads away from here
    Status.RECOVERY_CHALLENGE: {
        Operation.VERIFY_RECOVERY: recovery.verify,
        Operation.RESEND_RECOVERY: recovery.resend,
    },
}
_ALWAYS: Mapping[Operation, Step] = {
    Operation.INTROSPECT: navigation.introspect,
    Operation.CANCEL: navigation.cancel,
}

TRANSITIONS: Mapping[tuple[Status, Operation], Step] = MappingProxyType(
    {
        (status, operation): step
        for status, steps in _STEPS.items()
        for operation, step in {**steps, **_ALWAYS}.items()
    }
)

BEGINNINGS: Mapping[str, Beginning] = MappingProxyType(
    {
        "/api/v1/authn/recovery/password": recovery.forget_password,
        "/api/v1/authn/recovery/unlock": recovery.unlock,
        "/api/v1/authn/recovery/token": recovery.redeem,
    }
)
"""What begins a transaction, beside POST authn itself (facts/classic C.3)."""


def operations_in(status: Status) -> tuple[Operation, ...]:
    """Return what the table allows in a status."""
    return tuple(operation for found, operation in TRANSITIONS if found is status)
