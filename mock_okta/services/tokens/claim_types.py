"""The claims that the org itself reads from its tokens; minted tokens may have others."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

__all__ = ["are_as_issued"]

_Epoch = Annotated[int, Meta(ge=0, le=253_402_300_799)]  # to the end of the year 9999


class _IdClaims(Struct, frozen=True, kw_only=True):
    jti: str
    sub: str
    aud: str
    exp: _Epoch
    nbf: _Epoch = 0


class _AccessClaims(Struct, frozen=True, kw_only=True):
    jti: str
    sub: str
    cid: str
    aud: Any
    iat: _Epoch
    exp: _Epoch
    scp: list[str]
    uid: str | None = None
    auth_time: _Epoch | None = None
    nbf: _Epoch = 0


def are_as_issued(claims: Mapping[str, Any]) -> bool:
    """Return whether all these claims are there, with the org's types."""
    is_access_token = str(claims.get("jti")).startswith("AT.")
    try:
        msgspec.convert(dict(claims), _AccessClaims if is_access_token else _IdClaims)
    except msgspec.ValidationError:
        return False
    return True
