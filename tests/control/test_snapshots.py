"""/_mock/snapshots over HTTP: the org as it was."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from mock_okta import Config, MockOkta
from mock_okta.services.seeding.org_state import MOST_SNAPSHOTS
from tests.visiting import LOGIN, PASSWORD, SEED, SPA, USER_ID, Visitor, header_of

SNAPSHOTS = "/_mock/snapshots"
NEW_YEAR = datetime(2031, 1, 1, tzinfo=UTC)


async def _take(visitor: Visitor, name: str = "signed-in") -> Any:
    answer = await visitor.ask("PUT", f"{SNAPSHOTS}/{name}")
    assert answer.status == 200, answer.text
    return answer.json()


async def _restore(visitor: Visitor, name: str = "signed-in") -> None:
    answer = await visitor.ask("POST", f"{SNAPSHOTS}/{name}/restore")
    assert (answer.status, answer.body) == (204, b"")


async def _names(visitor: Visitor) -> list[str]:
    answer = await visitor.ask("GET", SNAPSHOTS)
    return [snapshot["name"] for snapshot in answer.json()["snapshots"]]


async def _org(visitor: Visitor) -> Any:
    return (await visitor.ask("GET", "/_mock/org")).json()


async def test_there_are_none_at_first(visitor: Visitor) -> None:
    assert await _names(visitor) == []


async def test_they_are_listed_with_the_orgs_instant(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze(NEW_YEAR)
    taken = await _take(visitor)
    assert taken == {"name": "signed-in", "taken_at": "2031-01-01T00:00:00.000Z"}
    assert (await visitor.ask("GET", SNAPSHOTS)).json() == {"snapshots": [taken]}


async def test_a_session_a_code_and_a_refresh_token_are_there_again(visitor: Visitor) -> None:
    refresh_token = (await visitor.tokens())["refresh_token"]
    code = await visitor.code()
    sid = await visitor.sign_in()
    await _take(visitor)
    assert (await visitor.redeem(code)).status == 200
    assert (await visitor.refresh(refresh_token)).status == 200
    await visitor.ask("DELETE", "/api/v1/sessions/me")
    await _restore(visitor)
    visitor.http.cookie_jar.update_cookies({"idx": sid})
    assert await visitor.session_id() == sid
    assert (await visitor.redeem(code)).status == 200
    assert (await visitor.refresh(refresh_token)).status == 200


async def test_what_came_later_is_gone(visitor: Visitor) -> None:
    before = await _org(visitor)
    await _take(visitor)
    late = {
        "users": [
            {"login": "new@example.com", "password": "x"},
            {"login": LOGIN, "password": "changed-1"},
        ],
        "clients": [{"name": "New", "type": "web"}],
        "trusted_origins": ["http://localhost:5555"],
    }
    await visitor.ask("PUT", "/_mock/seed", json=late)
    assert await _org(visitor) != before
    token = await visitor.ask(
        "POST", "/api/v1/authn", json={"username": LOGIN, "password": "changed-1"}
    )
    await _restore(visitor)
    assert await _org(visitor) == before
    body = {"sessionToken": token.json()["sessionToken"]}
    assert (await visitor.ask("POST", "/api/v1/sessions", json=body)).status == 401


async def test_what_was_removed_is_there_again_with_its_tokens(visitor: Visitor) -> None:
    tokens = await visitor.tokens()
    await _take(visitor)
    await visitor.ask("DELETE", f"/_mock/users/{USER_ID}")
    assert (await visitor.userinfo(tokens["access_token"])).status == 401
    await _restore(visitor)
    assert (await visitor.userinfo(tokens["access_token"])).status == 200


async def test_a_frozen_clock_stands_again_where_it_stood(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze(NEW_YEAR)
    await _take(visitor)
    org.clock.advance(timedelta(days=400))
    org.clock.resume()
    await _restore(visitor)
    assert org.clock.is_frozen
    assert org.clock.now() == NEW_YEAR


async def test_a_running_clock_is_again_as_far_ahead(visitor: Visitor, org: MockOkta) -> None:
    org.clock.advance(timedelta(days=3))
    await _take(visitor)
    org.clock.freeze(NEW_YEAR)
    await _restore(visitor)
    assert not org.clock.is_frozen
    ahead = org.clock.now() - datetime.now(UTC)
    assert timedelta(days=3) - timedelta(minutes=1) < ahead < timedelta(days=3, minutes=1)


async def test_tokens_are_good_again_whose_key_was_long_forgotten(
    visitor: Visitor, org: MockOkta
) -> None:
    org.clock.freeze(NEW_YEAR)
    access_token = (await visitor.tokens())["access_token"]
    await _take(visitor)
    for _ in range(2):
        await visitor.ask("POST", "/_mock/keys/rotate", json={})
        org.clock.advance(timedelta(days=2))
    await visitor.ask("POST", "/_mock/keys/rotate", json={})
    org.clock.freeze(NEW_YEAR)
    assert not (await visitor.introspect(access_token))["active"]
    await _restore(visitor)
    assert (await visitor.introspect(access_token))["active"]


async def _active_kid(visitor: Visitor) -> str:
    return str(header_of((await visitor.tokens({"scope": "openid"}))["id_token"])["kid"])


async def test_a_rotation_after_it_gives_a_key_that_nobody_has_seen(visitor: Visitor) -> None:
    """A verifier that keeps keys would not fetch one again that it knows."""
    seen = [await _active_kid(visitor)]
    await _take(visitor)
    for _ in range(2):
        await visitor.ask("POST", "/_mock/keys/rotate", json={})
        assert await _active_kid(visitor) not in seen
        seen.append(await _active_kid(visitor))
        await _restore(visitor)
        assert await _active_kid(visitor) == seen[0]


async def test_where_keys_persist_the_key_published_ahead_comes_next(tmp_path: Path) -> None:
    """A browser that caches the JWKS has only that key."""
    async with (
        MockOkta(Config(seed=SEED, state_dir=tmp_path)) as org,
        aiohttp.ClientSession() as http,
    ):
        visitor = Visitor(org, http)
        await _take(visitor)
        keys = (await visitor.ask("GET", "/oauth2/default/v1/keys")).json()["keys"]
        for _ in range(2):
            await visitor.ask("POST", "/_mock/keys/rotate", json={})
            assert await _active_kid(visitor) == keys[1]["kid"]
            await _restore(visitor)
            assert await _active_kid(visitor) == keys[0]["kid"]


async def test_one_may_be_restored_again_and_again(visitor: Visitor) -> None:
    code = await visitor.code()
    await _take(visitor)
    for _ in range(3):
        assert (await visitor.redeem(code)).status == 200
        assert (await visitor.redeem(code)).json()["error"] == "invalid_grant"
        await _restore(visitor)


async def test_several_are_kept_side_by_side(visitor: Visitor) -> None:
    await _take(visitor, "empty")
    await visitor.ask("DELETE", f"/_mock/clients/{SPA}")
    await _take(visitor, "without-the-app")
    assert await _names(visitor) == ["empty", "without-the-app"]
    for name, found in (("empty", 1), ("without-the-app", 0), ("empty", 1)):
        await _restore(visitor, name)
        clients = [client["client_id"] for client in (await _org(visitor))["clients"]]
        assert clients.count(SPA) == found


async def test_the_same_name_replaces_the_earlier_one(visitor: Visitor) -> None:
    await _take(visitor)
    await visitor.ask("DELETE", f"/_mock/clients/{SPA}")
    await _take(visitor)
    await _restore(visitor)
    assert await _names(visitor) == ["signed-in"]
    assert (await visitor.ask("DELETE", f"/_mock/clients/{SPA}")).status == 404


async def test_they_outlive_a_reset(visitor: Visitor) -> None:
    sid = await visitor.sign_in()
    await _take(visitor)
    await visitor.ask("POST", "/_mock/reset")
    assert await visitor.session_id() is None
    await _restore(visitor)
    visitor.http.cookie_jar.update_cookies({"idx": sid})
    assert await visitor.session_id() == sid


async def test_recorded_requests_and_planned_faults_are_forgotten_as_at_a_reset(
    visitor: Visitor,
) -> None:
    await _take(visitor)
    fault = {"kind": "status", "status": 503, "path": "/api/v1/authn"}
    planned = await visitor.ask("POST", "/_mock/faults", json=[fault])
    assert planned.status == 200, planned.text
    await visitor.ask("GET", "/api/v1/sessions/me")
    assert (await visitor.ask("GET", "/_mock/requests")).json()["requests"]
    await _restore(visitor)
    assert (await visitor.ask("GET", "/_mock/faults")).json()["faults"] == []
    assert (await visitor.ask("GET", "/_mock/requests")).json()["requests"] == []
    body = {"username": LOGIN, "password": PASSWORD}
    assert (await visitor.ask("POST", "/api/v1/authn", json=body)).status == 200


async def test_planned_faults_are_what_they_were_shots_and_all(visitor: Visitor) -> None:
    fault = {"kind": "status", "status": 503, "path": "/api/v1/sessions/me", "times": 2}
    await visitor.ask("POST", "/_mock/faults", json=[fault])
    assert (await visitor.ask("GET", "/api/v1/sessions/me")).status == 503
    await _take(visitor)
    for _ in range(2):
        assert (await visitor.ask("GET", "/api/v1/sessions/me")).status == 503
        assert (await visitor.ask("GET", "/api/v1/sessions/me")).status == 404
        await _restore(visitor)
    (planned,) = (await visitor.ask("GET", "/_mock/faults")).json()["faults"]
    assert (planned["fired"], planned["left"]) == (1, 1)
    await visitor.ask("POST", "/_mock/reset")
    assert (await visitor.ask("GET", "/_mock/faults")).json()["faults"] == []


@pytest.mark.parametrize(("method", "tail"), [("POST", "/restore"), ("DELETE", "")])
async def test_one_that_is_not_there_is_not_found(visitor: Visitor, method: str, tail: str) -> None:
    await _take(visitor)
    assert (await visitor.ask("DELETE", f"{SNAPSHOTS}/signed-in")).status == 204
    answer = await visitor.ask(method, f"{SNAPSHOTS}/signed-in{tail}")
    assert answer.status == 404
    assert answer.json()["errorCode"] == "E0000007"
    assert "signed-in" in answer.json()["errorSummary"]


@pytest.mark.parametrize("name", ["two words", "a/b", "ü", "%", "restore", "."])
async def test_any_name_will_do(visitor: Visitor, name: str) -> None:
    quoted = quote(name, safe="")
    assert (await _take(visitor, quoted))["name"] == name
    assert await _names(visitor) == [name]
    await _restore(visitor, quoted)


async def test_there_may_be_a_hundred_and_no_more(visitor: Visitor) -> None:
    for number in range(MOST_SNAPSHOTS):
        await _take(visitor, f"number-{number}")
    refused = await visitor.ask("PUT", f"{SNAPSHOTS}/one-more")
    assert refused.status == 409
    assert "there are 100 snapshots already" in refused.text
    await _take(visitor, "number-0")
    await visitor.ask("DELETE", f"{SNAPSHOTS}/number-1")
    await _take(visitor, "one-more")
