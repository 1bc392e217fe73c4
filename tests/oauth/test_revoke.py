"""Revocation: 200 with nothing in it, and what ends by it (facts/oauth E.2)."""

import pytest

from tests.visiting import OTHER_SPA, SECRET, SPA, WEB, Change, Visitor, basic

INACTIVE = {"active": False}


async def revoke(
    visitor: Visitor,
    token: str | None,
    change: Change | None = None,
    *,
    server: str = "default",
    headers: dict[str, str] | None = None,
) -> None:
    form = {"client_id": SPA, "token": token} | dict(change or {})
    answer = await visitor.post("revoke", form, server=server, headers=headers)
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("server", ["default", "org"])
async def test_a_revoked_access_token_ends_alone(visitor: Visitor, server: str) -> None:
    tokens = await visitor.tokens(server=server)
    await revoke(visitor, tokens["access_token"], server=server)
    assert await visitor.introspect(tokens["access_token"], server=server) == INACTIVE
    assert (await visitor.userinfo(tokens["access_token"], server=server)).status == 401
    assert (await visitor.introspect(tokens["id_token"], server=server))["active"] is True
    refreshed = await visitor.refresh(tokens["refresh_token"], server=server)
    assert refreshed.status == 200
    fresh = refreshed.json()["access_token"]
    assert (await visitor.userinfo(fresh, server=server)).status == 200


async def test_a_revoked_refresh_token_takes_its_access_tokens_with_it(visitor: Visitor) -> None:
    bystander, first = await visitor.tokens(), await visitor.tokens()
    second = (await visitor.refresh(first["refresh_token"])).json()
    await revoke(visitor, second["refresh_token"])
    for token in (first["access_token"], second["access_token"], second["refresh_token"]):
        assert await visitor.introspect(token) == INACTIVE
    assert (await visitor.refresh(second["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await visitor.introspect(bystander["access_token"]))["active"] is True


async def test_a_rotated_refresh_token_revokes_its_successors_too(visitor: Visitor) -> None:
    first = await visitor.tokens()
    second = (await visitor.refresh(first["refresh_token"])).json()
    await revoke(visitor, first["refresh_token"])
    assert (await visitor.refresh(second["refresh_token"])).status == 400


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
@pytest.mark.parametrize(
    ("change", "server"),
    [
        ({"client_id": OTHER_SPA}, "default"),
        ({"client_id": WEB, "client_secret": SECRET}, "default"),
        ({}, "rich"),
        ({}, "org"),
    ],
)
async def test_a_token_of_another_client_or_server_stays_as_it_is(
    visitor: Visitor, kind: str, change: Change, server: str
) -> None:
    token = (await visitor.tokens())[kind]
    await revoke(visitor, token, change, server=server)
    assert (await visitor.introspect(token))["active"] is True


@pytest.mark.parametrize("token", ["made-up", "a.b.c", "e30.e30.e30"])
async def test_an_unknown_token_is_no_error(visitor: Visitor, token: str) -> None:
    await revoke(visitor, token)


async def test_a_token_may_be_revoked_twice_and_with_any_hint(visitor: Visitor) -> None:
    token = (await visitor.tokens())["access_token"]
    await revoke(visitor, token, {"token_type_hint": "refresh_token"})
    await revoke(visitor, token, {"token_type_hint": "access_token"})
    assert await visitor.introspect(token) == INACTIVE


async def test_okta_s_own_library_sends_a_client_id_without_a_colon(visitor: Visitor) -> None:
    token = (await visitor.tokens())["access_token"]
    await revoke(visitor, token, {"client_id": None}, headers=basic(SPA, None))
    assert await visitor.introspect(token) == INACTIVE


async def test_an_id_token_cannot_be_revoked(visitor: Visitor) -> None:
    token = (await visitor.tokens())["id_token"]
    await revoke(visitor, token)
    assert (await visitor.introspect(token))["active"] is True


async def test_a_missing_token_is_named(visitor: Visitor) -> None:
    answer = await visitor.post("revoke", {"client_id": SPA})
    assert answer.status == 400
    assert answer.json() == {
        "error": "invalid_request",
        "error_description": "The 'token' parameter is required.",
    }
