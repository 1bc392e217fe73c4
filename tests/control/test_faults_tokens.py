"""What planned faults make of keys, discovery and tokens, as PyJWT sees it."""

import asyncio
from typing import Any, get_args
from unittest.mock import ANY

import jwt
import pytest

from mock_okta.model.faults import Breakage
from tests.control.planning import counts_of, plan_faults, statuses_of
from tests.visiting import LOGIN, OTHER_SPA, SPA, Visitor, claims_of, header_of

BROKEN = {"kind": "broken_token", "broken": ["unknown_kid"]}


async def _verified(visitor: Visitor, token: str, **options: Any) -> dict[str, Any]:
    """The claims of an ID token as PyJWT verifies it, by the keys that the org publishes."""
    jwks = (await visitor.ask("GET", visitor.url("keys"))).json()
    kid = jwt.get_unverified_header(token)["kid"]
    key = jwt.PyJWKSet.from_dict(jwks)[kid]
    issuer = visitor.org.issuer()
    claims: dict[str, Any] = jwt.decode(
        token, key, algorithms=["RS256"], audience=SPA, issuer=issuer, **options
    )
    return claims


async def _is_published(visitor: Visitor, token: str) -> bool:
    jwks = (await visitor.ask("GET", visitor.url("keys"))).json()
    return header_of(token)["kid"] in [key["kid"] for key in jwks["keys"]]


# Keys and discovery


async def test_missing_keys_verify_nothing(visitor: Visitor) -> None:
    token = (await visitor.tokens())["id_token"]
    await plan_faults(visitor, {"kind": "jwks_missing"})
    with pytest.raises(jwt.PyJWKSetError, match="did not contain any keys"):
        await _verified(visitor, token)
    assert await _verified(visitor, token)


@pytest.mark.parametrize("rotations", [0, 1])
async def test_stale_keys_lack_the_one_that_signs(visitor: Visitor, rotations: int) -> None:
    for _ in range(rotations):
        await visitor.ask("POST", "/_mock/keys/rotate", json={})
    token = (await visitor.tokens())["id_token"]
    await plan_faults(visitor, {"kind": "jwks_stale"})
    answer = await visitor.ask("GET", visitor.url("keys"))
    keys = answer.json()["keys"]
    assert len(keys) == rotations + 1
    assert header_of(token)["kid"] not in [key["kid"] for key in keys]
    assert all(jwt.PyJWK(key).key for key in keys)
    assert await _verified(visitor, token)


@pytest.mark.parametrize(
    ("given", "named"), [({}, None), ({"issuer": "https://other"}, "https://other")]
)
@pytest.mark.parametrize("document", ["openid-configuration", "oauth-authorization-server"])
async def test_discovery_contradicts_the_tokens(
    visitor: Visitor, document: str, given: dict[str, str], named: str | None
) -> None:
    await plan_faults(visitor, {"kind": "discovery_contradicts", **given})
    path = f"/oauth2/default/.well-known/{document}"
    issuers = [(await visitor.ask("GET", path)).json()["issuer"] for _ in range(2)]
    issuer = visitor.org.issuer()
    assert issuers == [named or f"{issuer}/other", issuer]


async def test_faults_of_keys_and_discovery_wait_for_their_own_answers(visitor: Visitor) -> None:
    kinds = ("jwks_missing", "jwks_stale", "discovery_contradicts")
    await plan_faults(visitor, *({"kind": kind, "path": "*"} for kind in kinds))
    await statuses_of(visitor, "/.well-known/webfinger", "/.well-known/okta-organization")
    await statuses_of(visitor, "/nowhere", "/oauth2/unknown/v1/keys")
    assert await counts_of(visitor) == [(0, 1)] * 3


# Tokens


REASONS: dict[str, type[Exception]] = {
    "expired": jwt.ExpiredSignatureError,
    "not_yet_valid": jwt.ImmatureSignatureError,
    "wrong_issuer": jwt.InvalidIssuerError,
    "wrong_audience": jwt.InvalidAudienceError,
    "wrong_client": jwt.InvalidAudienceError,
    "wrong_key": jwt.InvalidSignatureError,
    "unknown_kid": KeyError,
    "algorithm_none": jwt.InvalidAlgorithmError,
    "tampered": jwt.InvalidSignatureError,
    "not_a_jwt": jwt.DecodeError,
}


