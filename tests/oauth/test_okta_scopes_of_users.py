"""Scopes `okta.*` for users, at the org authorization server (facts/oauth A.1)."""

import logging

import pytest

from mock_okta import Config, Seed, SeedAuthorizationServer, SeedClient
from tests.oauth.devices import GRANT, allow_device, poll, start
from tests.visiting import CALLBACK, LOGIN, PASSWORD, SECRET, SEED, Visitor, claims_of

GRANTED, UNGRANTED, WEB = "0oa1grt00000000000h7", "0oa1ung00000000000h7", "0oa1web00000000000h7"
SCOPES = ("okta.users.read.self", "okta.apps.sso")
SCOPE = f"openid offline_access {' '.join(SCOPES)}"
NOT_GRANTED = "One or more scopes are not configured for the authorization server resource."


def _native(client_id: str, *okta_scopes: str) -> SeedClient:
    return SeedClient(
        name=client_id,
        type="native",
        client_id=client_id,
        login_redirect_uris=(CALLBACK,),
        grant_types=("authorization_code", "implicit", "refresh_token", GRANT),
        okta_scopes=okta_scopes,
    )


@pytest.fixture
def config() -> Config:
    web = SeedClient(
        name="Web",
        type="web",
        client_id=WEB,
        client_secret=SECRET,
        login_redirect_uris=(CALLBACK,),
        grant_types=("authorization_code", "password"),
        okta_scopes=SCOPES,
    )
    clients = (_native(GRANTED, *SCOPES), _native(UNGRANTED, SCOPES[0]), web)
    servers = (SeedAuthorizationServer(id="default"),)
    return Config(seed=Seed(users=SEED.users, clients=clients, authorization_servers=servers))


async def test_a_code_gives_them_and_so_does_each_refresh(visitor: Visitor) -> None:
    tokens = await visitor.tokens({"client_id": GRANTED, "scope": SCOPE}, server="org")
    assert tokens["scope"] == SCOPE
    assert claims_of(tokens["access_token"])["scp"] == SCOPE.split()
    again = {"client_id": GRANTED, "scope": SCOPE}
    refreshed = await visitor.refresh(tokens["refresh_token"], again, server="org")
    assert claims_of(refreshed.json()["access_token"])["scp"] == SCOPE.split()


async def test_they_need_no_openid(visitor: Visitor) -> None:
    tokens = await visitor.tokens({"client_id": GRANTED, "scope": SCOPES[0]}, server="org")
    assert (tokens["scope"], "id_token" in tokens) == (SCOPES[0], False)


async def test_the_implicit_flow_gives_them(visitor: Visitor) -> None:
    await visitor.sign_in()
    asked = {"client_id": GRANTED, "scope": SCOPE, "response_type": "token id_token"}
    returned = (await visitor.authorize(asked, server="org")).returned
    assert claims_of(returned["access_token"])["scp"] == SCOPE.split()


async def test_a_pushed_request_may_ask_for_them(visitor: Visitor) -> None:
    form = {
        "client_id": WEB,
        "client_secret": SECRET,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": f"openid {SCOPES[0]}",
        "state": "s",
    }
    assert (await visitor.post("par", form, server="org")).status == 201


async def test_a_device_gets_them(visitor: Visitor) -> None:
    started = await start(visitor, {"client_id": GRANTED, "scope": SCOPE}, "org")
    await allow_device(visitor, started["user_code"])
    answer = await poll(visitor, started["device_code"], {"client_id": GRANTED}, "org")
    assert answer.json()["scope"] == SCOPE


async def test_a_password_gives_them(visitor: Visitor) -> None:
    form = {
        "client_id": WEB,
        "client_secret": SECRET,
        "grant_type": "password",
        "username": LOGIN,
        "password": PASSWORD,
        "scope": f"openid {SCOPES[1]}",
    }
    answer = await visitor.post("token", form, server="org")
    assert answer.json()["scope"] == f"openid {SCOPES[1]}"


async def _told(visitor: Visitor, how: str) -> dict[str, str]:
    """The error for a client that asks for one scope more than it was granted."""
    change = {"client_id": UNGRANTED, "scope": SCOPE}
    if how == "authorize":
        return (await visitor.authorize(change, server="org")).returned
    told: dict[str, str] = (await visitor.post("device/authorize", change, server="org")).json()
    return told


@pytest.mark.parametrize("how", ["authorize", "device"])
async def test_one_that_is_not_granted_is_refused_with_a_remedy_that_works(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    await visitor.sign_in()
    with caplog.at_level(logging.INFO, "mock_okta.requests"):
        told = await _told(visitor, how)
    assert (told["error"], told["error_description"]) == ("invalid_scope", NOT_GRANTED)
    assert f"add {SCOPES[1]} to the okta_scopes of client {UNGRANTED}" in caplog.text
    client = {
        "name": UNGRANTED,
        "type": "native",
        "client_id": UNGRANTED,
        "login_redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token", GRANT],
        "okta_scopes": list(SCOPES),
    }
    await visitor.ask("PUT", "/_mock/seed", json={"clients": [client]})
    assert "error" not in await _told(visitor, how)


async def test_a_custom_server_has_none_of_them(visitor: Visitor) -> None:
    answer = await visitor.authorize({"client_id": GRANTED, "scope": f"openid {SCOPES[0]}"})
    assert answer.returned["error_description"] == NOT_GRANTED
