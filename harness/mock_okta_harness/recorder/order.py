"""The settings of a recording: the org, the client, and the user who signs in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mock_okta_harness.recorder.cassette import Making

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Literal

__all__ = [
    "REDIRECT_URI",
    "SCOPES",
    "OrderError",
    "SignInOrder",
    "is_org_given",
    "order_from_environment",
]

SCOPES = ("openid", "profile", "email")
REDIRECT_URI = "http://localhost:8080/authorization-code/callback"
# The first that is set is used: our own name, then those of Okta's samples.
_ISSUER = ("OKTA_ISSUER", "OKTA_OAUTH2_ISSUER", "ISSUER")
_ORG_URL = ("OKTA_ORG_URL", "OKTA_CLIENT_ORGURL")
_VARIABLES = {
    "client_id": ("OKTA_CLIENT_ID", "OKTA_OAUTH2_CLIENT_ID", "CLIENT_ID"),
    "username": ("OKTA_USERNAME",),
    "password": ("OKTA_PASSWORD",),
}
_OPTIONAL = {
    "client_secret": ("OKTA_CLIENT_SECRET", "OKTA_OAUTH2_CLIENT_SECRET", "CLIENT_SECRET"),
    "redirect_uri": ("OKTA_REDIRECT_URI", "REDIRECT_URI"),
    "logout_redirect_uri": ("OKTA_LOGOUT_REDIRECT_URI",),
    "scopes": ("OKTA_SCOPES",),
}


class OrderError(Exception):
    """Settings of a recording are missing or wrong; the message says which."""


@dataclass(frozen=True, kw_only=True)
class SignInOrder:
    """One sign-in to record. `is_own`: the org was started for it, and all its data are made up."""

    org_url: str
    issuer: str
    client_id: str
    username: str
    password: str = field(repr=False)
    client_secret: str | None = field(default=None, repr=False)
    redirect_uri: str = REDIRECT_URI
    logout_redirect_uri: str | None = None
    scopes: tuple[str, ...] = SCOPES
    ca_file: Path | None = None
    is_own: bool = False
    user_data: Literal["kept", "scrubbed"] = "scrubbed"

    @property
    def authorization_server(self) -> str:
        """The authorization server's id; `org` for the org authorization server."""
        return self.issuer.partition("/oauth2/")[2] or "org"

    @property
    def endpoints(self) -> str:
        """The base URL of the authorization server's endpoints."""
        own = "/v1" if "/oauth2/" in self.issuer else "/oauth2/v1"
        return f"{self.issuer}{own}"

    def making(self, way: str) -> Making:
        """Return the recipe for the cassette."""
        return Making(
            org="own" if self.is_own else "given",
            way=way,
            user_data=self.user_data,
            authorization_server=self.authorization_server,
            client_id=self.client_id,
            login=self.username,
            redirect_uri=self.redirect_uri,
            logout_redirect_uri=self.logout_redirect_uri,
            scopes=self.scopes,
        )


def is_org_given(environment: Mapping[str, str]) -> bool:
    """Return whether the environment names an org."""
    return any(_first_set(environment, names) for names in (_ISSUER, _ORG_URL))


def order_from_environment(
    environment: Mapping[str, str],
    *,
    ca_file: Path | None = None,
    user_data: Literal["kept", "scrubbed"] = "scrubbed",
) -> SignInOrder:
    """Read the order for an existing org from the environment. Raises OrderError.

    The client, the user and the password must be set, and the org's URL or an issuer. Without the
    URL, it is the issuer's origin; without an issuer, it is that of `default`.
    """
    org_url, issuer = _org(environment)
    found = {name: _first_set(environment, names) for name, names in _VARIABLES.items()}
    missing = [_VARIABLES[name][0] for name, value in found.items() if not value]
    if missing:
        raise OrderError(f"Set {', '.join(missing)}: the client, and who signs in.")
    optional = {name: _first_set(environment, names) for name, names in _OPTIONAL.items()}
    return SignInOrder(
        org_url=org_url,
        issuer=issuer,
        client_id=str(found["client_id"]),
        username=str(found["username"]),
        password=str(found["password"]),
        client_secret=optional["client_secret"],
        redirect_uri=optional["redirect_uri"] or REDIRECT_URI,
        logout_redirect_uri=optional["logout_redirect_uri"],
        scopes=tuple((optional["scopes"] or " ".join(SCOPES)).split()),
        ca_file=ca_file,
        user_data=user_data,
    )


def _org(environment: Mapping[str, str]) -> tuple[str, str]:
    """Return the org's URL and the issuer, without trailing slashes."""
    org_url = (_first_set(environment, _ORG_URL) or "").rstrip("/")
    issuer = (_first_set(environment, _ISSUER) or "").rstrip("/")
    if not (org_url or issuer):
        raise OrderError(f"Set {_ORG_URL[0]} or {_ISSUER[0]}: the org.")
    address = urlsplit(issuer)
    return org_url or f"{address.scheme}://{address.netloc}", issuer or f"{org_url}/oauth2/default"


def _first_set(environment: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((environment[name] for name in names if environment.get(name)), None)
