"""The session object (facts/oauth I.1: recorded traffic)."""

from typing import Any

from mock_okta.clock import wire_instant
from mock_okta.model.directory import User
from mock_okta.model.identity_providers import IdentityProvider
from mock_okta.model.records import Session

__all__ = ["session_body"]


def session_body(
    session: Session, user: User, provider: IdentityProvider | None, url: str, org_id: str
) -> dict[str, Any]:
    """Return the session as Okta shows it, keys in the live order; `url` is the org's.

    `provider`: the identity provider that signed the user in; None for the org itself. `mfaActive`
    means that the user has a factor; `amr` says whether one was proved.
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
        "idp": (
            {"id": org_id, "type": "OKTA"}
            if provider is None
            else {"id": provider.id, "type": provider.kind}
        ),
        "mfaActive": bool(user.factors),
        "_links": {
            "self": _link(f"{url}/api/v1/sessions/me", "GET", "DELETE"),
            "refresh": _link(f"{url}/api/v1/sessions/me/lifecycle/refresh", "POST"),
            "user": {"name": name or user.login, **_link(f"{url}/api/v1/users/me", "GET")},
        },
    }


def _link(href: str, *methods: str) -> dict[str, Any]:
    return {"href": href, "hints": {"allow": list(methods)}}
