"""The session object (contract I.1: recorded traffic)."""

from typing import Any

from mock_okta.clock import wire_instant
from mock_okta.domain.directory import User
from mock_okta.domain.records import Session

__all__ = ["session_body"]


def session_body(session: Session, user: User, url: str, org_id: str) -> dict[str, Any]:
    """Return the session as Okta shows it, keys in the live order; `url` is the org's."""
    verified = wire_instant(session.authenticated_at)
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
        "lastFactorVerification": None,
        "amr": list(session.amr),
        "idp": {"id": org_id, "type": "OKTA"},
        "mfaActive": False,
        "_links": {
            "self": _link(f"{url}/api/v1/sessions/me", "GET", "DELETE"),
            "refresh": _link(f"{url}/api/v1/sessions/me/lifecycle/refresh", "POST"),
            "user": {"name": name or user.login, **_link(f"{url}/api/v1/users/me", "GET")},
        },
    }


def _link(href: str, *methods: str) -> dict[str, Any]:
    return {"href": href, "hints": {"allow": list(methods)}}
