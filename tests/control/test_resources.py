"""/_mock over HTTP: describing, seeding, reset."""

import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from aiohttp import ClientSession

from mock_okta import Config, KeyPool, MockOkta
from tests.visiting import (
    APP,
    CALLBACK,
    LOGIN,
    OTHER_LOGIN,
    PASSWORD,
    SECRET,
    SEED,
    SPA,
    USER_ID,
    WEB,
    Visitor,
    claims_of,
)


async def _seed(visitor: Visitor, document: Any) -> Any:
    answer = await visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text
    return answer.json()


async def _org(visitor: Visitor) -> Any:
    answer = await visitor.ask("GET", "/_mock/org")
    assert answer.status == 200
    return answer.json()


async def _can_sign_in(visitor: Visitor, login: str, password: str) -> bool:
    body = {"username": login, "password": password}
    return (await visitor.ask("POST", "/api/v1/authn", json=body)).status == 200


async def test_the_org_is_described_with_passwords_and_secrets(
    visitor: Visitor, org: MockOkta
) -> None:
    described = await _org(visitor)
    assert described["url"] == org.url
    assert described["issuers"]["default"] == org.issuer()
    assert described["issuers"]["org"] == org.url
    user = {
        "id": USER_ID,
        "login": LOGIN,
        "password": PASSWORD,
        "status": "ACTIVE",
        "factors": [],
    }
    assert user in described["users"]
    assert {APP, "http://localhost:9000"} <= set(described["trusted_origins"])
    clients = {client["client_id"]: client for client in described["clients"]}
    assert clients[SPA]["type"] == "spa"
    assert "client_secret" not in clients[SPA]
    assert CALLBACK in clients[SPA]["login_redirect_uris"]
    assert clients[WEB]["client_secret"] == SECRET


async def test_a_new_user_can_sign_in_at_once(visitor: Visitor) -> None:
    seeded = await _seed(
        visitor, {"users": [{"login": "new@example.com", "password": "new-Password-1"}]}
    )
    (user,) = seeded["users"]
    assert user["login"] == "new@example.com"
    assert user["id"].startswith("00u")
    assert seeded["clients"] == seeded["authorization_servers"] == []
    assert await _can_sign_in(visitor, "new@example.com", "new-Password-1")
    assert await _can_sign_in(visitor, LOGIN, PASSWORD)


async def test_the_same_login_in_other_letters_replaces_the_user(visitor: Visitor) -> None:
    seeded = await _seed(visitor, {"users": [{"login": LOGIN.upper(), "password": "changed-1"}]})
    assert seeded["users"] == [{"id": USER_ID, "login": LOGIN.upper()}]
    assert not await _can_sign_in(visitor, LOGIN, PASSWORD)
    assert await _can_sign_in(visitor, LOGIN, "changed-1")
    logins = [user["login"] for user in (await _org(visitor))["users"]]
    assert sorted(logins) == sorted([LOGIN.upper(), OTHER_LOGIN])


async def test_a_user_may_get_another_login_by_id(visitor: Visitor) -> None:
    user = {"login": "renamed@example.com", "password": PASSWORD, "id": USER_ID}
    await _seed(visitor, {"users": [user]})
    assert await _can_sign_in(visitor, "renamed@example.com", PASSWORD)
    assert not await _can_sign_in(visitor, LOGIN, PASSWORD)


async def test_a_user_who_gets_another_id_is_signed_out(visitor: Visitor) -> None:
    await visitor.sign_in()
    user = {"login": LOGIN, "password": PASSWORD, "id": "00u1another000000000"}
    await _seed(visitor, {"users": [user]})
    assert await visitor.session_id() is None


