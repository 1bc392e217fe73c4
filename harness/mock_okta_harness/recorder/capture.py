"""Reads the tokens of a sign-in from the page, with everything to verify them later."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import jwt

from mock_okta.control.fetching import fetch
from mock_okta_harness.recorder.cassette import Making
from mock_okta_harness.recorder.recording import NothingToRecordError, Recording

if TYPE_CHECKING:
    from pathlib import Path

    from mock_okta_harness.pages import DemoPage
    from mock_okta_harness.running import RunningOrg

__all__ = ["record", "way_of"]


def way_of(widget: str) -> str:
    """Return the `way` of a recording with a release of the widget."""
    return f"widget {widget}"


def record(page: DemoPage, org: RunningOrg, login: str) -> Recording:
    """Record the tokens of the signed-in page, at the org's time; without exchanges.

    Raises NothingToRecordError.
    """
    stored = page.stored_tokens()
    if not stored.access_token or not stored.id_token:
        raise NothingToRecordError("The page keeps no access token and ID token: is it signed in?")
    claims = jwt.decode(stored.access_token, options={"verify_signature": False})
    issuer: str = claims["iss"]
    return Recording(
        making=Making(
            org="own",
            way=way_of(page.widget),
            user_data="kept",
            authorization_server=issuer.partition("/oauth2/")[2] or "org",
            client_id=claims["cid"],
            login=login,
            scopes=tuple(claims["scp"]),
        ),
        org_url=org.url,
        exchanges=(),
        tokens={"access_token": stored.access_token, "id_token": stored.id_token},
        jwks=_jwks_of(issuer, org.ca_file),
        read_at=org.control.clock.now(),
    )


def _jwks_of(issuer: str, ca_file: Path | None) -> dict[str, Any]:
    """Return an issuer's JWKS. Raises NothingToRecordError."""
    discovery = _document(f"{issuer}/.well-known/openid-configuration", ca_file)
    return _document(discovery["jwks_uri"], ca_file)


def _document(url: str, ca_file: Path | None) -> dict[str, Any]:
    status, content = fetch(url, ca_file)
    if status != HTTPStatus.OK:
        raise NothingToRecordError(f"{status} for {url}: the keys could not be fetched.")
    document: dict[str, Any] = json.loads(content)
    return document
