"""Which scopes are granted (contract C.5, D.6, D.7)."""

from mock_okta.domain.records import AuthorizationServer, Consent
from mock_okta.oauth.errors import AccessDenied, InvalidScope
from mock_okta.oauth.requests import Authorization
from mock_okta.services.seeding import BUILT_IN_SCOPES

__all__ = [
    "granted_scopes",
    "narrowed_scopes",
    "openid_is_asked_where_needed",
    "scopes_are_known",
    "service_scopes",
]

_UNKNOWN = {
    True: "Custom scopes are not allowed for this request.",
    False: "One or more scopes are not configured for the authorization server resource.",
}
_NO_DEFAULT = (
    "The authorization server resource does not have any configured default scopes, "
    "'scope' must be provided."
)
_OPENID_SCOPES = frozenset({"profile", "email", "address", "phone", "groups", "offline_access"})


def scopes_are_known(authorization: Authorization) -> None:
    """RFC 6749 3.3."""
    known_or_default(authorization.server, authorization.request.scope)


def openid_is_asked_where_needed(authorization: Authorization) -> None:
    """Contract C.5: an ID token, and OpenID's scopes, need the scope 'openid'."""
    scopes = granted_scopes(authorization)
    wants_openid = "id_token" in authorization.request.response_type or any(
        scope in _OPENID_SCOPES for scope in scopes
    )
    if wants_openid and "openid" not in scopes:
        raise AccessDenied(
            "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope."
        )


def granted_scopes(authorization: Authorization) -> tuple[str, ...]:
    """Return the scopes asked for, in their order, or the server's default ones."""
    return known_or_default(authorization.server, authorization.request.scope)


def known_or_default(server: AuthorizationServer, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Return `asked`, or the default scopes; raise InvalidScope for an unknown one or none."""
    unknown = [scope for scope in asked if scope not in server.scopes]
    if unknown:
        raise InvalidScope(
            _UNKNOWN[server.is_org],
            remark=f"no scope {unknown[0]!r} at server {server.id!r}: add it to the seed",
        )
    granted = asked or tuple(scope.name for scope in server.scopes.values() if scope.default)
    if not granted:
        raise InvalidScope(_NO_DEFAULT)
    return granted


def narrowed_scopes(original: tuple[str, ...], asked: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the scopes of a refreshed token: a subset of the original ones (RFC 6749 6)."""
    if asked is None:
        return original
    if not set(asked) <= set(original):
        raise InvalidScope("One or more scopes were not granted by the original request.")
    return asked


def service_scopes(server: AuthorizationServer, asked: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the scopes of a service: custom ones alone, for it is no user (contract D.7)."""
    granted = known_or_default(server, asked or ())
    if any(scope in BUILT_IN_SCOPES for scope in granted):
        raise InvalidScope(_UNKNOWN[False], remark="client_credentials takes custom scopes alone")
    no_user_need_consent(server, granted)
    return granted


def no_user_need_consent(server: AuthorizationServer, scopes: tuple[str, ...]) -> None:
    """Contract C.10: there is nobody to consent to a REQUIRED scope."""
    if any(server.scopes[scope].consent is Consent.REQUIRED for scope in scopes):
        raise InvalidScope(
            _UNKNOWN[False], remark="a scope with consent REQUIRED is not for a service"
        )