async def test_a_password_change_is_dated_and_other_changes_leave_it(
    visitor: Visitor, org: MockOkta
) -> None:
    org.clock.freeze()
    await visitor.sign_in()
    before = (await visitor.ask("GET", "/api/v1/users/me")).json()
    org.clock.advance(timedelta(minutes=1))
    await _seed(visitor, {"users": [{"login": LOGIN, "password": PASSWORD}]})
    after = (await visitor.ask("GET", "/api/v1/users/me")).json()
    assert after["created"] == before["created"]
    assert after["passwordChanged"] == before["passwordChanged"]
    assert after["lastUpdated"] > before["lastUpdated"]
    await _seed(visitor, {"users": [{"login": LOGIN, "password": "changed-1"}]})
    last = (await visitor.ask("GET", "/api/v1/users/me")).json()
    assert last["passwordChanged"] > before["passwordChanged"]


async def test_a_new_client_works_at_once_and_its_base_uri_is_trusted(visitor: Visitor) -> None:
    origin = "http://localhost:4444"
    client = {
        "name": "New app",
        "type": "spa",
        "client_id": "0oa9new00000000000h7",
        "base_uris": [origin],
        "login_redirect_uris": [f"{origin}/in"],
    }
    seeded = await _seed(visitor, {"clients": [client]})
    (shown,) = seeded["clients"]
    assert shown["client_id"] == "0oa9new00000000000h7"
    assert "client_secret" not in shown
    answer = await visitor.authorize(
        {
            "client_id": "0oa9new00000000000h7",
            "redirect_uri": f"{origin}/in",
            "sessionToken": await visitor.session_token(),
        }
    )
    assert answer.location.startswith(f"{origin}/in?code=")
    headers = {"Origin": origin}
    me = await visitor.ask("GET", "/api/v1/sessions/me", headers=headers)
    assert me.headers["Access-Control-Allow-Origin"] == origin


async def test_a_confidential_client_is_reported_its_secret(visitor: Visitor) -> None:
    web = {"name": "Another web app", "type": "web"}
    (first,) = (await _seed(visitor, {"clients": [web]}))["clients"]
    assert len(first["client_secret"]) == 64
    assert first["client_id"].startswith("0oa")
    (again,) = (await _seed(visitor, {"clients": [web]}))["clients"]
    assert again == first


async def test_a_new_authorization_servers_keys_and_discovery_work_at_once(
    visitor: Visitor, org: MockOkta
) -> None:
    server = {"id": "fresh", "audiences": ["api://fresh"], "scopes": [{"name": "some"}]}
    seeded = await _seed(visitor, {"authorization_servers": [server]})
    issuer = f"{org.url}/oauth2/fresh"
    assert seeded["authorization_servers"] == [{"id": "fresh", "issuer": issuer}]
    discovery = await visitor.ask("GET", "/oauth2/fresh/.well-known/openid-configuration")
    assert discovery.json()["issuer"] == issuer
    keys = (await visitor.ask("GET", discovery.json()["jwks_uri"])).json()
    answer = await visitor.tokens({"scope": "openid some"}, server="fresh")
    key = jwt.PyJWKSet.from_dict(keys).keys[0]
    claims = jwt.decode(
        answer["access_token"], key, ["RS256"], issuer=issuer, audience="api://fresh"
    )
    assert claims["scp"] == ["openid", "some"]


