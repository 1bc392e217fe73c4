"""The session object (facts/oauth I.1: recorded traffic)."""

from typing import Any

import msgspec
from msgspec import Struct

from mock_okta.clock import wire_instant
from mock_okta.model.directory import User
from mock_okta.model.sessions import Session

__all__ = ["SignedInBy", "session_body"]


class SignedInBy(Struct, frozen=True, kw_only=True):
    """The identity provider of a session, or the org itself."""

    id: str
    type: str


def session_body(
    session: Session, user: User, signed_in_by: SignedInBy | None, url: str
) -> dict[str, Any]:
    """Return the session as Okta shows it, keys in the live order; `url` is the org's.

    `signed_in_by`: None leaves `idp` out. `mfaActive` says that the user has
    a factor; that one was proved, `amr` does.
    """
    verified = wire_instant(session.authenticated_at) if "pwd" in session.amr else None
    name = " ".join(
        str(user.profile[part]) for part in ("firstName", "lastName") if user.profile.get(part)
    )
    return {
        "id": session.id,
        "userId": user.id,
        "login": user.login,
        "createdAt": wire_instant(session.created_at),
        "expiresAt": wire_instant(session.expires_at),
        "status": "ACTIVE",
        "lastPasswordVerification": verified,
        "lastFactorVerification": (
            None if session.factor_verified_at is None else wire_instant(session.factor_verified_at)
        ),
        "amr": list(session.amr),
        **({} if signed_in_by is None else {"idp": msgspec.to_builtins(signed_in_by)}),
        "mfaActive": bool(user.factors),
        "_links": {
            "self": _link(f"{url}/api/v1/sessions/me", "GET", "DELETE"),
            "refresh": _link(f"{url}/api/v1/sessions/me/lifecycle/refresh", "POST"),
            "user": {"name": name or user.login, **_link(f"{url}/api/v1/users/me", "GET")},
        },
    }


def _link(href: str, *methods: str) -> dict[str, Any]:
    return {"href": href, "hints": {"allow": list(methods)}}
