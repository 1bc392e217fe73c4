"""Which grant types an app integration of each type may have (Okta: Applications, GrantType)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from mock_okta.model.checks import require

__all__ = ["DEFAULT_GRANT_TYPES", "GrantType", "require_grant_types", "types_with"]

_DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"
_JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_TOKEN_EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"

GrantType = Literal[
    "authorization_code",
    "implicit",
    "refresh_token",
    "interaction_code",
    "password",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
]

DEFAULT_GRANT_TYPES: Mapping[str, tuple[GrantType, ...]] = MappingProxyType(
    {
        "spa": ("authorization_code", "refresh_token"),
        "web": ("authorization_code", "refresh_token"),
        "native": ("authorization_code", "refresh_token"),
        "service": ("client_credentials",),
    }
)
_BROWSER: tuple[GrantType, ...] = (
    "authorization_code",
    "implicit",
    "refresh_token",
    "interaction_code",
    _DEVICE_CODE,
)
_POSSIBLE: Mapping[str, tuple[GrantType, ...]] = MappingProxyType(
    {
        "spa": _BROWSER,
        "web": (*_BROWSER, "password", "client_credentials", _JWT_BEARER),
        "native": (*_BROWSER, "password", _TOKEN_EXCHANGE, _JWT_BEARER),
        "service": ("client_credentials", "password", _TOKEN_EXCHANGE, _JWT_BEARER),
    }
)


def types_with(grant_type: str) -> tuple[str, ...]:
    """Return the types of client that may have the grant type."""
    return tuple(kind for kind, possible in _POSSIBLE.items() if grant_type in possible)


def require_grant_types(kind: str, method: str, grant_types: tuple[GrantType, ...]) -> None:
    """A client of type `kind` that authenticates by `method` may have `grant_types`.

    Deviation: Okta's console offers the device grant only for native apps; here every app that a
    person uses may have it.
    """
    possible = _POSSIBLE[kind]
    for grant_type in grant_types:
        require(
            grant_type in possible,
            f"a {kind} client cannot have the grant type '{grant_type}': "
            f"possible are {', '.join(possible)}",
        )
        require(  # reported once only, above
            grant_type not in possible
            or method != "none"
            or grant_type != "client_credentials",  # RFC 6749 4.4
            f"the grant type '{grant_type}' is for clients that authenticate themselves",
        )
