"""Discovery: what is advertised works, and what is not served is not named (facts/oauth A)."""

import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from mock_okta import Config, MockOkta
from tests.visiting import (
    CALLBACK,
    CHALLENGE,
    OTHER_WEB,
    SECRET,
    SEED,
    SERVICE,
    SPA,
    VERIFIER,
    WEB,
    Change,
    Visitor,
    basic,
    claims_of,
)

OIDC, OAUTH = "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"
PATHS = [
    ("org", OIDC),
    ("org", OAUTH),
    ("default", f"/oauth2/default{OIDC}"),
    ("default", f"/oauth2/default{OAUTH}"),
    ("default", f"{OAUTH}/oauth2/default"),
    ("rich", f"/oauth2/rich{OIDC}"),
]
DOCUMENTS = pytest.mark.parametrize(("server", "path"), PATHS)


async def document(visitor: Visitor, path: str) -> dict[str, Any]:
    answer = await visitor.ask("GET", path)
    assert answer.status == 200
    body: dict[str, Any] = answer.json()
    return body


@DOCUMENTS
async def test_the_issuer_is_byte_for_byte_that_of_the_tokens(
    org: MockOkta, visitor: Visitor, server: str, path: str
) -> None:
    issuer = (await document(visitor, path))["issuer"]
    assert issuer == org.issuer(server)
    tokens = await visitor.tokens({"scope": "openid"}, server=server)
    assert claims_of(tokens["id_token"])["iss"] == issuer
    assert claims_of(tokens["access_token"])["iss"] == issuer


async def test_the_path_form_is_the_same_document(visitor: Visitor) -> None:
    plain = await document(visitor, f"/oauth2/default{OAUTH}")
    assert await document(visitor, f"{OAUTH}/oauth2/default") == plain


@DOCUMENTS
async def test_every_advertised_endpoint_answers(visitor: Visitor, server: str, path: str) -> None:
    found = await document(visitor, path)
    urls = [v for n, v in found.items() if n.endswith("_endpoint") or n == "jwks_uri"]
    assert len(urls) >= 6
    for url in urls:
        prefix = "/oauth2/v1/" if server == "org" else f"/oauth2/{server}/v1/"
        assert urlsplit(url).path.startswith(prefix)
        statuses = [(await visitor.ask(method, url)).status for method in ("GET", "POST")]
        assert any(status not in (404, 405) for status in statuses), url


@DOCUMENTS
async def test_every_advertised_endpoint_works(visitor: Visitor, server: str, path: str) -> None:
    """A whole flow through nothing but what discovery says."""
    found = await document(visitor, path)
    login = {"sessionToken": await visitor.session_token(), "scope": "openid offline_access"}
    asked = await visitor.authorize(login, server=server)
    assert found["authorization_endpoint"] == visitor.url("authorize", server)
    form = {
        "grant_type": "authorization_code",
        "client_id": SPA,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "code": asked.returned["code"],
    }
    tokens = (await visitor.ask("POST", found["token_endpoint"], data=form)).json()
    keys = (await visitor.ask("GET", found["jwks_uri"])).json()["keys"]
    assert keys
    token = {"client_id": SPA, "token": tokens["access_token"]}
    said = await visitor.ask("POST", found["introspection_endpoint"], data=token)
    assert said.json()["active"] is True
    if "userinfo_endpoint" in found:
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert (await visitor.ask("GET", found["userinfo_endpoint"], headers=bearer)).status == 200
    assert (await visitor.ask("POST", found["revocation_endpoint"], data=token)).status == 200
    said = await visitor.ask("POST", found["introspection_endpoint"], data=token)
    assert said.json() == {"active": False}
    hint = f"{found['end_session_endpoint']}?id_token_hint={tokens['id_token']}"
    assert (await visitor.ask("GET", hint)).status == 302
    assert await visitor.session_id() is None