@pytest.mark.parametrize("broken", get_args(Breakage))
async def test_an_issued_token_is_refused_for_the_reason_that_mint_names_too(
    visitor: Visitor, broken: str
) -> None:
    await plan_faults(visitor, {**BROKEN, "broken": [broken]})
    tokens = await visitor.tokens()
    with pytest.raises(REASONS[broken]) as refused:
        await _verified(visitor, tokens["id_token"])
    assert type(refused.value) is REASONS[broken]
    minted = (await visitor.ask("POST", "/_mock/tokens", json={"broken": [broken]})).json()
    with pytest.raises(REASONS[broken]):
        await _verified(visitor, minted["id_token"])
    assert await counts_of(visitor) == [(1, 0)]
    assert await _verified(visitor, (await visitor.tokens())["id_token"])


async def test_several_reasons_may_be_named(visitor: Visitor) -> None:
    await plan_faults(visitor, {**BROKEN, "broken": ["expired", "unknown_kid"]})
    token = (await visitor.tokens())["id_token"]
    assert not await _is_published(visitor, token)
    claims = claims_of(token)
    assert claims["exp"] < claims["iat"] + 3601 < visitor.org.clock.epoch()


async def test_an_unknown_kid_changes_nothing_else(visitor: Visitor) -> None:
    good = await visitor.tokens()
    await plan_faults(visitor, BROKEN)
    tokens = await visitor.tokens()
    for name in ("id_token", "access_token"):
        assert header_of(tokens[name]) == {**header_of(good[name]), "kid": ANY}
        assert list(claims_of(tokens[name])) == list(claims_of(good[name]))
        assert not await _is_published(visitor, tokens[name])


async def test_the_org_servers_access_token_keeps_its_type_under_an_unknown_kid(
    visitor: Visitor,
) -> None:
    await plan_faults(visitor, BROKEN)
    tokens = await visitor.tokens(server="org")
    assert header_of(tokens["access_token"])["typ"] == "application/okta-internal-at+jwt"


async def test_skewed_tokens_are_well_signed_and_out_of_date(visitor: Visitor) -> None:
    good = claims_of((await visitor.tokens())["id_token"])
    await plan_faults(visitor, {"kind": "clock_skew", "seconds": -7200})
    token = (await visitor.tokens())["id_token"]
    with pytest.raises(jwt.ExpiredSignatureError):
        await _verified(visitor, token)
    claims = await _verified(visitor, token, options={"verify_exp": False})
    for name in ("iat", "exp", "auth_time"):
        assert -7200 <= claims[name] - good[name] <= -7190
    await plan_faults(visitor, {"kind": "clock_skew", "seconds": 7200})
    with pytest.raises(jwt.ImmatureSignatureError):
        await _verified(visitor, (await visitor.tokens())["id_token"])


async def test_one_of_the_two_tokens_can_be_meant(visitor: Visitor) -> None:
    await plan_faults(visitor, {**BROKEN, "token": "access_token"})
    tokens = await visitor.tokens()
    assert not await _is_published(visitor, tokens["access_token"])
    assert await _verified(visitor, tokens["id_token"])
    assert await counts_of(visitor) == [(1, 0)]


@pytest.mark.parametrize("mode", ["fragment", "form_post", "okta_post_message"])
async def test_tokens_that_authorize_gives_go_wrong_too(visitor: Visitor, mode: str) -> None:
    path = "/oauth2/default/v1/authorize"
    await plan_faults(visitor, {**BROKEN, "path": path})
    token = await visitor.session_token()
    asked = {"response_type": "id_token token", "response_mode": mode, "sessionToken": token}
    answer = await visitor.authorize({**asked, "scope": "openid"})
    assert not await _is_published(visitor, answer.returned["id_token"])
    assert not await _is_published(visitor, answer.returned["access_token"])


async def test_a_token_fault_waits_for_a_token(visitor: Visitor) -> None:
    await plan_faults(visitor, BROKEN, {"kind": "clock_skew", "seconds": 60})
    assert (await visitor.redeem("unknown")).status == 400
    assert await counts_of(visitor) == [(0, 1), (0, 1)]
    await visitor.tokens()
    assert await counts_of(visitor) == [(1, 0), (0, 1)]


async def test_of_many_tokens_at_a_time_exactly_so_many_go_wrong(visitor: Visitor) -> None:
    await plan_faults(visitor, {**BROKEN, "times": 5, "user": LOGIN})
    refresh_tokens = [(await visitor.tokens({"client_id": OTHER_SPA}))["refresh_token"]]
    assert await counts_of(visitor) == [(1, 4)]
    form = {"client_id": OTHER_SPA, "grant_type": "refresh_token"}
    form["refresh_token"] = refresh_tokens[0]
    answers = await asyncio.gather(*(visitor.post("token", form) for _ in range(64)))
    found = [await _is_published(visitor, each.json()["access_token"]) for each in answers]
    assert found.count(False) == 4
