"""Sessions at the org, how they began, and the devices on which users signed in."""

from datetime import datetime, timedelta

from msgspec import Struct

from mock_okta.model.assurance import Proof

__all__ = ["AskedDevice", "KnownDevice", "RememberedDevice", "Session", "SessionToken"]


class _SignedIn(Struct, frozen=True, kw_only=True):
    """How a user signed in.

    `idle`: how long a session lasts from each refresh. `idp_id`: the identity provider that signed
    the user in, None for the org itself. `fingerprint`: what the browser said about the device.
    `proofs`: what `amr` comes from, if the engine keeps it.
    """

    user_id: str
    amr: tuple[str, ...]
    authenticated_at: datetime
    expires_at: datetime
    idle: timedelta = timedelta(hours=2)
    factor_verified_at: datetime | None = None
    idp_id: str | None = None
    fingerprint: str | None = None
    proofs: tuple[Proof, ...] = ()


class Session(_SignedIn, frozen=True, kw_only=True):
    """A user's session at the org: the cookie `sid`, or `idx` with the Identity Engine.

    `ends_at`: when it ends, however often it is used; None for never. `is_persistent`: it outlasts
    the browser.
    """

    id: str
    created_at: datetime
    ends_at: datetime | None = None
    is_persistent: bool = False


class SessionToken(_SignedIn, frozen=True, kw_only=True):
    """A finished sign-in, which becomes a session once; `lifetime` is the session's."""

    lifetime: timedelta | None = None


class KnownDevice(Struct, frozen=True, kw_only=True):
    """A device on which the user has signed in before; it lasts as long as the cookie `DT`."""

    user_id: str
    expires_at: datetime


class RememberedDevice(Struct, frozen=True, kw_only=True):
    """A device on which the user proved a factor, and is not asked again until this expires."""

    user_id: str
    expires_at: datetime


class AskedDevice(Struct, frozen=True, kw_only=True):
    """A device on which the user was asked to stay signed in, and is not asked until it expires."""

    user_id: str
    expires_at: datetime