@DOCUMENTS
async def test_every_advertised_response_type_and_mode_works(
    visitor: Visitor, server: str, path: str
) -> None:
    found = await document(visitor, path)
    await visitor.sign_in()
    for response_type in found["response_types_supported"]:
        for mode in found["response_modes_supported"]:
            change = {"response_type": response_type, "response_mode": mode, "scope": "openid"}
            returned = (await visitor.authorize(change, server=server)).returned
            if mode == "query" and response_type != "code":
                assert returned["error"] == "unsupported_response_mode"
            else:
                assert "error" not in returned, (response_type, mode)


@DOCUMENTS
async def test_every_advertised_scope_is_granted(visitor: Visitor, server: str, path: str) -> None:
    scopes = (await document(visitor, path))["scopes_supported"]
    tokens = await visitor.tokens({"scope": " ".join(scopes)}, server=server)
    assert tokens["scope"].split() == scopes


async def test_scopes_are_listed_when_published(visitor: Visitor) -> None:
    custom = await document(visitor, f"/oauth2/default{OIDC}")
    assert custom["scopes_supported"] == [
        *("openid", "profile", "email", "address", "phone", "offline_access"),
        "notes",
    ]
    own = await document(visitor, OIDC)
    assert own["scopes_supported"] == [
        *("openid", "email", "profile", "address", "phone", "offline_access", "groups"),
    ]


@pytest.mark.parametrize("path", [f"/oauth2/default{OIDC}", f"/oauth2/default{OAUTH}"])
async def test_every_grant_is_served_if_and_only_if_it_is_advertised(
    visitor: Visitor, path: str
) -> None:
    advertised = set((await document(visitor, path))["grant_types_supported"]) - {"implicit"}
    if path.endswith(OIDC):
        advertised.add("client_credentials")  # Okta leaves it out there, though it works
    advertised.add("interaction_code")  # Okta leaves it out in both, though it works
    for grant_type in {*advertised, "made_up", "password", "urn:openid:params:grant-type:ciba"}:
        form: Change = {"client_id": SPA, "grant_type": grant_type}
        error = (await visitor.post("token", form)).json()["error"]
        assert (error != "unsupported_grant_type") is (grant_type in advertised), grant_type


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
async def test_client_authentication_methods_are_advertised_and_work(
    visitor: Visitor, method: str
) -> None:
    found = await document(visitor, f"/oauth2/default{OIDC}")
    for name in ("token", "introspection", "revocation"):
        assert method in found[f"{name}_endpoint_auth_methods_supported"]
    headers, form = {
        "client_secret_basic": (
            basic(OTHER_WEB, "a+secret%2Fwith%2Bodd%3Acharacters%26%3D%25"),
            {},
        ),
        "client_secret_post": ({}, {"client_id": OTHER_WEB, "client_secret": SECRET}),
        "none": ({}, {"client_id": SPA}),
    }[method]
    answer = await visitor.post("introspect", {"token": "any", **form}, headers=headers)
    assert answer.json() == {"active": False}


async def test_the_implicit_grant_s_own_token_type_is_in_rfc_8414_s_document_alone(
    visitor: Visitor,
) -> None:
    oidc = await document(visitor, f"/oauth2/default{OIDC}")
    oauth = await document(visitor, f"/oauth2/default{OAUTH}")
    assert "token" not in oidc["response_types_supported"]
    assert oauth["response_types_supported"][1] == "token"
    assert "userinfo_endpoint" not in oauth
    assert not [name for name in oauth if name.startswith("id_token_")]
    assert oauth["claims_supported"] == [
        *("ver", "jti", "iss", "aud", "iat", "exp", "cid", "uid", "scp", "sub")
    ]


async def test_claims_are_listed_as_they_come(visitor: Visitor) -> None:
    advertised = (await document(visitor, f"/oauth2/default{OIDC}"))["claims_supported"]
    await visitor.sign_in()
    change = {"response_type": "code id_token", "scope": "openid profile email address phone"}
    returned = (await visitor.authorize(change)).returned
    assert set(claims_of(returned["id_token"])) <= set(advertised)


