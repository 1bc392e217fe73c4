"""Operations on a transaction, and their paths below `/api/v1/authn` (facts/classic C.3)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

__all__ = ["PATHS", "Operation", "post"]


class Operation(StrEnum):
    """An operation on a transaction that has begun."""

    AUTHENTICATE = "authenticate"
    INTROSPECT = "introspect"
    PREVIOUS = "previous"
    SKIP = "skip"
    CANCEL = "cancel"
    CHANGE_PASSWORD = "changePassword"
    RESET_PASSWORD = "resetPassword"
    ANSWER = "answer"
    VERIFY_RECOVERY = "verifyRecovery"
    RESEND_RECOVERY = "resendRecovery"
    ENROLL = "enroll"
    ACTIVATE = "activate"
    RESEND_ACTIVATION = "resendActivation"
    SEND_ACTIVATION = "sendActivation"
    VERIFY = "verify"
    RESEND = "resend"
    CONSENT = "consent"


PATHS: Mapping[Operation, str] = MappingProxyType(
    {
        Operation.AUTHENTICATE: "/api/v1/authn",
        Operation.INTROSPECT: "/api/v1/authn/introspect",
        Operation.PREVIOUS: "/api/v1/authn/previous",
        Operation.SKIP: "/api/v1/authn/skip",
        Operation.CANCEL: "/api/v1/authn/cancel",
        Operation.CHANGE_PASSWORD: "/api/v1/authn/credentials/change_password",
        Operation.RESET_PASSWORD: "/api/v1/authn/credentials/reset_password",
        Operation.ANSWER: "/api/v1/authn/recovery/answer",
        Operation.VERIFY_RECOVERY: "/api/v1/authn/recovery/factors/{channel}/verify",
        Operation.RESEND_RECOVERY: "/api/v1/authn/recovery/factors/{channel}/resend",
        Operation.ENROLL: "/api/v1/authn/factors",
        Operation.ACTIVATE: "/api/v1/authn/factors/{factor_id}/lifecycle/activate",
        Operation.RESEND_ACTIVATION: "/api/v1/authn/factors/{factor_id}/lifecycle/resend",
        Operation.SEND_ACTIVATION: "/api/v1/authn/factors/{factor_id}/lifecycle/activate/{channel}",
        Operation.VERIFY: "/api/v1/authn/factors/{factor_id}/verify",
        Operation.RESEND: "/api/v1/authn/factors/{factor_id}/verify/resend",
        Operation.CONSENT: "/api/v1/authn/consent",
    }
)


def post(href: str, name: str | None = None) -> dict[str, Any]:
    """Return a link to POST to. It has one method: only then do clients make a function of it."""
    named = {} if name is None else {"name": name}
    return {**named, "href": href, "hints": {"allow": ["POST"]}}
