"""Takes the tokens of a sign-in out of the page, with all that a later verification needs."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import jwt

from mock_okta_harness.control.fetching import fetch
from mock_okta_harness.recorder.recorded import Claims, Origin, Recorded, RecordedClaims

if TYPE_CHECKING:
    from pathlib import Path

    from mock_okta_harness.pages import DemoPage
    from mock_okta_harness.running import RunningOrg


class NothingToRecordError(Exception):
    """The page keeps no tokens, or the keys to them could not be had."""


def record(page: DemoPage, org: RunningOrg, login: str) -> Recorded:
    """Record what the signed-in page keeps, at the org's own time."""
    stored = page.stored_tokens()
    if not stored.access_token or not stored.id_token:
        raise NothingToRecordError("The page keeps no access token and ID token: is it signed in?")
    access_claims, id_claims = _claims(stored.access_token), _claims(stored.id_token)
    return Recorded(
        recorded_at=org.control.clock.now(),
        origin=_origin(access_claims, page, login),
        access_token=stored.access_token,
        id_token=stored.id_token,
        claims=RecordedClaims(access_token=access_claims, id_token=id_claims),
        jwks=jwks_of(access_claims["iss"], org.ca_file),
    )


def _origin(access_claims: Claims, page: DemoPage, login: str) -> Origin:
    browser = page.page.context.browser
    return Origin(
        issuer=access_claims["iss"],
        client_id=access_claims["cid"],
        audience=access_claims["aud"],
        scopes=tuple(access_claims["scp"]),
        login=login,
        page=page.page.url.partition("#")[0],
        widget=page.widget,
        browser=f"{browser.browser_type.name} {browser.version}" if browser else "",
        mock_okta=_version(),
    )


def _claims(token: str) -> Claims:
    claims: Claims = jwt.decode(token, options={"verify_signature": False})
    return claims


def jwks_of(issuer: str, ca_file: Path | None) -> dict[str, Any]:
    """Give what an issuer publishes for verification. Raises NothingToRecordError."""
    discovery = _document(f"{issuer}/.well-known/openid-configuration", ca_file)
    return _document(discovery["jwks_uri"], ca_file)


def _document(url: str, ca_file: Path | None) -> dict[str, Any]:
    status, content = fetch(url, ca_file)
    if status != HTTPStatus.OK:
        raise NothingToRecordError(f"{status} for {url}: the keys could not be had.")
    document: dict[str, Any] = json.loads(content)
    return document


def _version() -> str:
    """Give the version of the wheel that server and harness share."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 -- slow to import

    try:
        return version("mock_okta")
    except PackageNotFoundError:
        return "unknown"
