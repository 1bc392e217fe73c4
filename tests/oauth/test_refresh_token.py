"""Refresh tokens: rotation with its leeway, reuse, expiry, scopes (facts/oauth D.6, F.7)."""

from datetime import timedelta

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta
from tests.visiting import OTHER_SPA, SECRET, SPA, WEB, Change, Visitor, claims_of

# Okta's own library compares this to the letter.
SPENT = {
    "error": "invalid_grant",
    "error_description": "The refresh token is invalid or expired.",
}
AS_WEB: Change = {"client_id": WEB, "client_secret": SECRET}
INACTIVE = {"active": False}


async def test_a_public_client_s_token_rotates(visitor: Visitor) -> None:
    first = await visitor.tokens()
    answer = await visitor.refresh(first["refresh_token"])
    assert answer.status == 200
    second = answer.json()
    assert list(second) == list(first)
    assert second["refresh_token"] != first["refresh_token"]
    assert (await visitor.refresh(second["refresh_token"])).status == 200


async def test_a_confidential_client_s_token_stays_the_same(visitor: Visitor) -> None:
    first = await visitor.tokens({"client_id": WEB})
    for _ in range(3):
        second = (await visitor.refresh(first["refresh_token"], AS_WEB)).json()
        assert second["refresh_token"] == first["refresh_token"]


@pytest.mark.parametrize("scope", [None, "", " ", "   "])
async def test_a_scope_of_nothing_asks_for_all_that_there_was(
    visitor: Visitor, scope: str | None
) -> None:
    first = await visitor.tokens()
    second = (await visitor.refresh(first["refresh_token"], {"scope": scope})).json()
    assert second["scope"] == first["scope"]
    assert list(second) == list(first)


async def test_within_the_leeway_the_old_token_gives_the_same_successor(
    org: MockOkta, visitor: Visitor
) -> None:
    org.clock.freeze()
    old = (await visitor.tokens())["refresh_token"]
    successor = (await visitor.refresh(old)).json()["refresh_token"]
    org.clock.advance(timedelta(seconds=30))
    again = await visitor.refresh(old)
    assert again.json()["refresh_token"] == successor
    assert (await visitor.refresh(successor)).status == 200


async def test_reuse_after_the_leeway_ends_the_family_and_its_access_tokens(
    org: MockOkta, visitor: Visitor
) -> None:
    org.clock.freeze()
    first = await visitor.tokens()
    second = (await visitor.refresh(first["refresh_token"])).json()
    bystander = await visitor.tokens()
    org.clock.advance(timedelta(seconds=31))
    reused = await visitor.refresh(first["refresh_token"])
    assert (reused.status, reused.json()) == (400, SPENT)
    assert (await visitor.refresh(second["refresh_token"])).json() == SPENT
    for token in (first["access_token"], second["access_token"], second["refresh_token"]):
        assert await visitor.introspect(token) == INACTIVE
    assert (await visitor.userinfo(second["access_token"])).status == 401
    assert (await visitor.introspect(bystander["access_token"]))["active"] is True
    assert (await visitor.refresh(bystander["refresh_token"])).status == 200


async def test_an_ended_family_stays_ended_though_memory_is_swept(
    config: Config, shared_pool: KeyPool
) -> None:
    """The youngest token of the family outlives the one whose reuse ended it."""
    async with MockOkta(config, key_pool=shared_pool) as org, aiohttp.ClientSession() as http:
        visitor = Visitor(org, http)
        org.clock.freeze()
        first = (await visitor.tokens())["refresh_token"]
        org.clock.advance(timedelta(days=6))
        second = (await visitor.refresh(first)).json()["refresh_token"]
        org.clock.advance(timedelta(hours=1))
        assert (await visitor.refresh(first)).json() == SPENT
        org.clock.advance(timedelta(days=5))
        for _ in range(3):
            other = (await visitor.tokens())["refresh_token"]
            await visitor.post("revoke", {"client_id": SPA, "token": other})
        assert (await visitor.refresh(second)).json() == SPENT


@pytest.mark.parametrize(("client", "change"), [("public", {}), ("confidential", AS_WEB)])
async def test_a_token_lives_while_it_is_used_every_seven_days(
    org: MockOkta, visitor: Visitor, client: str, change: Change
) -> None:
    org.clock.freeze()
    issued_to = {"client_id": change["client_id"]} if change else {}
    token = (await visitor.tokens(issued_to))["refresh_token"]
    for _ in range(3):
        org.clock.advance(timedelta(days=7, seconds=-1))
        answer = await visitor.refresh(token, change)
        assert answer.status == 200, client
        token = answer.json()["refresh_token"]
    org.clock.advance(timedelta(days=7))
    assert await visitor.introspect(token) == INACTIVE
    assert (await visitor.refresh(token, change)).json() == SPENT


