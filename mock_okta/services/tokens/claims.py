"""The claims in a user's tokens and userinfo, by scope (facts/oauth F.4, F.5).

Sources: OIDC Core 5.1 and 5.4, Okta's list of system claims of a fresh authorization server.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from mock_okta.model.authorization_servers import AuthorizationServer, Claim, GroupsFilter
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.services.tokens.expressions import all_that_match

__all__ = ["CLAIMS", "custom_claims", "groups_claim", "lists_groups", "user_claims"]

_ADDRESS = MappingProxyType(
    {
        "street_address": "streetAddress",
        "locality": "city",
        "region": "state",
        "postal_code": "zipCode",
        "country": "countryCode",
    }
)


def _name(user: User) -> str | None:
    parts = (user.profile.get("firstName"), user.profile.get("lastName"))
    return " ".join(part for part in parts if part) or user.profile.get("displayName")


def _locale(user: User) -> str | None:
    """Return the locale with a dash; profiles have an underscore."""
    locale = user.profile.get("locale")
    return locale.replace("_", "-") if isinstance(locale, str) else None


def _address(user: User) -> Mapping[str, Any] | None:
    found = {claim: user.profile.get(attribute) for claim, attribute in _ADDRESS.items()}
    return {claim: value for claim, value in found.items() if value} or None


def _updated_at(user: User) -> int:
    return int(user.last_updated_at.timestamp())


def _profile(attribute: str) -> Callable[[User], Any]:
    return lambda user: user.profile.get(attribute)


CLAIMS: Mapping[str, tuple[str, Callable[[User], Any]]] = MappingProxyType(
    {
        "name": ("profile", _name),
        "locale": ("profile", _locale),
        "email": ("email", _profile("email")),
        "preferred_username": ("profile", lambda user: user.login),
        "given_name": ("profile", _profile("firstName")),
        "middle_name": ("profile", _profile("middleName")),
        "family_name": ("profile", _profile("lastName")),
        "nickname": ("profile", _profile("nickName")),
        "profile": ("profile", _profile("profileUrl")),
        "picture": ("profile", _profile("picture")),
        "website": ("profile", _profile("website")),
        "gender": ("profile", _profile("gender")),
        "birthdate": ("profile", _profile("birthdate")),
        "zoneinfo": ("profile", _profile("timezone")),
        "updated_at": ("profile", _updated_at),
        "email_verified": ("email", lambda user: True if user.profile.get("email") else None),
        "address": ("address", _address),
        "phone_number": ("phone", _profile("primaryPhone")),
    }
)
"""The scope of each claim, and the function that returns its value; in userinfo's order."""

_ALWAYS_INCLUDED = frozenset({"name", "preferred_username", "email"})
"""The scope claims that a thin ID token has too."""


def user_claims(user: User, scopes: Collection[str], *, thin: bool = False) -> dict[str, Any]:
    """Return the scope claims that the user's profile has a value for."""
    found = {name: value_of(user) for name, value_of in _brought_by(tuple(scopes), thin)}
    return {name: value for name, value in found.items() if value is not None}


@lru_cache
def _brought_by(
    scopes: tuple[str, ...],
    thin: bool,  # noqa: FBT001 -- a cache is slower with keywords
) -> Sequence[tuple[str, Callable[[User], Any]]]:
    return [
        (name, value_of)
        for name, (scope, value_of) in CLAIMS.items()
        if scope in scopes and (not thin or name in _ALWAYS_INCLUDED)
    ]


def groups_claim(
    server: AuthorizationServer,
    client: Client | None,
    groups: Sequence[str],
    scopes: Collection[str],
) -> dict[str, Any]:
    """Return the client's own groups claim at the org server, in full and thin ID tokens alike.

    Okta's guide "Customize tokens returned from Okta with a groups claim": an app without a groups
    claim filter gets no groups.
    """
    claim = None if client is None else client.groups_claim
    if claim is None or not server.is_org or "groups" not in scopes:
        return {}
    return {claim.name: _matching(claim.groups, groups)}


def lists_groups(server: AuthorizationServer, client: Client | None) -> bool:
    """Return whether a claim may list the user's groups; otherwise their names are not needed."""
    if server.is_org:
        return client is not None and client.groups_claim is not None
    return any(claim.groups is not None for claim in server.claims)


def custom_claims(  # noqa: PLR0913 -- each is one word of the question
    server: AuthorizationServer,
    token: str,
    user: User | None,
    scopes: Collection[str],
    *,
    thin: bool,
    groups: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the server's own claims for an `access_token` or `id_token`.

    `groups`: the names of the user's groups, where `lists_groups`.
    """
    if not server.claims:
        return {}
    found = {
        claim.name: _value(claim, user, groups)
        for claim in server.claims
        if claim.token == token
        and (not claim.scopes or any(scope in scopes for scope in claim.scopes))
        and (not thin or claim.always_include)
    }
    return {name: value for name, value in found.items() if value is not None}


def _value(claim: Claim, user: User | None, groups: Sequence[str]) -> Any:
    if claim.value is not None:
        return claim.value
    if user is None:
        return None
    if claim.groups is not None:
        return _matching(claim.groups, groups)
    return user.profile.get(claim.attribute or "")


def _matching(wanted: GroupsFilter, groups: Sequence[str]) -> list[str]:
    match wanted:
        case GroupsFilter(starts_with=str(start)):
            return [group for group in groups if group.startswith(start)]
        case GroupsFilter(equals=str(name)):
            return [group for group in groups if group == name]
        case GroupsFilter(contains=str(part)):
            return [group for group in groups if part in group]
        case GroupsFilter(matches=str(pattern)):
            return all_that_match(pattern, groups)
        case _:
            raise AssertionError(wanted)  # the filter's own check allows exactly one
