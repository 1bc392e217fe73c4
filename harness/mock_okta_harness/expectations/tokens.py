"""Expectations about a token; a failure names each claim that differs, and shows all claims."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime
    from typing import Unpack

__all__ = ["WantedToken", "expect_token"]

_MISSING = "not there"
_USER_CLAIMS = ("sub", "uid", "preferred_username", "email")


class WantedToken(TypedDict, total=False):
    """What is expected of a token; what is left out is not checked.

    `user`: login or id, in any claim that names the user. `client_id`: `cid` of an access token,
    `aud` of an ID token. `scopes`: the token has these, and maybe more. `claims`: exact values.
    `without`: claims that it must not have. `valid_at`: a time at which it is valid. `signed_by`:
    the JWKS that has its key; without it the signature is not checked.
    """

    user: str
    client_id: str
    issuer: str
    audience: str
    scopes: Collection[str]
    claims: Mapping[str, Any]
    without: Collection[str]
    valid_at: datetime
    signed_by: Mapping[str, Any]


def expect_token(token: str, **wanted: Unpack[WantedToken]) -> dict[str, Any]:
    """Return the claims of a token that is as expected; fail if it is not."""
    __tracebackhide__ = True
    seen = _Seen(token, _claims_of(token), wanted)
    differences = [*seen.differences(), *seen.differences_of_claims()]
    if differences:
        told = "".join(f"\n  {each}" for each in differences)
        claims = json.dumps(seen.claims, indent=2)
        raise AssertionError(f"The token is not as expected:{told}\nIts claims: {claims}")
    return seen.claims


@dataclass(frozen=True)
class _Seen:
    """A token, and what is expected of it."""

    token: str
    claims: dict[str, Any]
    wanted: WantedToken

    def differences(self) -> Iterator[str]:
        """Return the differences, except those of scopes and claims."""
        wanted, claims = self.wanted, self.claims
        if "user" in wanted and wanted["user"] not in (claims.get(name) for name in _USER_CLAIMS):
            named = {name: claims[name] for name in _USER_CLAIMS if name in claims}
            yield f"its user is not {wanted['user']!r}: {named}"
        if "client_id" in wanted:
            yield from self._difference("cid" if "cid" in claims else "aud", wanted["client_id"])
        if "issuer" in wanted:
            yield from self._difference("iss", wanted["issuer"])
        if "audience" in wanted:
            yield from self._difference("aud", wanted["audience"])
        if "valid_at" in wanted:
            yield from self._differences_of_times(wanted["valid_at"])
        if "signed_by" in wanted:
            yield from _differences_of_signature(self.token, wanted["signed_by"])

    def differences_of_claims(self) -> Iterator[str]:
        """Return the differences of scopes and claims."""
        for scope in self.wanted.get("scopes", ()):
            if scope not in self.claims.get("scp", ()):
                yield f"it has no scope {scope!r}: {self.claims.get('scp', _MISSING)}"
        for name, value in self.wanted.get("claims", {}).items():
            yield from self._difference(name, value)
        for name in self.wanted.get("without", ()):
            if name in self.claims:
                yield f"claim {name!r} is {self.claims[name]!r}, but should not be there"

    def _difference(self, name: str, value: object) -> Iterator[str]:
        if name not in self.claims:
            yield f"claim {name!r} is not there, but should be {value!r}"
        elif self.claims[name] != value:
            yield f"claim {name!r} is {self.claims[name]!r}, not {value!r}"

    def _differences_of_times(self, at: datetime) -> Iterator[str]:
        seconds = at.timestamp()
        if self.claims.get("exp", 0) <= seconds:
            yield f"it has expired: 'exp' is {seconds - self.claims.get('exp', 0):.0f} s ago"
        # Tokens have whole seconds, an instant has fractions.
        if self.claims.get("iat", 0) > seconds:
            yield f"it is not valid yet: 'iat' is {self.claims['iat'] - seconds:.0f} s ahead"


def _differences_of_signature(token: str, jwks: Mapping[str, Any]) -> Iterator[str]:
    import jwt  # noqa: PLC0415 -- slow to import, and only a signature needs it

    header = jwt.get_unverified_header(token)
    keys = [key for key in jwks.get("keys", ()) if key.get("kid") == header.get("kid")]
    if not keys:
        yield f"the JWKS does not have its key: 'kid' is {header.get('kid')!r}"
        return
    try:
        jwt.PyJWS().decode(token, jwt.PyJWK(keys[0]).key, algorithms=["RS256"])
    except jwt.PyJWTError as error:
        yield f"its signature is not from the key {header['kid']!r} of the JWKS: {error}"


def _claims_of(token: str) -> dict[str, Any]:
    __tracebackhide__ = True
    try:
        payload = token.split(".")[1]
        return {**json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))}
    except (IndexError, ValueError, TypeError):
        raise AssertionError(f"This is not a JWT: {token[:60]!r}") from None
