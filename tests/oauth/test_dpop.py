"""DPoP at the token endpoint (RFC 9449, facts/oauth E.8): nonces, and what tokens are bound to."""

from datetime import timedelta

import pytest

from mock_okta import Config, MockOkta
from tests.oauth.holding import (
    ALGORITHMS,
    BOUND_SERVICE,
    KEYS,
    MISSING,
    NEEDS_NONCE,
    RSA,
    SECRET_QUOTED,
    Holder,
    dpop_org,
)
from tests.visiting import APP, OTHER_SPA, SECRET, VERIFIER, WEB, Change, Visitor, basic, claims_of


@pytest.fixture
def config() -> Config:
    return dpop_org()


# The state of a new client.


async def test_a_bound_client_without_a_proof_hears_so_without_a_nonce(
    visitor: Visitor,
) -> None:
    form = {"grant_type": "client_credentials", "scope": "messages.read"}
    answer = await visitor.post("token", form, headers=basic(BOUND_SERVICE, SECRET_QUOTED))
    assert (answer.status, answer.json()) == (400, MISSING)
    assert "dpop-nonce" not in answer.headers


async def test_a_proof_without_nonce_gets_one_and_is_taken_with_it(visitor: Visitor) -> None:
    holder = Holder(visitor)
    refused = await holder.ask()
    assert (refused.status, refused.json()) == (400, NEEDS_NONCE)
    holder.nonce = refused.headers["dpop-nonce"]
    taken = await holder.ask()
    assert taken.status == 200
    assert taken.headers["dpop-nonce"] == holder.nonce
    assert taken.json()["token_type"] == "DPoP"


async def test_a_code_survives_the_round_for_the_nonce(visitor: Visitor) -> None:
    holder, code = Holder(visitor), await visitor.code()
    url = visitor.url("token")
    refused = await visitor.redeem(code, headers={"DPoP": holder.proof(url)})
    assert refused.json() == NEEDS_NONCE
    holder.nonce = refused.headers["dpop-nonce"]
    taken = await visitor.redeem(code, headers={"DPoP": holder.proof(url)})
    assert (taken.status, taken.json()["token_type"]) == (200, "DPoP")


@pytest.mark.parametrize("server", ["default", "rich"])
async def test_one_nonce_is_good_at_every_server(holder: Holder, server: str) -> None:
    answer = await holder.ask(server=server)
    assert answer.json().get("error") != "use_dpop_nonce"


@pytest.mark.parametrize(("days", "status"), [(0, 200), (1, 200), (3, 200), (4, 400), (-1, 400)])
async def test_a_nonce_is_taken_on_its_day_and_for_three_more(
    org: MockOkta, holder: Holder, days: int, status: int
) -> None:
    org.clock.advance(timedelta(days=days))
    answer = await holder.ask()
    assert answer.status == status
    assert (answer.headers["dpop-nonce"] == holder.nonce) is (days == 0)


async def test_a_nonce_outlives_a_reset_and_a_return_to_a_snapshot(
    visitor: Visitor, holder: Holder
) -> None:
    await visitor.ask("PUT", "/_mock/snapshots/then")
    assert (await holder.ask()).status == 200
    for back in ("/_mock/reset", "/_mock/snapshots/then/restore"):
        assert (await visitor.ask("POST", back)).status == 204
        assert (await holder.ask()).status == 200


# What the tokens are.


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_the_access_token_names_the_key_right_after_its_end(
    visitor: Visitor, algorithm: str
) -> None:
    holder = Holder(visitor, algorithm, KEYS[algorithm])
    await holder.know_the_nonce()
    claims = claims_of((await holder.ask()).json()["access_token"])
    assert claims["cnf"] == {"jkt": holder.jkt}
    names = list(claims)
    assert names[names.index("exp") + 1] == "cnf"


