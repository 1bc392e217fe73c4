"""The bodies and fields of answers, one function for each."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from mock_okta.model.directory import User
from mock_okta.model.grants import RefreshToken
from mock_okta.oauth.errors import OAuthError
from mock_okta.services.sign_in.devices import DEVICE_CODE_LIFETIME, POLLING_INTERVAL
from mock_okta.services.tokens.token_claims import Granted

__all__ = [
    "INACTIVE",
    "access_token_introspection",
    "authorization_error",
    "authorization_success",
    "device_authorization_response",
    "id_token_introspection",
    "refresh_token_introspection",
    "token_response",
]

INACTIVE: Mapping[str, Any] = {"active": False}


def authorization_success(
    granted: Granted,
    *,
    code: str | None,
    access_token: str | None,
    id_token: str | None,
    state: str | None,
) -> dict[str, str]:
    """Return the fields of a successful authorization response (facts/oauth C.7)."""
    fields: dict[str, str | None] = {"code": code}
    if access_token is not None:
        fields |= {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": str(_seconds(granted)),
            "scope": " ".join(granted.scopes),
        }
    return _given(fields | {"id_token": id_token, "state": state})


def authorization_error(error: OAuthError, state: str | None) -> dict[str, str]:
    """Return the fields of an error, in the live order; clients ignore one without their state."""
    return _given({"state": state, "error": error.error, "error_description": error.description})


def token_response(
    granted: Granted,
    *,
    access_token: str,
    refresh_token: str | None = None,
    id_token: str | None = None,
) -> dict[str, Any]:
    """Return the body of a token response, keys in the live order (facts/oauth D.1)."""
    body = {
        "token_type": _token_type(bound=granted.jkt is not None),
        "expires_in": _seconds(granted),
        "access_token": access_token,
        "scope": " ".join(granted.scopes),
        "refresh_token": refresh_token,
        "id_token": id_token,
    }
    return {name: value for name, value in body.items() if value is not None}


def device_authorization_response(
    device_code: str, user_code: str, verification_uri: str
) -> dict[str, Any]:
    """Return the body of a device authorization, keys in Okta's order (facts/oauth E.5)."""
    return {
        "user_code": user_code,
        "device_code": device_code,
        "interval": int(POLLING_INTERVAL.total_seconds()),
        "verification_uri_complete": f"{verification_uri}?{urlencode({'user_code': user_code})}",
        "verification_uri": verification_uri,
        "expires_in": int(DEVICE_CODE_LIFETIME.total_seconds()),
    }


def access_token_introspection(claims: Mapping[str, Any], user: User | None) -> dict[str, Any]:
    """Return /introspect's answer for an active access token, in live order (facts/oauth E.1)."""
    standard = {
        "active": True,
        "scope": " ".join(claims["scp"]),
        "username": None if user is None else user.login,
        **{name: claims[name] for name in ("exp", "iat", "sub", "aud", "iss", "jti")},
        "token_type": _token_type(bound="cnf" in claims),
        "client_id": claims["cid"],
        "uid": claims.get("uid"),
    }
    given = {name: value for name, value in standard.items() if value is not None}
    own = {n: v for n, v in claims.items() if n not in _ACCESS_CLAIMS and v is not None}
    return given | own | given  # custom claims come last, and never replace the org's


_ACCESS_CLAIMS = frozenset(
    {"ver", "jti", "iss", "aud", "iat", "exp", "cid", "uid", "scp", "auth_time", "sub"}
)


def id_token_introspection(claims: Mapping[str, Any], user: User | None) -> dict[str, Any]:
    """Return /introspect's answer for an active ID token: its claims."""
    given = {"active": True} | ({} if user is None else {"username": user.login})
    return {"active": True, **claims} | given


def refresh_token_introspection(token: RefreshToken, user: User) -> dict[str, Any]:
    """Return /introspect's answer for an active refresh token (facts/oauth E.1)."""
    return {
        "active": True,
        "token_type": "Bearer",
        "scope": " ".join(token.scopes),
        "client_id": token.client_id,
        "username": user.login,
        "exp": int(token.expires_at.timestamp()),
        "sub": user.login,
    }


def _token_type(*, bound: bool) -> str:
    """RFC 9449 5."""
    return "DPoP" if bound else "Bearer"


def _seconds(granted: Granted) -> int:
    return int(granted.lifetimes.access_token.total_seconds())


def _given(fields: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value is not None}
