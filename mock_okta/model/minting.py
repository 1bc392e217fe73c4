"""What to ask of minting, and what it returns."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, TypedDict

from msgspec import Meta, Struct

from mock_okta.model.faults import Breakage

__all__ = ["Minted", "TokenOrder", "Wanted", "order_document"]

_Name = Annotated[str, Meta(pattern=r"\S")]


class TokenOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which tokens are wanted.

    `user`: login or id; None is the org's first user, or no user for a client of type service.
    `client_id`: None is the org's first client. `scopes`: None is `openid profile email`; for a
    service, all of the server's own scopes. `claims`, `id_token_claims`: claims of the access token
    and the ID token, which replace the org's. `without`: claims to leave out of both tokens.
    """

    user: _Name | None = None
    client_id: _Name | None = None
    authorization_server: str = "default"
    scopes: tuple[str, ...] | None = None
    claims: dict[str, Any] = {}
    id_token_claims: dict[str, Any] = {}
    lifetime_seconds: Annotated[int, Meta(ge=1, le=10**9)] | None = None
    nonce: str | None = None
    broken: tuple[Breakage, ...] = ()
    without: tuple[str, ...] = ()


class Minted(Struct, frozen=True, kw_only=True):
    """Tokens, and the JWKS to verify them with; an ID token only for a user and scope `openid`."""

    access_token: str
    id_token: str | None
    issuer: str
    jwks: dict[str, Any]


class Wanted(TypedDict, total=False):
    """What tokens may have; everything is optional.

    `client_id`: the default is the org's first client. `scopes`: the default is `openid profile
    email`; for a service, all of the server's own scopes. `claims` and `id_token_claims` replace
    the org's in the access token and the ID token; `without` names claims to leave out of both.
    `lifetime`: of both. `broken`: what is wrong with both, one name or several.
    """

    client_id: str
    scopes: Sequence[str]
    claims: Mapping[str, Any]
    id_token_claims: Mapping[str, Any]
    lifetime: timedelta
    nonce: str
    broken: Breakage | Sequence[Breakage]
    without: Sequence[str]


def order_document(user: str | None, authorization_server: str, wanted: Wanted) -> dict[str, Any]:
    """Return a `TokenOrder` as JSON, not validated yet."""
    document: dict[str, Any] = {
        "user": user,
        "authorization_server": authorization_server,
        **wanted,
    }
    if "lifetime" in wanted:
        document["lifetime_seconds"] = int(document.pop("lifetime").total_seconds())
    if isinstance(wanted.get("broken"), str):
        document["broken"] = (wanted["broken"],)
    return document