async def test_discovery_names_the_algorithms_that_are_taken(visitor: Visitor) -> None:
    for name in ("openid-configuration", "oauth-authorization-server"):
        document = (await visitor.ask("GET", f"/oauth2/default/.well-known/{name}")).json()
        assert document["dpop_signing_alg_values_supported"] == ALGORITHMS
        assert list(document)[-1] == "dpop_signing_alg_values_supported"


async def test_introspection_says_what_the_token_is_bound_to(
    visitor: Visitor, holder: Holder
) -> None:
    token = (await holder.redeem()).json()["access_token"]
    found = await visitor.introspect(token)
    assert (found["token_type"], found["cnf"]) == ("DPoP", {"jkt": holder.jkt})
    plain = await visitor.introspect((await visitor.tokens())["access_token"])
    assert (plain["token_type"], "cnf" in plain) == ("Bearer", False)


async def test_a_browser_may_read_the_nonce(visitor: Visitor) -> None:
    headers = {"Origin": APP, "DPoP": Holder(visitor).proof(visitor.url("token"))}
    answer = await visitor.redeem(await visitor.code(), headers=headers)
    assert answer.json() == NEEDS_NONCE
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert "dpop-nonce" in answer.headers["Access-Control-Expose-Headers"].split(", ")


async def test_a_browser_may_send_a_proof(visitor: Visitor) -> None:
    asked = {
        "Origin": APP,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "dpop",
    }
    answer = await visitor.ask("OPTIONS", visitor.url("token"), headers=asked)
    assert "dpop" in answer.headers["Access-Control-Allow-Headers"].split(", ")


# Refresh tokens.


async def test_a_public_client_s_refresh_token_needs_its_key(
    visitor: Visitor, holder: Holder
) -> None:
    token = (await holder.redeem()).json()["refresh_token"]
    other = Holder(visitor, "RS256", RSA, nonce=holder.nonce)
    spent = {
        "error": "invalid_grant",
        "error_description": "The refresh token is invalid or expired.",
    }
    assert (await other.refresh(token)).json() == spent
    assert (await visitor.refresh(token)).json() == spent
    second = (await holder.refresh(token)).json()
    assert second["token_type"] == "DPoP"
    assert claims_of(second["access_token"])["cnf"] == {"jkt": holder.jkt}
    assert (await other.refresh(second["refresh_token"])).json() == spent
    assert (await holder.refresh(second["refresh_token"])).status == 200


async def test_a_confidential_client_s_refresh_token_is_bound_to_none(
    visitor: Visitor, holder: Holder
) -> None:
    as_web: Change = {"client_id": WEB, "client_secret": SECRET}
    token = (await holder.redeem(as_web, {"client_id": WEB})).json()["refresh_token"]
    other = Holder(visitor, "RS256", RSA, nonce=holder.nonce)
    renewed = (await other.refresh(token, as_web)).json()
    assert claims_of(renewed["access_token"])["cnf"] == {"jkt": other.jkt}
    assert (await visitor.refresh(token, as_web)).json()["token_type"] == "Bearer"


async def test_a_bound_client_must_prove_its_key_at_every_grant(
    visitor: Visitor, holder: Holder
) -> None:
    bound: Change = {"client_id": "0oa9spa00000000000h7"}
    code = await visitor.code(bound)
    assert (await visitor.redeem(code, bound)).json() == MISSING
    proof = {"DPoP": holder.proof(visitor.url("token"))}
    body = (await visitor.redeem(code, bound, headers=proof)).json()
    assert body["token_type"] == "DPoP"
    assert (await visitor.refresh(body["refresh_token"], bound)).json() == MISSING


async def test_other_clients_stay_with_bearer_tokens(visitor: Visitor) -> None:
    body = await visitor.tokens({"client_id": OTHER_SPA})
    assert body["token_type"] == "Bearer"
    assert "cnf" not in claims_of(body["access_token"])


async def test_the_verifier_of_the_code_is_still_needed(holder: Holder) -> None:
    answer = await holder.redeem({"code_verifier": VERIFIER[::-1]})
    assert answer.json()["error"] == "invalid_grant"