async def test_at_the_org_server_a_family_lasts_90_days_however_often_it_is_used(
    org: MockOkta, visitor: Visitor
) -> None:
    org.clock.freeze()
    token = (await visitor.tokens(server="org"))["refresh_token"]
    org.clock.advance(timedelta(days=89))
    token = (await visitor.refresh(token, server="org")).json()["refresh_token"]
    org.clock.advance(timedelta(days=1, seconds=-1))
    token = (await visitor.refresh(token, server="org")).json()["refresh_token"]
    org.clock.advance(timedelta(seconds=1))
    assert (await visitor.refresh(token, server="org")).json() == SPENT


async def test_a_refresh_keeps_who_and_when_and_makes_the_rest_anew(
    org: MockOkta, visitor: Visitor
) -> None:
    org.clock.freeze()
    first = await visitor.tokens()
    org.clock.advance(timedelta(minutes=10))
    second = (await visitor.refresh(first["refresh_token"])).json()
    for kind in ("id_token", "access_token"):
        old, new = claims_of(first[kind]), claims_of(second[kind])
        assert list(new) == list(old)
        assert new["auth_time"] == old["auth_time"]
        assert new["iat"] == old["iat"] + 600
        assert new["exp"] == old["exp"] + 600
        assert new["jti"] != old["jti"]
        assert new["sub"] == old["sub"]
    assert claims_of(second["id_token"])["nonce"] == "nonce-1"
    families = {claims_of(body["access_token"])["jti"].split(".")[2] for body in (first, second)}
    assert len(families) == 1


@pytest.mark.parametrize(
    ("scope", "has_refresh_token", "has_id_token"),
    [
        ("openid offline_access", True, True),
        ("offline_access email openid profile", True, True),
        ("openid email", False, True),
        ("offline_access", True, False),
    ],
)
async def test_scopes_may_be_narrowed(
    visitor: Visitor, *, scope: str, has_refresh_token: bool, has_id_token: bool
) -> None:
    first = await visitor.tokens()
    body = (await visitor.refresh(first["refresh_token"], {"scope": scope})).json()
    assert body["scope"] == scope
    assert claims_of(body["access_token"])["scp"] == scope.split()
    assert ("refresh_token" in body, "id_token" in body) == (has_refresh_token, has_id_token)


async def test_narrowing_lasts_for_one_refresh(visitor: Visitor) -> None:
    first = await visitor.tokens()
    narrowed = {"scope": "openid offline_access"}
    second = (await visitor.refresh(first["refresh_token"], narrowed)).json()
    third = (await visitor.refresh(second["refresh_token"])).json()
    assert third["scope"] == first["scope"]


async def test_without_offline_access_the_refresh_token_is_neither_shown_nor_lost(
    org: MockOkta, visitor: Visitor
) -> None:
    org.clock.freeze()
    token = (await visitor.tokens())["refresh_token"]
    assert (await visitor.refresh(token, {"scope": "openid"})).status == 200
    org.clock.advance(timedelta(minutes=5))
    assert (await visitor.refresh(token)).status == 200


@pytest.mark.parametrize("scope", ["openid address", "openid made_up", "messages.read"])
async def test_wider_scopes_are_refused_and_the_token_is_kept(visitor: Visitor, scope: str) -> None:
    token = (await visitor.tokens())["refresh_token"]
    answer = await visitor.refresh(token, {"scope": scope})
    assert (answer.status, answer.json()["error"]) == (400, "invalid_scope")
    assert (await visitor.refresh(token)).status == 200


@pytest.mark.parametrize(
    ("change", "server"),
    [
        ({"client_id": OTHER_SPA}, "default"),
        (AS_WEB, "default"),
        ({}, "rich"),
        ({}, "org"),
        ({"refresh_token": "made-up"}, "default"),
    ],
)
async def test_a_token_of_another_client_or_server_or_none_is_refused(
    visitor: Visitor, change: Change, server: str
) -> None:
    token = (await visitor.tokens())["refresh_token"]
    answer = await visitor.refresh(token, change, server=server)
    assert (answer.status, answer.json()) == (400, SPENT)
    assert (await visitor.refresh(token)).status == 200


async def test_a_missing_token_is_named(visitor: Visitor) -> None:
    answer = await visitor.post("token", {"client_id": OTHER_SPA, "grant_type": "refresh_token"})
    assert answer.json() == {
        "error": "invalid_request",
        "error_description": "The token request must specify a 'refresh_token'.",
    }