async def test_s256_is_the_method_and_it_is_the_only_one(visitor: Visitor) -> None:
    for _, path in PATHS:
        found = await document(visitor, path)
        assert found["code_challenge_methods_supported"] == ["S256"]
    assert len(CHALLENGE) == 43


UNSERVED = {
    "registration_endpoint": "/oauth2/v1/clients",
    "device_authorization_endpoint": "/oauth2/default/v1/device/authorize",
    "pushed_authorization_request_endpoint": "/oauth2/default/v1/par",
    "backchannel_authentication_endpoint": "/oauth2/default/v1/bc/authorize",
}


@pytest.mark.parametrize(("name", "path"), UNSERVED.items())
async def test_an_endpoint_is_named_if_and_only_if_it_is_served(
    visitor: Visitor, name: str, path: str
) -> None:
    found = await document(visitor, f"/oauth2/default{OIDC}")
    answer = await visitor.ask("POST", path)
    assert (name in found) is (answer.status != 404)


@DOCUMENTS
@pytest.mark.parametrize("client_id", [SPA, WEB, SERVICE])
async def test_a_known_client_id_changes_nothing(
    visitor: Visitor, server: str, path: str, client_id: str
) -> None:
    plain = await document(visitor, path)
    assert await document(visitor, f"{path}?client_id={client_id}") == plain, server


@DOCUMENTS
async def test_an_unknown_client_id_is_an_error(visitor: Visitor, server: str, path: str) -> None:
    answer = await visitor.ask("GET", f"{path}?client_id=nobody")
    assert answer.status == 400, server
    body = answer.json()
    assert (body["errorCode"], body["errorLink"]) == ("invalid_client", "invalid_client")
    assert body["errorSummary"] == "Invalid value for 'client_id' parameter."


@pytest.mark.parametrize("server_id", ["nowhere", "org", "DEFAULT", "v1"])
async def test_an_unknown_server_has_no_documents(visitor: Visitor, server_id: str) -> None:
    for path in (
        f"/oauth2/{server_id}{OIDC}",
        f"/oauth2/{server_id}{OAUTH}",
        f"{OAUTH}/oauth2/{server_id}",
        f"/oauth2/{server_id}/v1/keys",
    ):
        answer = await visitor.ask("GET", path)
        assert answer.status == 404
        if server_id != "v1":
            assert answer.json()["errorSummary"] == (
                f"Not found: Resource not found: {server_id} (AuthorizationServer)"
            )


async def test_a_server_that_was_seeded_later_has_documents_and_keys(visitor: Visitor) -> None:
    seed = {"authorization_servers": [{"id": "later", "audiences": ["api://later"]}]}
    assert (await visitor.ask("PUT", "/_mock/seed", json=seed)).status == 200
    found = await document(visitor, f"/oauth2/later{OIDC}")
    assert (await visitor.ask("GET", found["jwks_uri"])).json()["keys"]


CACHED = [*(path for _, path in PATHS), "/oauth2/v1/keys", "/oauth2/default/v1/keys"]


@pytest.mark.parametrize("path", CACHED)
async def test_nothing_is_cached_while_keys_die_with_the_org(visitor: Visitor, path: str) -> None:
    answer = await visitor.ask("GET", path)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


async def test_documents_and_keys_are_cacheable_while_keys_persist(tmp_path: Path) -> None:
    config = Config(seed=SEED, state_dir=tmp_path)
    async with MockOkta(config) as org, aiohttp.ClientSession() as http:
        visitor = Visitor(org, http)
        for path in CACHED:
            answer = await visitor.ask("GET", path)
            max_age = re.fullmatch(
                r"max-age=(\d+), must-revalidate", answer.headers["Cache-Control"]
            )
            assert max_age is not None
            assert int(max_age[1]) >= 86400
            assert int(max_age[1]) == 86400 or path.endswith("/keys")
            lasts = parsedate_to_datetime(answer.headers["Expires"]) - org.clock.now()
            assert lasts.total_seconds() == pytest.approx(int(max_age[1]), abs=60)
