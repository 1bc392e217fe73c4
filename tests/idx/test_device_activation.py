"""Devices that a user activates by the Identity Engine: the code, the sign-in, the decision."""

import dataclasses
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from mock_okta import Config, MockOkta, Seed
from tests.idx.conftest import identity
from tests.idx.enrolling import shape
from tests.idx.following import Document, Following
from tests.oauth.devices import ASSIGNED, TV, device_org, poll, start
from tests.visiting import LOGIN, OTHER_LOGIN, PASSWORD, SEED, Visitor, claims_of


def _seed() -> Seed:
    seed = device_org().seed
    assert seed is not None
    return identity(msgspec.structs.replace(seed, users=SEED.users))


@pytest.fixture
def config(hosted_config: Config) -> Config:
    return dataclasses.replace(hosted_config, seed=_seed())


async def _device(visitor: Visitor, client_id: str = TV) -> dict[str, Any]:
    """Have a device ask for its codes."""
    return await start(visitor, {"client_id": client_id})


async def _opened(following: Following, query: str = "") -> Document:
    return await following.introspect(stateToken=await following.hosted(f"/activate{query}"))


async def _entered(following: Following, user_code: str) -> Document:
    await _opened(following)
    return await following.take("user-code", userCode=user_code)


async def test_the_page_asks_for_the_code(following: Following) -> None:
    document = await _opened(following)
    assert document.names == ["user-code"]
    form = document.form("user-code")
    assert form["href"].endswith("/idp/idx/device/activate")
    assert shape(form["value"]) == ["userCode!"]
    assert "value" not in document.field("user-code", "userCode")


async def test_the_code_of_the_link_is_filled_in(following: Following) -> None:
    document = await _opened(following, "?user_code=abcd-efgh")
    assert document.field("user-code", "userCode")["value"] == "ABCDEFGH"


@pytest.mark.parametrize("typed", ["{0}{1}", "{0}-{1}", "{0} {1}"])
async def test_a_user_signs_in_and_activates_the_device(following: Following, typed: str) -> None:
    device = await _device(following.visitor)
    code = device["user_code"].replace("-", "")
    document = await _entered(following, typed.format(code[:4], code[4:]).lower())
    assert document.screen == "identify"
    document = await following.sign_in(LOGIN, PASSWORD)
    assert document.names == ["consent"]
    assert [each["name"] for each in document.form("consent")["scopes"]]
    assert document.body["app"]["value"]["label"] == "TV <b>set</b>"
    pending = await poll(following.visitor, device["device_code"])
    assert pending.json()["error"] == "authorization_pending"
    document = await following.take("consent", consent=True)
    assert (document.names, document.keys) == ([], ["idx.device.activated"])
    following.visitor.org.clock.advance(timedelta(seconds=6))
    tokens = (await poll(following.visitor, device["device_code"])).json()
    assert claims_of(tokens["access_token"])["sub"] == LOGIN


async def test_a_user_who_is_signed_in_is_only_asked(following: Following) -> None:
    await following.visitor.sign_in()
    device = await _device(following.visitor)
    document = await _entered(following, device["user_code"])
    assert document.names == ["consent"]
    document = await following.take("consent", consent=True)
    assert document.keys == ["idx.device.activated"]
    assert "access_token" in (await poll(following.visitor, device["device_code"])).json()


async def test_a_user_who_denies_keeps_the_device_out(following: Following) -> None:
    device = await _device(following.visitor)
    await _entered(following, device["user_code"])
    await following.sign_in(LOGIN, PASSWORD)
    document = await following.take("consent", consent=False)
    assert (document.names, document.keys) == ([], ["idx.device.not.activated.consent.denied"])
    refused = await poll(following.visitor, device["device_code"])
    assert refused.json()["error"] == "access_denied"


async def test_a_wrong_code_is_asked_for_again(following: Following) -> None:
    device = await _device(following.visitor)
    document = await _entered(following, "WRONGCOD")
    assert (document.status, document.names) == (401, ["user-code"])
    assert document.keys == ["api.authn.error.PASSCODE_INVALID"]
    document = await following.take("user-code")
    assert (document.status, document.keys) == (400, ["registration.error.required"])
    document = await following.take("user-code", userCode=device["user_code"])
    assert document.screen == "identify"


