"""Recorded tokens: a JSON file for any language, and verification at the recorded time."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jwt
import msgspec

from mock_okta_harness.recorder.cassette import Making  # noqa: TC001 -- msgspec reads the annotations
from mock_okta_harness.recorder.files import write

if TYPE_CHECKING:
    from os import PathLike

# The clock skew that Okta's own verifiers allow.
LEEWAY = timedelta(minutes=5)

Claims = dict[str, Any]


class VerificationError(Exception):
    """A recorded token does not verify; the message says which and why."""


class RecordedClaims(msgspec.Struct, frozen=True, kw_only=True):
    """The claims of both tokens as recorded, for people to read."""

    access_token: Claims
    id_token: Claims


class RecordedTokens(msgspec.Struct, frozen=True, kw_only=True):
    """The tokens of one sign-in, with everything to verify them at any later time.

    `recorded_at`: the time to verify them at. `made`: how they were obtained. `issuer` and
    `audience` are those of the access token; the ID token is for the client, `made.client_id`.
    """

    version: int = 1
    recorded_at: datetime
    made: Making
    issuer: str
    audience: str
    access_token: str
    id_token: str
    claims: RecordedClaims
    jwks: dict[str, Any]

    def verify(
        self, *, audience: str | None = None, client_id: str | None = None
    ) -> RecordedClaims:
        """Verify signature, issuer, audience and times of both tokens, at the recorded time.

        `audience` (of the access token) and `client_id` (of the ID token) are the expected values;
        the defaults are those of the recording. Raises `VerificationError`.
        """
        client_id = client_id or self.made.client_id
        access_claims = self._verified("access token", audience or self.audience)
        if access_claims.get("cid") != client_id:
            raise VerificationError(f"access token: cid is not {client_id}")
        return RecordedClaims(
            access_token=access_claims, id_token=self._verified("ID token", client_id)
        )

    def save(self, path: str | PathLike[str]) -> None:
        """Write the file in a readable form with small diffs.

        Its folder is created if needed.
        """
        write(path, msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")

    def _verified(self, name: str, audience: str) -> Claims:
        token = self.access_token if name == "access token" else self.id_token
        try:
            claims = _signed_claims(token, self.jwks, audience, self.issuer)
        except jwt.PyJWTError as failure:
            raise VerificationError(f"{name}: {failure}") from failure
        _times_hold(name, claims, self.recorded_at)
        return claims


def load_tokens(path: str | PathLike[str]) -> RecordedTokens:
    """Read recorded tokens; `msgspec.ValidationError` gives the path of a mistake in the file."""
    return msgspec.json.decode(Path(path).read_bytes(), type=RecordedTokens)


def _signed_claims(token: str, jwks: dict[str, Any], audience: str, issuer: str) -> Claims:
    key = _key_of(token, jwks)
    claims: Claims = jwt.decode(
        token,
        key,
        algorithms=["RS256"],
        audience=audience,
        issuer=issuer,
        # PyJWT compares times only with the machine's clock: here the recorded time is used.
        options={"require": ["exp", "iat", "sub"], "verify_exp": False, "verify_iat": False},
    )
    return claims


def _key_of(token: str, jwks: dict[str, Any]) -> jwt.PyJWK:
    kid = jwt.get_unverified_header(token).get("kid")
    for key in jwt.PyJWKSet.from_dict(jwks).keys:
        if key.key_id == kid:
            return key
    raise jwt.InvalidKeyError(f"no key {kid!r} in the recorded JWKS")


def _times_hold(name: str, claims: Claims, now: datetime) -> None:
    instant = now.timestamp()
    if claims["exp"] <= instant - LEEWAY.total_seconds():
        raise VerificationError(f"{name}: had expired when it was recorded")
    if claims["iat"] > instant + LEEWAY.total_seconds():
        raise VerificationError(f"{name}: was issued after it was recorded")
