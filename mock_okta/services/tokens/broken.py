"""Tokens that a verifier has to refuse, each for one reason that has a name."""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import msgspec

from mock_okta.jose import base64url
from mock_okta.services.tokens.key_ring import SigningKey

__all__ = ["Breakage", "broken_claims", "signed"]

_HOUR = 3600
_OTHER_CLIENT = "0oaother0000000000h7"


class Breakage(StrEnum):
    """What is wrong with a token."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_CLIENT = "wrong_client"
    WRONG_KEY = "wrong_key"
    UNKNOWN_KID = "unknown_kid"
    ALGORITHM_NONE = "algorithm_none"
    TAMPERED = "tampered"

    @property
    def needs_other_key(self) -> bool:
        """Whether the org's own key is not the one that signs."""
        return self in (Breakage.WRONG_KEY, Breakage.UNKNOWN_KID)


def _expired(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Issued so long ago that it ended an hour ago."""
    ago = claims["exp"] - claims["iat"] + _HOUR
    return {name: claims[name] - ago for name in ("iat", "exp", "auth_time") if name in claims}


def _not_yet_valid(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Issued in an hour; Okta's tokens have no `nbf`, but many a verifier looks at nothing else."""
    starts_at = claims["iat"] + _HOUR
    return {"iat": starts_at, "nbf": starts_at, "exp": claims["exp"] + _HOUR}


def _wrong_client(claims: Mapping[str, Any]) -> dict[str, Any]:
    """An access token names the client in `cid`, an ID token in `aud`."""
    return {"cid" if "cid" in claims else "aud": _OTHER_CLIENT}


_CHANGES: Mapping[Breakage, Callable[[Mapping[str, Any]], dict[str, Any]]] = MappingProxyType(
    {
        Breakage.EXPIRED: _expired,
        Breakage.NOT_YET_VALID: _not_yet_valid,
        Breakage.WRONG_ISSUER: lambda _: {"iss": "https://other.example.com/oauth2/default"},
        Breakage.WRONG_AUDIENCE: lambda _: {"aud": "api://other"},
        Breakage.WRONG_CLIENT: _wrong_client,
    }
)


def broken_claims(claims: Mapping[str, Any], broken: Collection[Breakage]) -> dict[str, Any]:
    """Return what takes the place of the org's own `claims`."""
    changed: dict[str, Any] = {}
    for breakage in broken:
        changed |= _CHANGES[breakage](claims) if breakage in _CHANGES else {}
    return changed


def signed(
    claims: Mapping[str, Any],
    broken: Collection[Breakage],
    *,
    key: SigningKey,
    unpublished: SigningKey | None,
    token_type: str | None = None,
) -> str:
    """Return `claims` signed by `key`, or as `broken` says.

    `unpublished`: a key that is in no JWKS, which then signs; None where `broken` needs none.
    """
    signer = unpublished or key
    kid = key.kid if Breakage.WRONG_KEY in broken else None
    header, payload, signature = signer.sign(claims, token_type, kid).split(".")
    if Breakage.TAMPERED in broken:
        payload = _segment({**claims, "sub": "somebody.else@example.com"})
    if Breakage.ALGORITHM_NONE in broken:
        header, signature = _segment({"kid": kid or signer.kid, "alg": "none"}), ""
    return f"{header}.{payload}.{signature}"


def _segment(content: Mapping[str, Any]) -> str:
    return base64url(msgspec.json.encode(content))