async def test_a_profile_with_a_date_makes_good_tokens(visitor: Visitor) -> None:
    user = {
        "login": LOGIN,
        "password": PASSWORD,
        "profile": {"birthdate": "2000-02-29", "hired": 7, "ratio": 0.5, "none": None},
    }
    await _seed(visitor, {"users": [user]})
    tokens = await visitor.tokens({"scope": "openid profile"})
    userinfo = await visitor.userinfo(tokens["access_token"])
    assert userinfo.json()["birthdate"] == "2000-02-29"
    assert claims_of(tokens["id_token"])["preferred_username"] == LOGIN


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"users": [{"login": "a@example.com"}]}, "users[0]"),
        ({"users": [{"login": 1, "password": "x"}]}, "users[0].login"),
        ({"users": {}}, "users"),
        ({"people": []}, "people"),
        ({"clients": [{"name": "A", "type": "robot"}]}, "clients[0].type"),
        ({"authorization_servers": [{"id": "org"}]}, "authorization_servers[0]"),
        ({"trusted_origins": ["http://localhost:3000/"]}, "http://localhost:3000/"),
    ],
)
async def test_a_mistake_is_reported_with_its_path_and_changes_nothing(
    visitor: Visitor, document: Any, path: str
) -> None:
    before = await _org(visitor)
    good = {"users": [{"login": "good@example.com", "password": "x"}]}
    answer = await visitor.ask("PUT", "/_mock/seed", json=good | document)
    assert answer.status == 400
    assert answer.json()["errorCode"] == "E0000001"
    assert path in answer.json()["errorCauses"][0]["errorSummary"]
    assert await _org(visitor) == before


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"null", b'{"users":' + b"[" * 9999])
async def test_a_seed_that_is_no_document_is_refused(visitor: Visitor, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await visitor.ask("PUT", "/_mock/seed", data=body, headers=headers)
    assert answer.status == 400
    assert answer.json()["errorCode"] in ("E0000001", "E0000003")


async def test_reset_goes_back_to_the_first_seed(visitor: Visitor, org: MockOkta) -> None:
    before = await _org(visitor)
    sid = await visitor.sign_in()
    session_token = await visitor.session_token()
    code = await visitor.code()
    await _seed(
        visitor,
        {
            "users": [{"login": "new@example.com", "password": "x"}],
            "clients": [{"name": "New", "type": "web"}],
            "authorization_servers": [{"id": "fresh"}],
            "trusted_origins": ["http://localhost:5555"],
        },
    )
    org.clock.freeze()
    assert await _org(visitor) != before
    answer = await visitor.ask("POST", "/_mock/reset")
    assert (answer.status, answer.body) == (204, b"")
    assert await _org(visitor) == before
    assert not org.clock.is_frozen
    assert await visitor.session_id() is None
    visitor.http.cookie_jar.update_cookies({"idx": sid})
    assert await visitor.session_id() is None
    spent = await visitor.ask("POST", "/api/v1/sessions", json={"sessionToken": session_token})
    assert spent.status == 401
    assert (await visitor.redeem(code)).json()["error"] == "invalid_grant"
    gone = await visitor.ask("GET", "/oauth2/fresh/.well-known/openid-configuration")
    assert gone.status == 404


async def test_after_a_reset_keys_rotate_as_if_they_had_just_come(
    visitor: Visitor, org: MockOkta
) -> None:
    async def kids() -> list[str]:
        keys = (await visitor.ask("GET", "/oauth2/default/v1/keys")).json()["keys"]
        return [key["kid"] for key in keys]

    org.clock.advance(timedelta(days=400))
    assert len(before := await kids()) == 2  # the active one, and one just retired
    await visitor.ask("POST", "/_mock/reset")
    assert await kids() == before[:1]
    org.clock.advance(timedelta(days=89))
    assert await kids() == before[:1]
    org.clock.advance(timedelta(days=1))
    assert (await kids())[1:] == before[:1]


async def test_an_access_token_of_before_a_reset_is_no_good(visitor: Visitor) -> None:
    """Its signing key lives on, as keys do; the user is there again under the same id."""
    tokens = await visitor.tokens()
    assert (await visitor.userinfo(tokens["access_token"])).status == 200
    await visitor.ask("POST", "/_mock/reset")
    assert (await visitor.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_without_the_control_api_there_is_nothing(shared_pool: KeyPool) -> None:
    config = Config(seed=SEED, control=False)
    async with MockOkta(config, key_pool=shared_pool) as org, ClientSession() as http:
        for path in ("org", "seed", "reset", "clock", "clock/advance", "outbox"):
            for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
                answer = await http.request(method, f"{org.url}/_mock/{path}")
                assert answer.status == 404
                assert json.loads(await answer.text())["errorCode"] == "E0000008"
