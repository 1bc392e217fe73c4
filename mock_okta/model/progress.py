"""A sign-in in progress, as far as it is the same in every engine."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from mock_okta.model.assurance import Proof
from mock_okta.model.factors import Factor
from mock_okta.model.pushes import PushAnswer

__all__ = ["Challenge", "KeptProgress", "Progress", "RecoveryType", "Step"]


class Step(StrEnum):
    """What a user may have to do before they are signed in."""

    PROVE_FACTOR = "PROVE_FACTOR"
    RENEW_PASSWORD = "RENEW_PASSWORD"
    WARN_PASSWORD = "WARN_PASSWORD"
    ENROLL_FACTOR = "ENROLL_FACTOR"
    COMPLETE_PROFILE = "COMPLETE_PROFILE"
    KEEP_SIGNED_IN = "KEEP_SIGNED_IN"


class RecoveryType(StrEnum):
    """What somebody recovers; activation goes the same way, its first password being a reset."""

    PASSWORD = "PASSWORD"
    UNLOCK = "UNLOCK"
    ACCOUNT_ACTIVATION = "ACCOUNT_ACTIVATION"


class Challenge(Struct, frozen=True, kw_only=True):
    """What was sent to the user, or asked of a device, and is waited for.

    `value`: the passcode sent, WebAuthn's challenge (base64url), or the id of the push request.
    """

    value: str
    sent_at: datetime
    expires_at: datetime


class Progress(Struct, frozen=True, kw_only=True):
    """What is known of somebody who signs in, recovers, or steps up a session.

    `login`: the name that a sign-in without a password began with, whether or not somebody has it.
    `amr`: what was proved so far; `proofs`: the same, where the engine keeps more of it.
    `idp_id`: the identity provider that proved who the user is.
    `device_token`, `fingerprint`: how the browser names its device, and what it said of it.
    `is_step_up`: the user has a session, and an app asks for a factor. `session_id`: the session
    that it lifts, None where a new one begins; `target`: the path where the browser goes then.
    `skipped`: what the user put off. `enrolled`: whether a factor was enrolled on the way.
    `wants_password_warning`: ask the user to renew a password that expires soon;
    `wants_more_factors`: after one optional factor, offer the next.
    `factor_id`: the factor that is challenged; `enrolling`: the one that is enrolled, not active
    yet; `challenge` and `answer`: what was sent, and what came back.
    """

    user_id: str | None = None
    login: str | None = None
    amr: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()
    idp_id: str | None = None
    device_token: str | None = None
    fingerprint: str | None = None
    is_step_up: bool = False
    session_id: str | None = None
    target: str | None = None
    skipped: frozenset[Step] = frozenset()
    enrolled: bool = False
    wants_password_warning: bool = False
    wants_more_factors: bool = False
    factor_id: str | None = None
    enrolling: Factor | None = None
    challenge: Challenge | None = None
    answer: PushAnswer | None = None

    @property
    def enrolling_id(self) -> str | None:
        """The id of the factor that is enrolled."""
        return None if self.enrolling is None else self.enrolling.id

    @property
    def is_anonymous(self) -> bool:
        """Whether somebody gave a login alone, and has proved nothing yet."""
        return self.login is not None and not self.amr


class KeptProgress(Progress, frozen=True, kw_only=True):
    """Progress that is kept from one request to the next, under the handle that a client sends.

    An engine's own record adds what the engine alone has. `version`: grows with each change, so
    that of two changes to the same state one is refused. `is_claimed`: one request has it to
    itself, until it is advanced.
    """

    handle: str
    expires_at: datetime
    version: int = 0
    is_claimed: bool = False
