"""What `/_mock` tells about decisions, refresh families, ends, differences and the program."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.model.seed import parse_seed
from tests.visiting import LOGIN, OTHER_LOGIN, SPA, Answer, Visitor

PREVIEW = "/_mock/tokens/preview"


async def _asked(visitor: Visitor, method: str, path: str, body: Any = None) -> Any:
    answer = await visitor.ask(method, path, json=body)
    assert answer.status == 200, answer.text
    return answer.json()


async def _refreshed(visitor: Visitor, token: str) -> Answer:
    form = {"grant_type": "refresh_token", "client_id": SPA, "refresh_token": token}
    return await visitor.ask("POST", "/oauth2/default/v1/token", data=form)


async def test_a_preview_has_the_claims_that_a_sign_in_brings(visitor: Visitor) -> None:
    asked = {"user": LOGIN, "client_id": SPA, "scopes": ["openid", "email"]}
    shown = await _asked(visitor, "POST", PREVIEW, asked)
    assert all(each["allowed"] for each in shown["decisions"])
    assert shown["access_token"]["scp"] == ["openid", "email"]
    assert shown["access_token"]["sub"] == shown["userinfo"]["email"] == LOGIN
    assert shown["id_token"]["aud"] == SPA
    (access,) = [each for each in shown["decisions"] if each["subject"] == "access"]
    assert access["policy"]
    assert access["rule"]
    assert await _asked(visitor, "GET", "/_mock/sessions") == {"sessions": []}


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ({"scopes": ["made_up"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"grant_type": "client_credentials"}, "grant type"),
    ],
)
async def test_a_preview_says_which_decision_refuses(
    visitor: Visitor, change: dict[str, Any], subject: str
) -> None:
    asked = {"user": LOGIN, "client_id": SPA, "scopes": ["openid"], **change}
    shown = await _asked(visitor, "POST", PREVIEW, asked)
    assert subject in [each["subject"] for each in shown["decisions"] if not each["allowed"]]
    assert shown["access_token"] is None


@pytest.mark.parametrize("engine", ["identity", "classic"])
async def test_a_preview_says_whether_the_engine_asks_the_apps_policy(
    http: aiohttp.ClientSession, shared_pool: KeyPool, engine: str
) -> None:
    denies = {"name": "Closed", "rules": [{"access": "DENY"}]}
    client = {"name": "A", "type": "spa", "client_id": SPA, "authentication_policy": "Closed"}
    seed = parse_seed(
        {"org": {"engine": engine}, "authentication_policies": [denies], "clients": [client]}
    )
    async with MockOkta(Config(seed=seed), key_pool=shared_pool) as org:
        asked = {"user": "tester@example.com", "client_id": SPA, "scopes": ["openid"]}
        shown = await _asked(Visitor(org, http), "POST", PREVIEW, asked)
    (app,) = [each for each in shown["decisions"] if each["subject"] == "authentication (app)"]
    assert app["allowed"] is (engine == "classic")
    assert ("Classic Engine does not use this policy" in app["why"]) is (engine == "classic")


async def test_a_suspended_user_would_get_nothing(visitor: Visitor) -> None:
    await visitor.ask("POST", f"/_mock/users/{LOGIN}/lifecycle/suspend")
    asked = {"user": LOGIN, "client_id": SPA, "scopes": ["openid"]}
    shown = await _asked(visitor, "POST", PREVIEW, asked)
    (user,) = [each for each in shown["decisions"] if each["subject"] == "user"]
    assert (user["allowed"], user["why"]) == (False, f"{LOGIN} is SUSPENDED")


async def test_a_preview_of_nobody_is_refused(visitor: Visitor) -> None:
    for change in ({"user": "nobody"}, {"client_id": "no"}, {"authorization_server": "no"}):
        asked = {"user": LOGIN, "client_id": SPA, **change}
        assert (await visitor.ask("POST", PREVIEW, json=asked)).status == 404


async def test_a_family_shows_what_was_rotated_and_used_again(
    visitor: Visitor, org: MockOkta
) -> None:
    first = (await visitor.tokens())["refresh_token"]
    assert (await _refreshed(visitor, first)).status == 200
    (family,) = (await _asked(visitor, "GET", "/_mock/refresh_families"))["families"]
    assert (family["login"], family["is_revoked"]) == (LOGIN, False)
    assert [each["rotated_at"] is None for each in family["tokens"]] == [False, True]
    org.clock.advance(timedelta(minutes=5))
    assert (await _refreshed(visitor, first)).status == 400
    (family,) = (await _asked(visitor, "GET", "/_mock/refresh_families"))["families"]
    assert family["is_revoked"]
    assert [each["reused_at"] is None for each in family["tokens"]] == [False, True]


async def test_a_family_is_ended_once_it_is_named(visitor: Visitor) -> None:
    tokens = await visitor.tokens({"scope": "openid offline_access"})
    assert tokens["refresh_token"]
    (family,) = (await _asked(visitor, "GET", f"/_mock/refresh_families?user={LOGIN}"))["families"]
    others = await _asked(visitor, "GET", f"/_mock/refresh_families?user={OTHER_LOGIN}")
    assert others["families"] == []
    path = "/_mock/refresh_families/"
    assert (await visitor.ask("DELETE", path + family["id"])).status == 204
    assert (await visitor.ask("DELETE", f"{path}unknown")).status == 404
    (family,) = (await _asked(visitor, "GET", "/_mock/refresh_families"))["families"]
    assert family["is_revoked"]


async def test_what_ends_next_comes_first(visitor: Visitor, org: MockOkta) -> None:
    org.clock.freeze()
    await visitor.session_token()
    await visitor.sign_in()
    shown = (await _asked(visitor, "GET", "/_mock/clock/deadlines"))["deadlines"]
    ends = [(each["what"], each["whose"]) for each in shown]
    assert ends[0] == ("session token", LOGIN)
    assert ("session", LOGIN) in ends
    assert ("signing key", "default") in ends
    org.clock.advance(timedelta(minutes=6))
    shown = (await _asked(visitor, "GET", "/_mock/clock/deadlines"))["deadlines"]
    assert shown[0]["what"] == "session"


async def test_a_snapshot_is_compared_with_the_org_of_now(visitor: Visitor) -> None:
    await _asked(visitor, "PUT", "/_mock/snapshots/before")
    diff = await _asked(visitor, "GET", "/_mock/snapshots/before/diff")
    assert [each for each in diff["changes"] if each["collection"] == "users"] == []
    await visitor.ask("PATCH", f"/_mock/users/{LOGIN}", json={"password": "Another-1"})
    await visitor.ask("DELETE", f"/_mock/users/{OTHER_LOGIN}")
    await visitor.ask("PUT", "/_mock/seed", json={"trusted_origins": ["http://localhost:1234"]})
    diff = await _asked(visitor, "GET", "/_mock/snapshots/before/diff")
    changes = {(each["collection"], each["change"]): each for each in diff["changes"]}
    assert changes["users", "changed"]["fields"]["password"][1] == "Another-1"
    assert changes["users", "removed"]["fields"]["login"] == [OTHER_LOGIN, None]
    assert changes["trusted_origins", "added"]["key"] == "http://localhost:1234"
    assert (await visitor.ask("GET", "/_mock/snapshots/none/diff")).status == 404


async def test_the_qr_code_of_a_factor_is_a_picture(visitor: Visitor) -> None:
    change = {"factors": [{"factor": "google_otp"}]}
    user = await _asked(visitor, "PATCH", f"/_mock/users/{LOGIN}", change)
    path = f"/_mock/users/{LOGIN}/factors/"
    drawn = await visitor.ask("GET", f"{path}{user['factors'][0]['id']}/qr")
    assert drawn.headers["Content-Type"] == "image/png"
    assert drawn.body.startswith(b"\x89PNG")
    assert (await visitor.ask("GET", f"{path}unknown/qr")).status == 404


async def test_what_is_served_is_listed_without_the_control_api(visitor: Visitor) -> None:
    about = await _asked(visitor, "GET", "/_mock/about")
    assert "POST /api/v1/authn" in about["served"]
    assert not any("/_mock" in each for each in about["served"])
    assert about["version"]


async def test_a_set_that_is_in_another_order_is_no_change(visitor: Visitor) -> None:
    await _asked(visitor, "PUT", "/_mock/snapshots/before")
    diff = await _asked(visitor, "GET", "/_mock/snapshots/before/diff")
    assert diff == {"changes": []}
