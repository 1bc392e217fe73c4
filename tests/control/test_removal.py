"""DELETE of what a seed made, and what dies with it."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from mock_okta import Config, MockOkta, RateLimit, SeedApiToken
from tests.living import (
    Lives,
    access_token,
    code,
    org_access_token,
    refresh_token,
    session_token,
    silent_sign_in,
)
from tests.visiting import (
    LOGIN,
    OTHER_LOGIN,
    PASSWORD,
    SECRET,
    SEED,
    SERVICE,
    SPA,
    USER_ID,
    Answer,
    Visitor,
)

API_TOKEN, LIMITED = "00token-of-the-user", "/api/v1/sessions/me"


@pytest.fixture
def config() -> Config:
    """An org with an API token and a rate limit."""
    operations = {
        "api_tokens": (SeedApiToken(token=API_TOKEN, user=LOGIN),),
        "rate_limits": (RateLimit(path=LIMITED, limit=1),),
    }
    return Config(seed=msgspec.structs.replace(SEED, **operations))


async def _remove(visitor: Visitor, path: str) -> None:
    answer = await visitor.ask("DELETE", f"/_mock/{path}")
    assert (answer.status, answer.body) == (204, b"")


async def _authenticate(visitor: Visitor, login: str = LOGIN) -> Answer:
    body = {"username": login, "password": PASSWORD}
    return await visitor.ask("POST", "/api/v1/authn", json=body)


async def _reseed(visitor: Visitor) -> None:
    """Bring the user and the app back, under the same ids."""
    document = {
        "users": [{"login": LOGIN, "password": PASSWORD, "id": USER_ID}],
        "clients": [msgspec.to_builtins(client) for client in SEED.clients],
    }
    assert (await visitor.ask("PUT", "/_mock/seed", json=document)).status == 200


@pytest.mark.parametrize("name", [USER_ID, LOGIN, LOGIN.upper(), quote(LOGIN, safe="")])
async def test_a_user_is_removed_by_id_or_login(visitor: Visitor, name: str) -> None:
    await _remove(visitor, f"users/{name}")
    assert (await _authenticate(visitor)).status == 401
    assert (await _authenticate(visitor, OTHER_LOGIN)).status == 200
    users = (await visitor.ask("GET", "/_mock/org")).json()["users"]
    assert [user["login"] for user in users] == [OTHER_LOGIN]


OF_A_CLIENT = (code, refresh_token, access_token, org_access_token)
OF_A_USER = (silent_sign_in, session_token, *OF_A_CLIENT)


@pytest.mark.parametrize("made", OF_A_USER)
async def test_what_a_removed_user_had_stays_dead_when_the_user_is_back(
    visitor: Visitor, made: Callable[[Visitor], Awaitable[Lives]]
) -> None:
    lives = await made(visitor)
    await _remove(visitor, f"users/{LOGIN}")
    assert (await visitor.ask("GET", "/_mock/sessions")).json() == {"sessions": []}
    await _reseed(visitor)
    assert not await lives()


@pytest.mark.parametrize("made", OF_A_USER)
async def test_it_lives_when_another_user_is_removed(
    visitor: Visitor, made: Callable[[Visitor], Awaitable[Lives]]
) -> None:
    lives = await made(visitor)
    await _remove(visitor, f"users/{OTHER_LOGIN}")
    await _reseed(visitor)
    assert await lives()


@pytest.mark.parametrize("made", OF_A_CLIENT)
async def test_what_a_removed_client_had_stays_dead_when_it_is_back(
    visitor: Visitor, made: Callable[[Visitor], Awaitable[Lives]]
) -> None:
    lives = await made(visitor)
    await _remove(visitor, f"clients/{SPA}")
    await _reseed(visitor)
    assert not await lives()


@pytest.mark.parametrize("made", OF_A_USER)
async def test_it_lives_when_another_client_is_removed(
    visitor: Visitor, made: Callable[[Visitor], Awaitable[Lives]]
) -> None:
    lives = await made(visitor)
    await _remove(visitor, f"clients/{SERVICE}")
    assert await lives()


async def test_a_user_who_is_back_gets_good_tokens_at_once(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze()
    await _remove(visitor, f"users/{LOGIN}")
    await _remove(visitor, f"clients/{SPA}")
    await _reseed(visitor)
    tokens = await visitor.tokens()
    assert (await visitor.introspect(tokens["access_token"]))["active"]
    assert (await visitor.refresh(tokens["refresh_token"])).status == 200


async def test_an_api_token_of_a_removed_user_is_worth_nothing(visitor: Visitor) -> None:
    async def answers() -> int:
        body = {"sub_id": {"format": "opaque", "id": "00u-nobody"}}
        path, headers = "/oauth2/v1/global-token-revocation", {"Authorization": f"SSWS {API_TOKEN}"}
        return (await visitor.ask("POST", path, json=body, headers=headers)).status

    assert await answers() == 400
    await _remove(visitor, f"users/{LOGIN}")
    assert await answers() == 401


async def test_a_removed_client_is_unknown(visitor: Visitor) -> None:
    await _remove(visitor, f"clients/{SPA}")
    assert (await visitor.authorize()).status == 400
    clients = (await visitor.ask("GET", "/_mock/org")).json()["clients"]
    assert SPA not in [client["client_id"] for client in clients]
    await _remove(visitor, f"clients/{SERVICE}")
    own = {"client_id": SERVICE, "client_secret": SECRET}
    form = own | {"grant_type": "client_credentials", "scope": "messages.read"}
    refused = await visitor.post("token", form)
    assert (refused.status, "access_token" in refused.json()) == (401, False)


async def test_a_removed_authorization_server_serves_nothing(visitor: Visitor) -> None:
    tokens = await visitor.tokens()
    await _remove(visitor, "authorization_servers/default")
    discovery = "/oauth2/default/.well-known/openid-configuration"
    assert (await visitor.ask("GET", discovery)).status == 404
    assert (await visitor.ask("GET", discovery.replace("default", "rich"))).status == 200
    assert "default" not in (await visitor.ask("GET", "/_mock/org")).json()["issuers"]
    document = {"authorization_servers": [{"id": "default"}]}
    assert (await visitor.ask("PUT", "/_mock/seed", json=document)).status == 200
    assert (await visitor.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("quoted", [quote, lambda origin: quote(origin, safe="")])
async def test_a_removed_origin_is_not_trusted(
    visitor: Visitor, quoted: Callable[[str], str]
) -> None:
    origin = "http://localhost:9000"
    headers = {"Origin": origin}
    trusted = await visitor.ask("GET", "/api/v1/sessions/me", headers=headers)
    assert trusted.headers["Access-Control-Allow-Origin"] == origin
    await _remove(visitor, f"trusted_origins/{quoted(origin)}")
    refused = await visitor.ask("GET", "/api/v1/sessions/me", headers=headers)
    assert "Access-Control-Allow-Origin" not in refused.headers


async def test_a_removed_api_token_is_not_taken(visitor: Visitor) -> None:
    await _remove(visitor, f"api_tokens/{API_TOKEN}")
    headers = {"Authorization": f"SSWS {API_TOKEN}"}
    path = "/oauth2/v1/global-token-revocation"
    assert (await visitor.ask("POST", path, json={}, headers=headers)).status == 401


async def test_a_removed_rate_limit_refuses_nobody(visitor: Visitor) -> None:
    answers = [await visitor.ask("GET", LIMITED) for _ in range(2)]
    assert answers[1].status == 429
    await _remove(visitor, f"rate_limits/{quote(LIMITED, safe='')}")
    assert (await visitor.ask("GET", LIMITED)).status != 429


async def test_removed_policies_hold_no_more(visitor: Visitor) -> None:
    kinds = ("password_policies", "sign_on_policies", "enrollment_policies")
    rules = {"rules": [{"name": "Nobody", "access": "DENY"}]}
    document: Any = {kind: [{"name": "My policy"}] for kind in kinds}
    document["sign_on_policies"][0] |= rules
    assert (await visitor.ask("PUT", "/_mock/seed", json=document)).status == 200
    assert (await _authenticate(visitor)).status != 200
    for kind in kinds:
        await _remove(visitor, f"{kind}/My%20policy")
        assert (await visitor.ask("DELETE", f"/_mock/{kind}/My%20policy")).status == 404
    assert (await _authenticate(visitor)).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "users/nobody@example.com",
        "users/00u0nobody000000000",
        "clients/0oa0nobody000000000",
        "authorization_servers/nowhere",
        "authorization_servers/org",
        "trusted_origins/http%3A%2F%2Flocalhost%3A1",
        "trusted_origins/http://localhost:1",
        "api_tokens/none",
        "rate_limits/%2Fnowhere",
        "password_policies/none",
        "sign_on_policies/none",
        "enrollment_policies/none",
        "authentication_policies/none",
    ],
)
async def test_what_is_not_there_is_not_found(visitor: Visitor, path: str) -> None:
    before = (await visitor.ask("GET", "/_mock/org")).json()
    answer = await visitor.ask("DELETE", f"/_mock/{path}")
    assert answer.status == 404
    assert answer.json()["errorCode"] == "E0000007"
    assert (await visitor.ask("GET", "/_mock/org")).json() == before
