"""What comes and goes in an org: sessions, codes, tokens, and what was sent."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from msgspec import Struct, field

from mock_okta.model.assurance import Proof
from mock_okta.model.checks import require
from mock_okta.model.directory import Lifetimes, UserStatus
from mock_okta.model.progress import RecoveryType

__all__ = [
    "Activation",
    "ApiToken",
    "AskedDevice",
    "AuthorizationCode",
    "ConsentGiven",
    "DeviceAuthorization",
    "DeviceDecision",
    "KnownDevice",
    "Login",
    "Message",
    "ParkedAuthorization",
    "PushedAuthorization",
    "RateLimit",
    "RecoveryToken",
    "RefreshToken",
    "Reissue",
    "RememberedDevice",
    "RequestCount",
    "Revocation",
    "Session",
    "SessionToken",
    "TokenRevocation",
    "UsedId",
    "UserCode",
]


class Login(Struct, frozen=True, kw_only=True):
    """Whose a login is; of two users who want it, one gets it."""

    user_id: str


class Session(Struct, frozen=True, kw_only=True):
    """A user's session at the org: the cookie `sid`, or `idx` with the Identity Engine.

    `idle`: how long it lasts from each refresh; `ends_at`: when it ends however often it is used.
    `idp_id`: the identity provider that signed the user in, None for the org itself.
    `fingerprint`: what the browser said of the device. `proofs`: what `amr` comes from, where an
    engine keeps more of it. `is_persistent`: it outlasts the browser.
    """

    id: str
    user_id: str
    amr: tuple[str, ...]
    created_at: datetime
    authenticated_at: datetime
    expires_at: datetime
    idle: timedelta = timedelta(hours=2)
    ends_at: datetime | None = None
    factor_verified_at: datetime | None = None
    idp_id: str | None = None
    fingerprint: str | None = None
    proofs: tuple[Proof, ...] = ()
    is_persistent: bool = False


class SessionToken(Struct, frozen=True, kw_only=True):
    """What a sign-in proved, to be turned into a session once; durations are the session's."""

    user_id: str
    amr: tuple[str, ...]
    authenticated_at: datetime
    expires_at: datetime
    idle: timedelta = timedelta(hours=2)
    lifetime: timedelta | None = None
    factor_verified_at: datetime | None = None
    idp_id: str | None = None
    fingerprint: str | None = None
    proofs: tuple[Proof, ...] = ()


class KnownDevice(Struct, frozen=True, kw_only=True):
    """Says that a user has signed in on a device before; it lasts as long as the cookie `DT`."""

    user_id: str
    expires_at: datetime


class RememberedDevice(Struct, frozen=True, kw_only=True):
    """Says that a user proved a factor on a device, and need not again until it expires."""

    user_id: str
    expires_at: datetime


class AskedDevice(Struct, frozen=True, kw_only=True):
    """Says that a user was asked on a device whether to stay signed in, and is not until then."""

    user_id: str
    expires_at: datetime


class ParkedAuthorization(Struct, frozen=True, kw_only=True):
    """A request to /authorize that waits, under its `okta_key`, for the user to sign in or consent.

    `refused_session_id`: the session that was not good enough, so that only another one resumes.
    `asked_session_id`: the one that is asked for consent; `consented`: what the user said,
    and `declined`: the scopes that they left out.
    `asked_at`: what was proved from then on was proved for this request.
    """

    server_id: str
    parameters: tuple[tuple[str, str], ...]
    expires_at: datetime
    refused_session_id: str | None = None
    asked_session_id: str | None = None
    consented: bool | None = None
    declined: frozenset[str] = frozenset()
    asked_at: datetime | None = None


class PushedAuthorization(Struct, frozen=True, kw_only=True):
    """The parameters that a client pushed, under their `request_uri`."""

    server_id: str
    client_id: str
    parameters: tuple[tuple[str, str], ...]
    expires_at: datetime


class ConsentGiven(Struct, frozen=True, kw_only=True):
    """Says that a user agreed to a scope for a client."""

    user_id: str
    client_id: str
    server_id: str
    scope: str


class AuthorizationCode(Struct, frozen=True, kw_only=True):
    """What an authorization code stands for; `idp_id` is the session's.

    `dpop_jkt`: the thumbprint of the key that must be proved to redeem it (RFC 9449 10).
    """

    server_id: str
    client_id: str
    user_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    lifetimes: Lifetimes
    nonce: str | None
    acr: str | None
    code_challenge: str | None
    amr: tuple[str, ...]
    authenticated_at: datetime
    expires_at: datetime
    idp_id: str | None = None
    dpop_jkt: str | None = None

    @property
    def user_at_client(self) -> tuple[str, str]:
        """What a revocation of one user's tokens at one client finds it by."""
        return self.user_id, self.client_id


class Redemption(Struct, frozen=True, kw_only=True):
    """What a code was redeemed for; `token_id`: the `jti` of the access token.

    `token_expires_at`: that of the access token; `expires_at`: that of the code.
    """

    server_id: str
    client_id: str
    token_id: str
    token_expires_at: datetime
    expires_at: datetime


