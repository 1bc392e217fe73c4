"""What users and the org grant to clients: consents, codes, devices, tokens and their ends."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from mock_okta.model.authorization_servers import Lifetimes

__all__ = [
    "Activation",
    "AuthorizationCode",
    "ConsentGiven",
    "DeviceAuthorization",
    "DeviceDecision",
    "Guesses",
    "LastRevocation",
    "ParkedAuthorization",
    "PushedAuthorization",
    "Redemption",
    "RefreshToken",
    "Reissue",
    "Revocation",
    "TokenRevocation",
    "UsedId",
    "UserCode",
]


class ParkedAuthorization(Struct, frozen=True, kw_only=True):
    """A request to /authorize that waits, under its `okta_key`, for the user to sign in or consent.

    `refused_session_id`: the session that was not enough; only another one can resume the request.
    `asked_session_id`: the session that is asked for consent; `consented`: the user's answer, and
    `declined`: the scopes that they left out.
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
    """A user's consent to a scope for a client."""

    user_id: str
    client_id: str
    server_id: str
    scope: str


class _GrantedToUser(Struct, frozen=True, kw_only=True):
    """What a user granted a client; `idp_id` is that of the session it was granted in."""

    server_id: str
    client_id: str
    user_id: str
    scopes: tuple[str, ...]
    nonce: str | None
    acr: str | None
    amr: tuple[str, ...]
    authenticated_at: datetime
    expires_at: datetime
    idp_id: str | None = None

    @property
    def user_at_client(self) -> tuple[str, str]:
        """The key by which one user's tokens at one client are revoked."""
        return self.user_id, self.client_id


class Redemption(Struct, frozen=True, kw_only=True):
    """What a code was redeemed for: the `jti` of the access token, and when that expires."""

    token_id: str
    token_expires_at: datetime


class AuthorizationCode(_GrantedToUser, frozen=True, kw_only=True):
    """What an authorization code stands for.

    `dpop_jkt`: the thumbprint of the key that must be proved to redeem it (RFC 9449 10).
    `redemption`: what it was redeemed for; such a code gives no tokens any more.
    """

    redirect_uri: str
    lifetimes: Lifetimes
    code_challenge: str | None
    dpop_jkt: str | None = None
    redemption: Redemption | None = None


class DeviceDecision(StrEnum):
    """What the user decided about a device."""

    PENDING = "pending"
    ALLOWED = "allowed"
    DENIED = "denied"


class DeviceAuthorization(Struct, frozen=True, kw_only=True):
    """A device that waits, under its device code, for a user to allow it (RFC 8628).

    `ends_at`: until when it is valid; it is kept longer, to tell a late device why it fails.
    `polled_at`: when it last asked before a decision. The fields from `user_id` on are set when a
    user allows it.
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
        """The key by which one user's tokens at one client are revoked."""
        return None if self.user_id is None else (self.user_id, self.client_id)


class Guesses(Struct, frozen=True, kw_only=True):
    """How many wrong user codes a user has entered in the period that ends at `expires_at`."""

    count: int
    expires_at: datetime


class UserCode(Struct, frozen=True, kw_only=True):
    """Which device a user code stands for, until a user decides."""

    device_code: str
    expires_at: datetime


class Activation(Struct, frozen=True, kw_only=True):
    """A device that a user was asked to allow, under a one-time key of that session."""

    user_code: str
    session_id: str
    expires_at: datetime


class RefreshToken(_GrantedToUser, frozen=True, kw_only=True):
    """What a refresh token stands for; `family` (`oar…`) stays the same when it rotates.

    `ends_at`: when the family ends, however often it is used; None for never. `successor` and
    `rotated_at` are set when it is rotated. `jkt`: the thumbprint of the key that a public client
    must prove to use it (RFC 9449 5). `reused_at`: when it was used after its rotation, too late.
    """

    family: str
    ends_at: datetime | None
    successor: str | None = None
    rotated_at: datetime | None = None
    jkt: str | None = None
    reused_at: datetime | None = None


class Revocation(Struct, frozen=True, kw_only=True):
    """Makes a token (by `jti`) or a refresh family (by `oar…`) invalid."""

    expires_at: datetime


class TokenRevocation(Struct, frozen=True, kw_only=True):
    """Revokes all access tokens of a user, a client or both that were issued up to `revoked_at`.

    A token's `iat` is in whole seconds, and the org's clock may be frozen or moved back. A token
    that was issued later, though its `iat` does not show it, has a `Reissue`.
    """

    id: str
    revoked_at: datetime
    expires_at: datetime


class LastRevocation(Struct, frozen=True, kw_only=True):
    """The latest `revoked_at` of any `TokenRevocation`: no token after it is revoked by one."""

    revoked_at: datetime


class Reissue(Struct, frozen=True, kw_only=True):
    """Marks an access token as issued after a revocation."""

    expires_at: datetime


class UsedId(Struct, frozen=True, kw_only=True):
    """The `jti` of a one-time JWT that was used."""

    expires_at: datetime
