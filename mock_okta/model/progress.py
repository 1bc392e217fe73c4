"""A sign-in or recovery in progress: what all engines share."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from mock_okta.model.assurance import Proof
from mock_okta.model.directory import UserStatus
from mock_okta.model.factors import Factor, PushAnswer

__all__ = ["Challenge", "KeptProgress", "Progress", "RecoveryToken", "RecoveryType", "Step"]


class Step(StrEnum):
    """What a user may have to do before they are signed in."""

    PROVE_FACTOR = "PROVE_FACTOR"
    RENEW_PASSWORD = "RENEW_PASSWORD"
    WARN_PASSWORD = "WARN_PASSWORD"
    ENROLL_FACTOR = "ENROLL_FACTOR"
    COMPLETE_PROFILE = "COMPLETE_PROFILE"
    KEEP_SIGNED_IN = "KEEP_SIGNED_IN"


class RecoveryType(StrEnum):
    """What a user recovers; activation works the same way: its first password is a reset."""

    PASSWORD = "PASSWORD"
    UNLOCK = "UNLOCK"
    ACCOUNT_ACTIVATION = "ACCOUNT_ACTIVATION"


class Challenge(Struct, frozen=True, kw_only=True):
    """What was sent to the user or asked of a device, and is not answered yet.

    `value`: the passcode, WebAuthn's challenge (base64url), or the id of the push request.
    """

    value: str
    sent_at: datetime
    expires_at: datetime


class Progress(Struct, frozen=True, kw_only=True):
    """What is known about a user who signs in, recovers, or steps up a session.

    `login`: the name that a sign-in without a password began with; maybe no user has it.
    `amr`: what was proved so far; `proofs`: the same with more details, if the engine keeps them.
    `idp_id`: the identity provider that proved who the user is.
    `device_token`, `fingerprint`: how the browser identifies and describes its device.
    `is_step_up`: the user has a session, and an app asks for a factor. `session_id`: the session to
    step up, None if a new one begins; `target`: the path where the browser goes afterwards.
    `skipped`: steps that the user skipped. `enrolled`: a factor was enrolled on the way.
    `wants_password_warning`: ask the user to renew a password that expires soon.
    `wants_more_factors`: after one optional factor, offer the next.
    `factor_id`: the factor that is challenged; `enrolling`: a new factor, not active yet;
    `challenge` and `answer`: what was sent, and the reply.
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
        """The id of the new factor."""
        return None if self.enrolling is None else self.enrolling.id

    @property
    def is_anonymous(self) -> bool:
        """True if a login was given and nothing is proved yet."""
        return self.login is not None and not self.amr


class KeptProgress(Progress, frozen=True, kw_only=True):
    """Progress that is stored from one request to the next, under the handle that a client sends.

    An engine's own record adds its own fields. `version`: grows with each change, so that one of
    two changes to the same state is refused. `is_claimed`: one request holds it exclusively, until
    it advances.
    """

    handle: str
    expires_at: datetime
    version: int = 0
    is_claimed: bool = False


class RecoveryToken(Struct, frozen=True, kw_only=True):
    """A token, sent in a link or returned, that recovers or activates an account once.

    `ends_at`: until when it is valid; it is kept longer, so that a late or `used` one gets another
    answer than an unknown one. `issued_in`: the user's status at that time.
    """

    user_id: str
    recovery_type: RecoveryType
    issued_in: UserStatus
    issued_at: datetime
    ends_at: datetime
    expires_at: datetime
    relay_state: str | None = None
    used: bool = False
