"""Rules about scopes, and which are granted (facts/oauth C.5, D.6, D.7)."""

from collections.abc import Collection, Sequence

from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.oauth.errors import AccessDenied, ConsentRequired, InvalidScope
from mock_okta.oauth.requests import Authorization
from mock_okta.services.seeding.seeding import BUILT_IN_SCOPES

__all__ = [
    "granted_scopes",
    "known_or_default",
    "narrowed_scopes",
    "okta_scopes",
    "openid_goes_with_its_scopes",
    "openid_is_asked_where_needed",
    "scopes_are_known",
    "service_scopes",
]

_OKTA = "okta."
_UNKNOWN = {
    True: "Custom scopes are not allowed for this request.",
    False: "One or more scopes are not configured for the authorization server resource.",
}
_NO_DEFAULT = (
    "The authorization server resource does not have any configured default scopes, "
    "'scope' must be provided."
)
_OPENID_NEEDED = (
    "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope."
)
# The scopes of OIDC Core 5.4 that ask for claims. `offline_access` asks for a refresh token, which
# any OAuth client may have, and `groups` is Okta's own.
_OPENID_SCOPES = frozenset({"profile", "email", "address", "phone"})


def scopes_are_known(authorization: Authorization) -> None:
    """RFC 6749 3.3."""
    granted_scopes(authorization)


def openid_is_asked_where_needed(authorization: Authorization) -> None:
    """facts/oauth C.5: an ID token and OpenID's scopes need the scope 'openid'."""
    scopes = granted_scopes(authorization)
    openid_goes_with_its_scopes(scopes)
    if "id_token" in authorization.request.response_type and "openid" not in scopes:
        raise AccessDenied(_OPENID_NEEDED)


def openid_goes_with_its_scopes(scopes: Collection[str]) -> None:
    """facts/oauth C.5."""
    if "openid" not in scopes and not _OPENID_SCOPES.isdisjoint(scopes):
        raise AccessDenied(_OPENID_NEEDED)


def granted_scopes(authorization: Authorization) -> tuple[str, ...]:
    """Return the requested scopes in their order, or the server's default scopes."""
    return known_or_default(authorization.server, authorization.client, authorization.request.scope)


def known_or_default(
    server: AuthorizationServer, client: Client, asked: tuple[str, ...]
) -> tuple[str, ...]:
    """Return `asked`, or the default scopes; raise InvalidScope for an unknown one or none.

    The org authorization server also knows the `okta.*` scopes granted to the client (facts/oauth
    A.1). How Okta refuses a scope that is not granted is unverified.
    """
    for scope in asked:
        if server.is_org and scope.startswith(_OKTA):
            if scope not in client.okta_scopes:
                raise InvalidScope(_UNKNOWN[False], remark=_not_granted(client, [scope]))
        elif scope not in server.scopes:
            raise InvalidScope(_UNKNOWN[server.is_org], remark=_unknown(server, scope))
    granted = asked or tuple(scope.name for scope in server.scopes.values() if scope.default)
    if not granted:
        raise InvalidScope(_NO_DEFAULT, remark=_no_default(server))
    return granted


def _unknown(server: AuthorizationServer, scope: str) -> str:
    """Return what to change for an unknown scope."""
    if scope.startswith(_OKTA):
        return (
            f"only the org authorization server has {scope!r}: use that server, and add it "
            "to the okta_scopes of the client in the seed"
        )
    if server.is_org:
        return (
            f"the org authorization server cannot have the scope {scope!r}: ask a custom one, such "
            "as 'default', and add it to the scopes of that server in the seed"
        )
    return f"no scope {scope!r} at server {server.id!r}: add it to the server's scopes in the seed"


def _not_granted(client: Client, scopes: Sequence[str]) -> str:
    return f"add {' '.join(scopes)} to the okta_scopes of client {client.client_id} in the seed"


def _no_default(server: AuthorizationServer) -> str:
    if server.is_org:
        return "no 'scope' is sent: send one"
    return "no 'scope' is sent: send one, or give a scope of the server 'default: true' in the seed"


def narrowed_scopes(original: tuple[str, ...], asked: tuple[str, ...]) -> tuple[str, ...]:
    """Return the scopes of a refreshed token: a subset of the original ones (RFC 6749 6)."""
    if not asked:
        return original
    if not set(asked) <= set(original):
        raise InvalidScope("One or more scopes were not granted by the original request.")
    return asked


def service_scopes(
    server: AuthorizationServer, client: Client, asked: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the scopes of a service: only custom ones, as there is no user (facts/oauth D.7)."""
    granted = known_or_default(server, client, asked)
    built_in = [scope for scope in granted if scope in BUILT_IN_SCOPES]
    if built_in:
        raise InvalidScope(
            _UNKNOWN[False],
            remark=f"this grant only gives custom scopes: leave out {' '.join(built_in)}",
        )
    no_user_need_consent(server, granted)
    return granted


def okta_scopes(client: Client, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Return the scopes of a service at the org authorization server: `okta.*`, granted to the app.

    facts/oauth D.7. That some of them are refused as `invalid_scope` is from memory, not verified.
    """
    if not asked:
        raise InvalidScope(_NO_DEFAULT, remark="no 'scope' is sent: send one")
    foreign = [scope for scope in asked if not scope.startswith(_OKTA)]
    if foreign:
        raise InvalidScope(
            _UNKNOWN[True],
            remark=f"this grant only gives okta.* scopes here: leave out {' '.join(foreign)}, or "
            "ask a custom authorization server for scopes of your own",
        )
    ungranted = [scope for scope in asked if scope not in client.okta_scopes]
    remark = _not_granted(client, ungranted)
    if len(ungranted) == len(asked):
        raise ConsentRequired("You are not allowed any of the requested scopes.", remark=remark)
    if ungranted:
        raise InvalidScope(_UNKNOWN[False], remark=remark)
    return asked


def no_user_need_consent(server: AuthorizationServer, scopes: tuple[str, ...]) -> None:
    """facts/oauth C.10: without a user, nobody can consent to a REQUIRED scope."""
    required = [scope for scope in scopes if server.scopes[scope].consent == "REQUIRED"]
    if required:
        raise InvalidScope(
            _UNKNOWN[False],
            remark=f"nobody consents to {' '.join(required)} here: give it the consent 'FLEXIBLE' "
            "or 'IMPLICIT' in the seed",
        )
