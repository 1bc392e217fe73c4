"""Introspection: what is live, in Okta's order; all else looks the same (facts/oauth E.1)."""

from datetime import timedelta

import pytest

from mock_okta import MockOkta
from tests.visiting import LOGIN, OTHER_SPA, SECRET, SPA, USER_ID, WEB, Change, Visitor, claims_of

INACTIVE = {"active": False}


@pytest.mark.parametrize("server", ["default", "org"])
async def test_a_live_access_token(visitor: Visitor, server: str) -> None:
    token = (await visitor.tokens({"scope": "openid profile"}, server=server))["access_token"]
    claims = claims_of(token)
    assert list((await visitor.introspect(token, server=server)).items()) == [
        ("active", True),
        ("scope", "openid profile"),
        ("username", LOGIN),
        ("exp", claims["exp"]),
        ("iat", claims["iat"]),
        ("sub", LOGIN),
        ("aud", claims["aud"]),
        ("iss", claims["iss"]),
        ("jti", claims["jti"]),
        ("token_type", "Bearer"),
        ("client_id", SPA),
        ("uid", USER_ID),
    ]


async def test_custom_claims_come_last(visitor: Visitor) -> None:
    token = (await visitor.tokens({"scope": "openid"}, server="rich"))["access_token"]
    said = await visitor.introspect(token, server="rich")
    assert list(said.items())[12:] == [
        ("tier", "gold"),
        ("department", "Quality"),
        ("groups", ["Developers", "Designers"]),
    ]


async def test_custom_claims_never_take_the_place_of_the_org_s(visitor: Visitor) -> None:
    names = ("active", "username", "token_type", "client_id", "scope", "uid")
    claims = [
        {"name": name, "token": token, "value": "never"}
        for name in names
        for token in ("access_token", "id_token")
    ]
    claims.append({"name": "last", "token": "access_token", "value": "last"})
    server = {"id": "odd", "claims": claims}
    answer = await visitor.ask("PUT", "/_mock/seed", json={"authorization_servers": [server]})
    assert answer.status == 200, answer.text
    tokens = await visitor.tokens({"scope": "openid"}, server="odd")
    assert claims_of(tokens["access_token"])["username"] == "never"

    of_access = await visitor.introspect(tokens["access_token"], server="odd")
    assert list(of_access)[:3] == ["active", "scope", "username"]
    assert list(of_access)[-1] == "last"
    shown = {name: of_access[name] for name in names}
    assert shown == {
        "active": True,
        "username": LOGIN,
        "token_type": "Bearer",
        "client_id": SPA,
        "scope": "openid",
        "uid": USER_ID,
    }
    of_id = await visitor.introspect(tokens["id_token"], server="odd")
    assert (of_id["active"], of_id["username"]) == (True, LOGIN)


async def test_a_live_refresh_token(visitor: Visitor) -> None:
    token = (await visitor.tokens({"scope": "openid offline_access"}))["refresh_token"]
    said = await visitor.introspect(token)
    assert said.pop("exp") == pytest.approx(visitor.org.clock.epoch() + 7 * 86400, abs=60)
    assert list(said.items()) == [
        ("active", True),
        ("token_type", "Bearer"),
        ("scope", "openid offline_access"),
        ("client_id", SPA),
        ("username", LOGIN),
        ("sub", LOGIN),
    ]


async def test_a_live_id_token_is_its_claims(visitor: Visitor) -> None:
    token = (await visitor.tokens())["id_token"]
    said = await visitor.introspect(token)
    assert next(iter(said)) == "active"
    assert said == {"active": True, "username": LOGIN, **claims_of(token)}


@pytest.mark.parametrize("kind", ["access_token", "refresh_token", "id_token"])
@pytest.mark.parametrize("hint", [None, "access_token", "refresh_token", "id_token", "made_up"])
async def test_a_hint_changes_nothing(visitor: Visitor, kind: str, hint: str | None) -> None:
    token = (await visitor.tokens())[kind]
    assert (await visitor.introspect(token, {"token_type_hint": hint}))["active"] is True


@pytest.mark.parametrize("kind", ["access_token", "refresh_token", "id_token"])
async def test_any_client_of_the_org_may_ask(visitor: Visitor, kind: str) -> None:
    token = (await visitor.tokens())[kind]
    asked: tuple[Change, ...] = (
        {"client_id": OTHER_SPA},
        {"client_id": WEB, "client_secret": SECRET},
    )
    for change in asked:
        assert (await visitor.introspect(token, change))["active"] is True


@pytest.mark.parametrize("kind", ["access_token", "refresh_token", "id_token"])
@pytest.mark.parametrize("server", ["rich", "org"])
async def test_a_token_of_another_server_is_inactive(
    visitor: Visitor, kind: str, server: str
) -> None:
    token = (await visitor.tokens())[kind]
    assert await visitor.introspect(token, server=server) == INACTIVE


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-6] + "AAAAAA",
        lambda token: token.replace(".", ".e30", 1),
        lambda token: token.rsplit(".", 1)[0] + ".",
        lambda token: token.split(".")[0],
        lambda _: "made-up",
        lambda _: "a.b.c",
        lambda _: "eyJhbGciOiJub25lIn0.e30.",
    ],
)
async def test_a_token_that_nobody_issued_is_inactive(visitor: Visitor, change: object) -> None:
    assert callable(change)
    token = (await visitor.tokens())["access_token"]
    assert await visitor.introspect(change(token)) == INACTIVE


@pytest.mark.parametrize(
    ("kind", "lives"),
    [
        ("access_token", timedelta(hours=1)),
        ("id_token", timedelta(hours=1)),
        ("refresh_token", timedelta(days=7)),
    ],
)
async def test_a_token_that_expired_is_inactive(
    org: MockOkta, visitor: Visitor, kind: str, lives: timedelta
) -> None:
    org.clock.freeze()
    token = (await visitor.tokens())[kind]
    org.clock.advance(lives - timedelta(seconds=1))
    assert (await visitor.introspect(token))["active"] is True
    org.clock.advance(timedelta(seconds=1))
    assert await visitor.introspect(token) == INACTIVE


async def test_a_missing_token_is_named(visitor: Visitor) -> None:
    answer = await visitor.post("introspect", {"client_id": SPA})
    assert answer.status == 400
    assert answer.json() == {
        "error": "invalid_request",
        "error_description": "The 'token' parameter is required.",
    }
