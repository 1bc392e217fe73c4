"""`POST /_mock/tokens`, and the harness's ways to it."""

import asyncio
from datetime import timedelta
from typing import Any, get_args

import jwt
import pytest

from mock_okta import MockOkta
from mock_okta.model.faults import Breakage
from mock_okta_harness.control import Control, ControlError
from tests.visiting import LOGIN, SERVICE, SPA, USER_ID, Visitor


async def minted(visitor: Visitor, order: dict[str, Any]) -> dict[str, Any]:
    answer = await visitor.ask("POST", "/_mock/tokens", json=order)
    assert answer.status == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize("server", ["default", "rich", "org"])
async def test_the_org_takes_its_minted_tokens_for_its_own(
    visitor: Visitor, org: MockOkta, server: str
) -> None:
    tokens = await minted(visitor, {"user": LOGIN, "authorization_server": server})
    assert tokens["issuer"] == org.issuer(server)
    assert (await visitor.userinfo(tokens["access_token"], server=server)).json()["sub"] == USER_ID
    keys = (await visitor.ask("GET", visitor.url("keys", server))).json()
    assert tokens["jwks"] == keys
    jwt.decode(
        tokens["id_token"],
        jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(tokens["id_token"])["kid"]],
        algorithms=["RS256"],
        audience=SPA,
    )


async def test_the_org_s_clock_counts(visitor: Visitor, org: MockOkta) -> None:
    tokens = await minted(visitor, {"lifetime_seconds": 60})
    assert (await visitor.introspect(tokens["access_token"]))["active"] is True
    org.clock.advance(timedelta(seconds=61))
    assert await visitor.introspect(tokens["access_token"]) == {"active": False}


async def test_a_token_minted_after_a_revocation_is_good(visitor: Visitor) -> None:
    before = await minted(visitor, {"user": LOGIN})
    assert (await visitor.ask("DELETE", "/_mock/tokens")).status == 204
    after = await minted(visitor, {"user": LOGIN})
    assert (await visitor.userinfo(before["access_token"])).status == 401
    assert (await visitor.userinfo(after["access_token"])).status == 200


# Whether the token is for another audience or client is for the API to tell, not for the org.
@pytest.mark.parametrize(
    "broken", sorted(set(get_args(Breakage)) - {"wrong_audience", "wrong_client"})
)
async def test_the_org_refuses_what_is_broken(visitor: Visitor, broken: str) -> None:
    tokens = await minted(visitor, {"broken": [broken]})
    assert (await visitor.userinfo(tokens["access_token"])).status == 401
    for token in (tokens["access_token"], tokens["id_token"]):
        assert await visitor.introspect(token) == {"active": False}


@pytest.mark.parametrize(
    ("token", "order"),
    [
        ("access_token", {"claims": {"scp": "openid"}}),
        ("access_token", {"claims": {"cid": 7}}),
        ("id_token", {"id_token_claims": {"aud": [SPA]}}),
        ("id_token", {"id_token_claims": {"nbf": -1}}),
    ],
)
async def test_a_signed_token_with_a_claim_of_another_type_is_not_active(
    visitor: Visitor, token: str, order: dict[str, Any]
) -> None:
    tokens, usual = await minted(visitor, {"user": LOGIN, **order}), await minted(visitor, {})
    assert (await visitor.introspect(usual[token]))["active"] is True
    assert await visitor.introspect(tokens[token]) == {"active": False}


ODD = [None, -1, 1.5, 10**15, "odd", [], {}, True]


@pytest.mark.parametrize("name", ["jti", "sub", "aud", "iat", "exp", "nbf", "scp", "cid", "uid"])
async def test_no_odd_claim_is_a_server_error(visitor: Visitor, name: str) -> None:
    for value in ODD:
        order = {"claims": {name: value}, "id_token_claims": {name: value}}
        await meets_every_endpoint(visitor, await minted(visitor, order))
    await meets_every_endpoint(visitor, await minted(visitor, {"without": [name]}))


async def meets_every_endpoint(visitor: Visitor, tokens: dict[str, Any]) -> None:
    """Show the tokens wherever one can be shown."""
    hint = {"id_token_hint": tokens["id_token"]}
    answers = [
        await visitor.userinfo(tokens["access_token"]),
        await visitor.ask("POST", visitor.url("logout"), data=hint),
    ]
    for path in ("introspect", "revoke"):
        for token in (tokens["access_token"], tokens["id_token"]):
            form = {"client_id": SPA, "token": token}
            answers.append(await visitor.ask("POST", visitor.url(path), data=form))
    assert {answer.status for answer in answers} <= {200, 302, 400, 401, 403}


