"""Python's clients, unmodified, over https with the org's CA trusted."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from tests.clients.conftest import Settings
from tests.visiting import VERIFIER

MakesClient = Callable[..., OAuth2Session]


@pytest.fixture(autouse=True)
def requests_trusts_the_org(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", settings.ca_path)


@pytest.fixture
def makes_client(settings: Settings) -> Iterator[MakesClient]:
    """Make Authlib clients: `auth` says how one authenticates."""
    opened = []

    def make(client_id: str, auth: str, **options: Any) -> OAuth2Session:
        made = OAuth2Session(
            client_id,
            None if auth == "none" else settings.secret,
            token_endpoint_auth_method=auth,
            revocation_endpoint_auth_method=auth,
            redirect_uri=settings.redirect_uri,
            **options,
        )
        opened.append(made)
        return made

    yield make
    for client in opened:
        client.close()


@pytest.fixture
def metadata(settings: Settings) -> dict[str, Any]:
    found = requests.get(f"{settings.issuer}/.well-known/openid-configuration", timeout=9)
    document: dict[str, Any] = found.json()
    return document


def signed_in(settings: Settings, authorization_url: str) -> str:
    """Sign the user in, follow the client's own authorization URL, return where it leads."""
    with requests.Session() as browser:
        credentials = {"username": settings.login, "password": settings.password}
        answer = browser.post(f"{settings.url}/api/v1/authn", json=credentials)
        token = answer.json()["sessionToken"]
        url = f"{authorization_url}&sessionToken={token}"
        return browser.get(url, allow_redirects=False).headers["Location"]


def code_flow(
    client: OAuth2Session, settings: Settings, metadata: dict[str, Any]
) -> dict[str, Any]:
    url, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=VERIFIER, nonce="nonce-1"
    )
    location = signed_in(settings, url)
    token: dict[str, Any] = client.fetch_token(
        metadata["token_endpoint"],
        authorization_response=location,
        state=state,
        code_verifier=VERIFIER,
    )
    return dict(token)


@pytest.mark.parametrize("auth", ["none", "client_secret_basic", "client_secret_post"])
def test_authlib_signs_a_user_in_refreshes_introspects_revokes_and_signs_out(
    makes_client: MakesClient, settings: Settings, metadata: dict[str, Any], auth: str
) -> None:
    client_id = settings.spa if auth == "none" else settings.web
    client = makes_client(client_id, auth, scope=settings.scope, code_challenge_method="S256")

    token = code_flow(client, settings, metadata)
    who = client.get(metadata["userinfo_endpoint"]).json()
    renewed = dict(client.refresh_token(metadata["token_endpoint"]))
    endpoint, hint = metadata["introspection_endpoint"], "access_token"

    def introspected() -> Any:
        return client.introspect_token(endpoint, renewed[hint], hint).json()

    before = introspected()
    client.revoke_token(metadata["revocation_endpoint"], renewed[hint], hint)
    after = introspected()
    client.revoke_token(metadata["revocation_endpoint"], renewed["refresh_token"])
    with pytest.raises(OAuthError, match=r"The refresh token is invalid or expired\."):
        client.refresh_token(metadata["token_endpoint"], renewed["refresh_token"])
    goodbye = requests.get(
        metadata["end_session_endpoint"],
        params={
            "id_token_hint": token["id_token"],
            "post_logout_redirect_uri": settings.logout_uri,
            "state": "bye",
        },
        allow_redirects=False,
        timeout=9,
    )

    assert who["sub"] == settings.user_id
    assert (before["active"], after["active"]) == (True, False)
    assert goodbye.headers["Location"] == f"{settings.logout_uri}?state=bye"


def test_authlib_gets_a_service_its_own_token(
    makes_client: MakesClient, settings: Settings, metadata: dict[str, Any]
) -> None:
    client = makes_client(settings.service, "client_secret_basic", scope=settings.service_scope)

    token = client.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")

    assert token["scope"] == settings.service_scope


def test_authlib_is_reported_why_a_request_is_refused(
    makes_client: MakesClient, settings: Settings, metadata: dict[str, Any]
) -> None:
    client = makes_client(
        settings.spa, "none", scope="openid made_up", code_challenge_method="S256"
    )
    url, _ = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=VERIFIER
    )

    returned = parse_qs(urlsplit(signed_in(settings, url)).query)

    assert returned["error"] == ["invalid_scope"]


def test_pyjwt_verifies_tokens_by_the_published_keys(
    makes_client: MakesClient, settings: Settings, metadata: dict[str, Any]
) -> None:
    client = makes_client(settings.spa, "none", scope=settings.scope, code_challenge_method="S256")
    token = code_flow(client, settings, metadata)
    keys = jwt.PyJWKClient(metadata["jwks_uri"], ssl_context=settings.trust())

    for name, audience in (("access_token", settings.audience), ("id_token", settings.spa)):
        claims = jwt.decode(
            token[name],
            keys.get_signing_key_from_jwt(token[name]),
            algorithms=metadata["id_token_signing_alg_values_supported"],
            audience=audience,
            issuer=settings.issuer,
            options={"require": ["exp", "iat", "sub"]},
        )
        assert claims["iss"] == settings.issuer
