"""Tokens that a running org mints without a sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from mock_okta.model.faults import Breakage

__all__ = ["MintedTokens", "WantedTokens", "order_document"]


class MintedTokens(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens, and the JWKS to verify them with; an ID token only for a user and scope `openid`."""

    access_token: str
    id_token: str | None
    issuer: str
    jwks: dict[str, Any]


class WantedTokens(TypedDict, total=False):
    """What tokens may have; all of it can be left out.

    `client_id`: the org's first, if left out. `scopes`: `openid profile email`; for a service, all
    that are the server's own. `claims` and `id_token_claims` take the place of the org's in access
    and ID token, `without` names claims that both lack. `lifetime`: of both. `broken`: what is
    wrong with both, one name or several.
    """

    client_id: str
    authorization_server: str
    scopes: Sequence[str]
    claims: Mapping[str, Any]
    id_token_claims: Mapping[str, Any]
    lifetime: timedelta
    nonce: str
    broken: Breakage | Sequence[Breakage]
    without: Sequence[str]


def order_document(user: str | None, wanted: WantedTokens) -> dict[str, Any]:
    """Give the body of the request for these tokens."""
    document: dict[str, Any] = {"user": user, **wanted}
    if "lifetime" in wanted:
        document["lifetime_seconds"] = int(document.pop("lifetime").total_seconds())
    if isinstance(wanted.get("broken"), str):
        document["broken"] = [wanted["broken"]]
    return document