async def test_nobody_may_try_many_codes(following: Following) -> None:
    device = await _device(following.visitor)
    await _opened(following)
    for _ in range(10):
        assert (await following.take("user-code", userCode="WRONGCOD")).status == 401
    document = await following.take("user-code", userCode=device["user_code"])
    assert (document.status, document.keys) == (429, ["tooManyRequests"])


async def test_a_code_that_is_too_old_is_wrong(following: Following, org: MockOkta) -> None:
    device = await _device(following.visitor)
    org.clock.advance(timedelta(minutes=11))
    assert (await _entered(following, device["user_code"])).status == 401


async def test_the_code_may_expire_while_the_user_signs_in(
    following: Following, org: MockOkta
) -> None:
    device = await _device(following.visitor)
    await _entered(following, device["user_code"])
    await following.sign_in(LOGIN, PASSWORD)
    for _ in range(3):
        org.clock.advance(timedelta(minutes=4))
        await following.introspect(stateHandle=following.document.body["stateHandle"])
    document = await following.take("consent", consent=True)
    assert document.keys == ["idx.device.not.activated.internal.error"]


async def test_a_user_without_the_app_activates_nothing(following: Following) -> None:
    device = await _device(following.visitor, ASSIGNED)
    await _entered(following, device["user_code"])
    document = await following.sign_in(LOGIN, PASSWORD)
    assert (document.status, document.keys) == (400, ["idx.error.user.not.assigned.to.app"])
    document = await following.sign_in(OTHER_LOGIN, PASSWORD)
    await following.take("consent", consent=True)
    assert following.document.keys == ["idx.device.activated"]


async def test_the_way_back_leads_to_the_code(following: Following) -> None:
    device = await _device(following.visitor)
    await _entered(following, device["user_code"])
    document = await following.take("cancel")
    assert document.names == ["user-code"]
    assert "value" not in document.field("user-code", "userCode")
    document = await following.take("user-code", userCode=device["user_code"])
    assert (await following.sign_in(LOGIN, PASSWORD)).screen == "consent"


async def test_a_device_is_decided_on_once(following: Following) -> None:
    device = await _device(following.visitor)
    twice = [Following(following.visitor) for _ in range(2)]
    for each in twice:
        await _entered(each, device["user_code"])
        await each.sign_in(LOGIN, PASSWORD)
    first = await twice[0].take("consent", consent=False)
    assert first.keys == ["idx.device.not.activated.consent.denied"]
    second = await twice[1].take("consent", consent=True)
    assert second.keys == ["idx.device.not.activated.internal.error"]
    refused = await poll(following.visitor, device["device_code"])
    assert refused.json()["error"] == "access_denied"


async def test_the_plain_page_still_works(following: Following) -> None:
    visitor = following.visitor
    await visitor.sign_in()
    device = await _device(visitor)
    page = await visitor.ask("GET", "/activate")
    assert page.form.method == "get"
    asked = await visitor.ask("GET", f"{page.form.action}?user_code={device['user_code']}")
    allowed = {**asked.form.fields, "decision": "allow"}
    assert (await visitor.ask("POST", asked.form.action, data=allowed)).status == 200
    assert "access_token" in (await poll(visitor, device["device_code"])).json()


async def test_a_session_that_ended_meanwhile_counts_no_more(following: Following) -> None:
    """Also one by an identity provider, which leaves no proof of its own."""
    visitor = following.visitor
    provider = {"identity_providers": [{"id": "0oa1soc", "name": "Social"}]}
    assert (await visitor.ask("PUT", "/_mock/seed", json=provider)).status == 200
    shown = await visitor.ask("GET", "/idp/0oa1soc")
    answer = await visitor.ask("POST", shown.form.action, data={"email": LOGIN})
    assert "idx" in answer.set_cookies()
    device = await _device(visitor)
    await _opened(following)
    await visitor.ask("DELETE", "/api/v1/sessions/me")
    document = await following.take("user-code", userCode=device["user_code"])
    assert document.screen == "challenge-authenticator"
