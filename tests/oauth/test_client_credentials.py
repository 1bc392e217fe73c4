"""The grant of services: only custom scopes, no user (facts/oauth D.7, F.2)."""

import pytest

from tests.visiting import OTHER_WEB, SECRET, SERVICE, Change, Visitor, claims_of

GOOD: Change = {
    "client_id": SERVICE,
    "client_secret": SECRET,
    "grant_type": "client_credentials",
    "scope": "messages.read",
}


@pytest.mark.parametrize("client_id", [SERVICE, OTHER_WEB])
async def test_a_service_gets_an_access_token_of_its_own(visitor: Visitor, client_id: str) -> None:
    body = (await visitor.post("token", {**GOOD, "client_id": client_id})).json()
    assert list(body) == ["token_type", "expires_in", "access_token", "scope"]
    assert body["scope"] == "messages.read"
    claims = claims_of(body["access_token"])
    assert list(claims) == ["ver", "jti", "iss", "aud", "iat", "exp", "cid", "scp", "sub"]
    assert claims["sub"] == claims["cid"] == client_id
    assert claims["scp"] == ["messages.read"]


async def test_without_scope_the_server_s_default_ones_are_granted(visitor: Visitor) -> None:
    body = (await visitor.post("token", {**GOOD, "scope": None}, server="rich")).json()
    assert body["scope"] == "usual"
    claims = claims_of(body["access_token"])
    assert claims["tier"] == "gold"
    assert "department" not in claims
    assert "groups" not in claims


@pytest.mark.parametrize(
    "scope", [None, "made_up", "openid", "offline_access", "messages.read openid", "profile"]
)
async def test_other_scopes_are_refused(visitor: Visitor, scope: str | None) -> None:
    answer = await visitor.post("token", {**GOOD, "scope": scope})
    assert (answer.status, answer.json()["error"]) == (400, "invalid_scope")


async def test_the_org_server_takes_no_client_secret_for_it(visitor: Visitor) -> None:
    answer = await visitor.post("token", GOOD, server="org")
    assert answer.status == 401
    assert answer.json() == {
        "error": "invalid_client",
        "error_description": "Client Credentials requests to the Org Authorization Server must use "
        "the private_key_jwt token_endpoint_auth_method.",
    }


async def test_a_service_s_token_is_live_but_is_nobody_s(visitor: Visitor) -> None:
    token = (await visitor.post("token", GOOD)).json()["access_token"]
    said = await visitor.introspect(token)
    assert (said["active"], said["client_id"], said["sub"]) == (True, SERVICE, SERVICE)
    assert "username" not in said
    assert "uid" not in said
    assert (await visitor.userinfo(token)).status == 401