class DeviceDecision(StrEnum):
    """What the user said of a device."""

    PENDING = "pending"
    ALLOWED = "allowed"
    DENIED = "denied"


class DeviceAuthorization(Struct, frozen=True, kw_only=True):
    """A device that waits, under its device code, for a user to allow it (RFC 8628).

    `ends_at`: until when it is good; it is kept longer, to explain to a device what is too late.
    `polled_at`: when it last asked in vain. From `user_id` on: set once a user allowed it.
    """

    server_id: str
    client_id: str
    scopes: tuple[str, ...]
    ends_at: datetime
    expires_at: datetime
    decision: DeviceDecision = DeviceDecision.PENDING
    polled_at: datetime | None = None
    user_id: str | None = None
    lifetimes: Lifetimes = Lifetimes()
    amr: tuple[str, ...] = ()
    authenticated_at: datetime | None = None
    idp_id: str | None = None

    @property
    def user_at_client(self) -> tuple[str, str] | None:
        """What a revocation of one user's tokens at one client finds it by."""
        return None if self.user_id is None else (self.user_id, self.client_id)


class RecoveryToken(Struct, frozen=True, kw_only=True):
    """What lets its holder recover or activate an account, once: sent in a link, or handed over.

    `ends_at`: until when it is good; it is kept longer, so that one that came too late, or was
    `used`, can be told from one that never was. `issued_in`: the user's status back then.
    """

    user_id: str
    recovery_type: RecoveryType
    issued_in: UserStatus
    issued_at: datetime
    ends_at: datetime
    expires_at: datetime
    relay_state: str | None = None
    used: bool = False


class Guesses(Struct, frozen=True, kw_only=True):
    """How many wrong user codes somebody has entered in the time that ends at `expires_at`."""

    count: int
    expires_at: datetime


class UserCode(Struct, frozen=True, kw_only=True):
    """Which device a user code stands for, until somebody decides."""

    device_code: str
    expires_at: datetime


class Activation(Struct, frozen=True, kw_only=True):
    """A device that was shown to a user to decide on, under a one-time key of that session."""

    user_code: str
    session_id: str
    expires_at: datetime


class RefreshToken(Struct, frozen=True, kw_only=True):
    """What a refresh token stands for; `family` (`oar…`) stays the same when it rotates.

    `ends_at`: when the family ends however often it is used; None for never. `successor` and
    `rotated_at` are set once it was rotated. `jkt`: the thumbprint of the key that a public client
    must prove to use it (RFC 9449 5). `idp_id`: that of the session that it began in.
    """

    family: str
    server_id: str
    client_id: str
    user_id: str
    scopes: tuple[str, ...]
    nonce: str | None
    acr: str | None
    amr: tuple[str, ...]
    authenticated_at: datetime
    ends_at: datetime | None
    expires_at: datetime
    successor: str | None = None
    rotated_at: datetime | None = None
    jkt: str | None = None
    idp_id: str | None = None

    @property
    def user_at_client(self) -> tuple[str, str]:
        """What a revocation of one user's tokens at one client finds it by."""
        return self.user_id, self.client_id


class Revocation(Struct, frozen=True, kw_only=True):
    """Says that a token (by `jti`) or a refresh family (by `oar…`) is good no more."""

    expires_at: datetime


class TokenRevocation(Struct, frozen=True, kw_only=True):
    """Says that all access tokens of some kind are dead that were issued up to `revoked_at`.

    Tokens say when they were issued in whole seconds alone, and a clock may stand still or go back:
    one that was issued later, but does not look so, has a `Reissue`.
    """

    id: str
    revoked_at: datetime
    expires_at: datetime


class Reissue(Struct, frozen=True, kw_only=True):
    """Says that an access token was issued after a revocation."""

    expires_at: datetime


class ApiToken(Struct, frozen=True, kw_only=True):
    """An API token (`Authorization: SSWS …`), of that user, if of any."""

    token: str
    user_id: str | None


class RateLimit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many requests a minute are answered at `path` and below it; the rest is refused (429)."""

    path: str
    limit: int

    def __post_init__(self) -> None:
        require(
            self.path.startswith("/") and not self.path.endswith("/") and self.path.isprintable(),
            "a rate limit's 'path' starts with '/' and does not end with one",
        )
        require(self.limit >= 0, "a rate limit's 'limit' is 0 or more requests a minute")


class RequestCount(Struct, frozen=True, kw_only=True):
    """How many requests came in the window that ends at `reset` (epoch seconds)."""

    count: int
    reset: int
    expires_at: datetime


class UsedId(Struct, frozen=True, kw_only=True):
    """Says that the `jti` of a one-time JWT was seen."""

    expires_at: datetime


class Message(Struct, frozen=True, kw_only=True):
    """Something Okta would have sent, kept for the tester; `passcode` and `link` are in the text.

    `to`: an address, a phone number, or for a push the device's name.
    """

    id: str
    channel: Literal["email", "sms", "call", "push"]
    to: str
    template: str
    subject: str
    text: str
    passcode: str | None = None
    link: str | None = None
    created_at: datetime = field()
