"""A sign-in in progress, as the Classic Engine keeps it (facts/classic C)."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from mock_okta.model.clients import AppUris
from mock_okta.model.progress import KeptProgress, RecoveryType

__all__ = ["ConsentAsked", "RequestAsking", "ScopeAsked", "Status", "Transaction"]


class Status(StrEnum):
    """A transaction's status (facts/classic C.2)."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    PASSWORD_WARN = "PASSWORD_WARN"
    PASSWORD_EXPIRED = "PASSWORD_EXPIRED"
    PASSWORD_RESET = "PASSWORD_RESET"
    RECOVERY = "RECOVERY"
    RECOVERY_CHALLENGE = "RECOVERY_CHALLENGE"
    LOCKED_OUT = "LOCKED_OUT"
    MFA_ENROLL = "MFA_ENROLL"
    MFA_ENROLL_ACTIVATE = "MFA_ENROLL_ACTIVATE"
    MFA_REQUIRED = "MFA_REQUIRED"
    MFA_CHALLENGE = "MFA_CHALLENGE"
    CONSENT_REQUIRED = "CONSENT_REQUIRED"
    SUCCESS = "SUCCESS"


class ScopeAsked(Struct, frozen=True, kw_only=True):
    """A scope that an app wants the user's consent to."""

    name: str
    display_name: str
    description: str


class ConsentAsked(Struct, frozen=True, kw_only=True):
    """What a user is asked to consent to: the scopes of the request parked under `okta_key`."""

    okta_key: str
    client_id: str
    scopes: tuple[ScopeAsked, ...]


class RequestAsking(Struct, frozen=True, kw_only=True):
    """The OAuth request that asks for a step-up; `parameters` as the app sent them."""

    client_id: str
    client_name: str
    server_name: str
    issuer: str
    parameters: Mapping[str, str]


class Transaction(KeptProgress, frozen=True, kw_only=True):
    """One sign-in, recovery or step-up; its handle is the state token.

    `recovery_factor`: how the user recovers: `EMAIL`, `SMS` or `CALL`. `relay_state`: the caller's
    own value, which is returned. `target_name`, `target_uris`: of the app that a step-up or a
    consent is for. `request`: what the app asked for; `consent`: what the user is asked.
    """

    status: Status
    recovery_type: RecoveryType | None = None
    recovery_factor: str | None = None
    relay_state: str | None = None
    target_name: str | None = None
    target_uris: AppUris = AppUris()
    request: RequestAsking | None = None
    consent: ConsentAsked | None = None