@pytest.mark.parametrize(
    ("order", "named"),
    [
        ({"broken": ["bent"]}, "bent"),
        ({"broken": "expired"}, "broken"),
        ({"user": ""}, "user"),
        ({"client_id": " "}, "client_id"),
        ({"lifetime_seconds": 0}, "lifetime_seconds"),
        ({"lifetime_seconds": 10**10}, "lifetime_seconds"),
        ({"scopes": "openid"}, "scopes"),
        ({"claims": []}, "claims"),
        ({"sope": []}, "sope"),
    ],
    ids=str,
)
async def test_a_mistake_is_named(visitor: Visitor, order: dict[str, Any], named: str) -> None:
    answer = await visitor.ask("POST", "/_mock/tokens", json=order)
    assert answer.status == 400
    assert answer.json()["errorCode"] == "E0000001"
    assert named in answer.text


@pytest.mark.parametrize(
    "content",
    [
        '{"claims": {"big": 123456789012345678901234567890}}',
        '{"claims": {"half": "\\ud800"}}',
        '{"user": "\\ud800"}',
        '{"client_id": "\\u0000"}',
        '{"nonce": "\\n"}',
        '{"claims": ' + '{"a":' * 500 + "1" + "}" * 501,
        '{"id_token_claims": {"": null}}',
    ],
    ids=range(7),
)
async def test_no_odd_order_is_a_server_error(visitor: Visitor, content: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await visitor.ask("POST", "/_mock/tokens", data=content, headers=headers)
    assert answer.status in (200, 400), answer.text


async def test_an_unknown_authorization_server_is_not_found(visitor: Visitor) -> None:
    answer = await visitor.ask("POST", "/_mock/tokens", json={"authorization_server": "none"})
    assert (answer.status, answer.json()["errorCode"]) == (404, "E0000007")


async def test_the_harness_mints_at_a_running_org(org: MockOkta) -> None:
    control = Control(org.url)
    tokens = await asyncio.to_thread(
        lambda: control.mint(
            "second@example.com",
            client_id=SPA,
            scopes=["openid", "notes"],
            claims={"groups": ["a"]},
            lifetime=timedelta(minutes=5),
            nonce="n",
            broken="wrong_issuer",
            without=["ver"],
        )
    )
    claims = jwt.decode(tokens.access_token, options={"verify_signature": False})
    assert (claims["sub"], claims["scp"]) == ("second@example.com", ["openid", "notes"])
    assert (claims["groups"], claims["exp"] - claims["iat"]) == (["a"], 300)
    assert "ver" not in claims
    assert claims["iss"] != tokens.issuer == org.issuer()
    service = await asyncio.to_thread(lambda: control.mint(client_id=SERVICE))
    assert service.id_token is None
    with pytest.raises(ControlError, match="none"):
        await asyncio.to_thread(lambda: control.mint(authorization_server="none"))


def test_a_fixture_serves_what_the_tokens_are_verified_with(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
    import json, urllib.request
    import jwt, pytest

    def verified(issuer, token):
        '''The code under test: knows an issuer, and finds the rest.'''
        with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration") as answer:
            found = json.load(answer)
        key = jwt.PyJWKClient(found["jwks_uri"]).get_signing_key_from_jwt(token)
        return jwt.decode(
            token, key, ["RS256"], audience="api://default", issuer=found["issuer"])

    def test_good(okta_issuer, okta_mint):
        tokens = okta_mint("second@example.com")
        assert verified(okta_issuer, tokens.access_token)["sub"] == "second@example.com"

    def test_broken(okta_issuer, okta_mint):
        with pytest.raises(jwt.ExpiredSignatureError):
            verified(okta_issuer, okta_mint(broken="expired").access_token)
        with pytest.raises(jwt.PyJWKClientError):
            verified(okta_issuer, okta_mint(broken="unknown_kid").access_token)
        with pytest.raises(jwt.InvalidSignatureError):
            verified(okta_issuer, okta_mint(broken=["wrong_key"]).access_token)
    """)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)
