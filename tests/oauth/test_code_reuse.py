"""A code that its client redeems again revokes the first tokens (RFC 6749 4.1.2)."""

from typing import Any

import pytest

from tests.visiting import OTHER_SPA, Change, Visitor, claims_of

SPENT = "The authorization code is invalid or has expired."


async def _redeemed(visitor: Visitor, scope: str) -> tuple[str, dict[str, Any]]:
    code = await visitor.code({"scope": scope})
    answer = await visitor.redeem(code)
    assert answer.status == 200
    return code, answer.json()


async def _is_alive(visitor: Visitor, token: str) -> bool:
    found: bool = (await visitor.introspect(token))["active"]
    return found


@pytest.mark.parametrize("scope", ["openid", "openid offline_access"])
async def test_a_code_that_is_redeemed_again_ends_the_tokens_of_the_first_time(
    visitor: Visitor, scope: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mock_okta")
    code, first = await _redeemed(visitor, scope)
    other = await visitor.tokens({"scope": scope})
    again = await visitor.redeem(code)
    assert again.json() == {"error": "invalid_grant", "error_description": SPENT}
    assert "the code was redeemed before" in caplog.text
    assert not await _is_alive(visitor, first["access_token"])
    assert (await visitor.userinfo(first["access_token"])).status == 401
    assert await _is_alive(visitor, other["access_token"])


async def test_what_was_refreshed_since_ends_with_them(visitor: Visitor) -> None:
    code, first = await _redeemed(visitor, "openid offline_access")
    renewed = (await visitor.refresh(first["refresh_token"])).json()
    await visitor.redeem(code)
    assert not await _is_alive(visitor, renewed["access_token"])
    for token in (first["refresh_token"], renewed["refresh_token"]):
        assert (await visitor.refresh(token)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("change", "server"), [({"client_id": OTHER_SPA}, "default"), ({}, "rich"), ({}, "org")]
)
async def test_another_client_or_server_ends_nothing(
    visitor: Visitor, change: Change, server: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mock_okta")
    code, first = await _redeemed(visitor, "openid")
    refused = await visitor.redeem(code, change, server=server)
    assert refused.json()["error_description"] == SPENT
    assert await _is_alive(visitor, first["access_token"])
    assert "redeemed before" not in caplog.text


async def test_a_made_up_code_ends_nothing(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mock_okta")
    _, first = await _redeemed(visitor, "openid")
    assert (await visitor.redeem("made-up")).json()["error_description"] == SPENT
    assert await _is_alive(visitor, first["access_token"])
    assert "redeemed before" not in caplog.text


async def test_a_request_that_was_wrong_ends_nothing(visitor: Visitor) -> None:
    code = await visitor.code()
    assert (await visitor.redeem(code, {"code_verifier": "wrong"})).status == 400
    body = (await visitor.redeem(code)).json()
    assert await _is_alive(visitor, body["access_token"])


async def test_the_refresh_family_is_named_by_the_access_token_s_id(visitor: Visitor) -> None:
    _, with_refresh = await _redeemed(visitor, "openid offline_access")
    _, without = await _redeemed(visitor, "openid")
    assert claims_of(with_refresh["access_token"])["jti"].count(".oar") == 1
    assert claims_of(without["access_token"])["jti"].count(".") == 1
