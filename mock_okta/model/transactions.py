"""A sign-in in progress, as the Classic Engine keeps it (facts/classic C)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from mock_okta.model.directory import AppUris
from mock_okta.model.factors import Factor

__all__ = [
    "OVER",
    "Challenge",
    "ConsentAsked",
    "Kind",
    "PushAnswer",
    "RecoveryType",
    "RequestAsking",
    "ScopeAsked",
    "Status",
    "Transaction",
]


class Status(StrEnum):
    """Where a transaction stands (facts/classic C.2)."""

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


class Kind(StrEnum):
    """What a transaction is for, where that is not a plain sign-in."""

    SESSION_STEP_UP = "SESSION_STEP_UP"


class RecoveryType(StrEnum):
    """What somebody recovers; activation goes the same way, its first password being a reset."""

    PASSWORD = "PASSWORD"
    UNLOCK = "UNLOCK"
    ACCOUNT_ACTIVATION = "ACCOUNT_ACTIVATION"


class PushAnswer(StrEnum):
    """What became of a push request."""

    WAITING = "WAITING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    TIMEOUT = "TIMEOUT"


OVER = (PushAnswer.REJECTED, PushAnswer.TIMEOUT)
"""Answers after which nothing is waited for, and the user may be asked again."""


class Challenge(Struct, frozen=True, kw_only=True):
    """What was sent to the user, or asked of a device, and is waited for.

    `value`: the passcode sent, WebAuthn's challenge (base64url), or the id of the push request.
    """

    value: str
    sent_at: datetime
    expires_at: datetime


class ScopeAsked(Struct, frozen=True, kw_only=True):
    """A scope that an app wants the user's consent to."""

    name: str
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


class Transaction(Struct, frozen=True, kw_only=True):
    """One sign-in, recovery or step-up, under its state token.

    `version`: grows with each change, so that of two changes to the same state one is refused.
    `amr`: what was proved so far. `factor_id`: the factor that is challenged; `enrolling`: the one
    that is enrolled, not active yet; `challenge` and `answer`: what was sent, and what came back.
    `skipped`: what the user put off. `enrolled`: whether a factor was enrolled on the way.
    `login`: the name that a sign-in without a password began with, whether or not somebody has it.
    `target`: where a step-up goes on to. `target_name`, `target_uris`: the app's. `request`: what
    it asked for. `session_id`: what it lifts, None where it makes a session. `idp_id`: the identity
    provider that proved who the user is.
    `fingerprint`: what the browser said of the device. `is_claimed`: one request has it to itself,
    until it is advanced.
    """

    state_token: str
    status: Status
    expires_at: datetime
    version: int = 0
    user_id: str | None = None
    login: str | None = None
    kind: Kind | None = None
    recovery_type: RecoveryType | None = None
    recovery_factor: str | None = None
    amr: tuple[str, ...] = ()
    relay_state: str | None = None
    warn_before_password_expired: bool = False
    multi_optional_factor_enroll: bool = False
    skipped: frozenset[Status] = frozenset()
    enrolled: bool = False
    device_token: str | None = None
    factor_id: str | None = None
    enrolling: Factor | None = None
    challenge: Challenge | None = None
    answer: PushAnswer | None = None
    target: str | None = None
    target_name: str | None = None
    target_uris: AppUris = AppUris()
    request: RequestAsking | None = None
    session_id: str | None = None
    idp_id: str | None = None
    fingerprint: str | None = None
    consent: ConsentAsked | None = None
    is_claimed: bool = False

    @property
    def enrolling_id(self) -> str | None:
        """The id of the factor that is enrolled."""
        return None if self.enrolling is None else self.enrolling.id

    @property
    def is_anonymous(self) -> bool:
        """Whether somebody gave a login alone, and has proved nothing yet."""
        return self.login is not None and not self.amr
