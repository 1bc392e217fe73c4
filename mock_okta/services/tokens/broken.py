"""Tokens that a verifier has to refuse, each for one named reason."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from mock_okta.jose import base64url
from mock_okta.model.faults import Breakage
from mock_okta.services.world.signing_key import SigningKey

__all__ = ["broken_claims", "needs_other_key", "signed"]

_HOUR = 3600
_OTHER_CLIENT = "0oaother0000000000h7"


def _expired(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Expired an hour ago."""
    ago = claims["exp"] - claims["iat"] + _HOUR
    return {name: claims[name] - ago for name in ("iat", "exp", "auth_time") if name in claims}


def _not_yet_valid(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Valid in an hour; Okta's tokens have no `nbf`, but many verifiers check only that."""
    starts_at = claims["iat"] + _HOUR
    return {"iat": starts_at, "nbf": starts_at, "exp": claims["exp"] + _HOUR}


def _wrong_client(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Issued to another client, which is `cid` in access tokens and `aud` in ID tokens."""
    return {"cid" if "cid" in claims else "aud": _OTHER_CLIENT}


_CHANGES: Mapping[Breakage, Callable[[Mapping[str, Any]], dict[str, Any]]] = MappingProxyType(
    {
        "expired": _expired,
        "not_yet_valid": _not_yet_valid,
        "wrong_issuer": lambda _: {"iss": "https://other.example.com/oauth2/default"},
        "wrong_audience": lambda _: {"aud": "api://other"},
        "wrong_client": _wrong_client,
    }
)


def needs_other_key(broken: Collection[Breakage]) -> bool:
    """Return whether a key signs that is not the org's."""
    return "wrong_key" in broken or "unknown_kid" in broken


def broken_claims(claims: Mapping[str, Any], broken: Collection[Breakage]) -> dict[str, Any]:
    """Return the claims that replace those of the org."""
    changed: dict[str, Any] = {}
    for breakage in broken:
        if breakage in _CHANGES:
            changed |= _CHANGES[breakage](claims)
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

    `unpublished`: a key that is in no JWKS, which signs instead; None if `broken` needs none.
    """
    if "not_a_jwt" in broken:
        return "this-is-not-a-jwt"
    signer = unpublished or key
    kid = key.kid if "wrong_key" in broken else None
    header, payload, signature = signer.sign(claims, token_type, kid).split(".")
    if "tampered" in broken:
        payload = _segment({**claims, "sub": "somebody.else@example.com"})
    if "algorithm_none" in broken:
        header, signature = _segment({"kid": kid or signer.kid, "alg": "none"}), ""
    return f"{header}.{payload}.{signature}"


def _segment(content: Mapping[str, Any]) -> str:
    return base64url(msgspec.json.encode(content))
