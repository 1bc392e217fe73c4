"""Devices that are remembered: by their cookie, for a user, as long as the policy says."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mock_okta import Config
from tests.authn.proving import CALL, PASSWORD, SMS, Body, Proving
from tests.visiting import APP, LOGIN, OTHER_LOGIN, SEED, Answer, Visitor


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED)


async def _prove(proving: Proving, query: str = "?rememberDevice=true") -> Answer:
    """Prove the first factor as the widget does; the flag is in the query of each request."""
    begun = await proving.start()
    (factor, *_) = begun["_embedded"]["factors"]
    href, token = factor["_links"]["verify"]["href"] + query, begun["stateToken"]
    cors = {"Origin": APP}
    await proving.post(href, headers=cors, stateToken=token, passCode="")
    passcode = await proving.sent(factor["factorType"])
    return await proving.post(href, headers=cors, stateToken=token, passCode=passcode)


async def _status(proving: Proving) -> str:
    return str((await proving.start())["status"])


async def test_a_remembered_device_is_not_asked_again(proving: Proving) -> None:
    await proving.seed(SMS)
    answer = await _prove(proving)
    assert answer.json()["status"] == "SUCCESS"
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert await _status(proving) == "SUCCESS"


@pytest.mark.parametrize("query", ["", "?rememberDevice=false", "?rememberDevice="])
async def test_a_device_is_remembered_only_if_the_user_wants(proving: Proving, query: str) -> None:
    await proving.seed(SMS)
    assert (await _prove(proving, query)).json()["status"] == "SUCCESS"
    assert await _status(proving) == "MFA_REQUIRED"


async def test_a_failed_proof_remembers_nothing(proving: Proving) -> None:
    await proving.seed(SMS)
    begun = await proving.start()
    (factor,) = begun["_embedded"]["factors"]
    href = f"{factor['_links']['verify']['href']}?rememberDevice=true"
    await proving.post(href, stateToken=begun["stateToken"], passCode="")
    await proving.post(href, stateToken=begun["stateToken"], passCode="wrong")
    assert await _status(proving) == "MFA_REQUIRED"


async def test_the_cookie_of_the_device_lasts_and_no_script_reads_it(proving: Proving) -> None:
    await proving.seed(SMS)
    begun = await proving.start()
    (factor,) = begun["_embedded"]["factors"]
    href = f"{factor['_links']['verify']['href']}?rememberDevice=true"
    answer = await proving.post(href, stateToken=begun["stateToken"], passCode="")
    cookie = answer.set_cookies()["DT"]
    assert cookie.startswith("DT=DI0")
    assert "HttpOnly" in cookie
    assert "Max-Age=63072000" in cookie


async def test_another_browser_is_another_device(
    proving: Proving, a_visitor: Callable[[], Visitor]
) -> None:
    await proving.seed(SMS)
    await _prove(proving)
    assert await _status(Proving(a_visitor())) == "MFA_REQUIRED"


async def test_a_device_is_remembered_for_one_user(proving: Proving) -> None:
    await proving.seed(SMS)
    await _prove(proving)
    other = {"login": OTHER_LOGIN, "password": PASSWORD, "factors": [CALL]}
    await proving.visitor.ask("PUT", "/_mock/seed", json={"users": [other]})
    assert (await proving.sign_in(OTHER_LOGIN)).json()["status"] == "MFA_REQUIRED"
    assert (await proving.sign_in(LOGIN)).json()["status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("mode", "minutes", "shown"),
    [("SESSION", 15, (True, 15)), ("SESSION", 60, (True, 60)), ("DEVICE", 15, (True, 0))],
)
async def test_the_policy_says_how_long(
    proving: Proving, mode: str, minutes: int, shown: tuple[bool, int]
) -> None:
    proving.org.clock.freeze()
    await proving.seed(SMS, factor_prompt_mode=mode, factor_lifetime_minutes=minutes)
    policy: Body = (await proving.start())["_embedded"]["policy"]
    names = ("allowRememberDevice", "rememberDeviceLifetimeInMinutes")
    assert tuple(policy[name] for name in names) == shown
    assert policy["rememberDeviceByDefault"] is False
    await _prove(proving)
    proving.org.clock.advance(timedelta(minutes=minutes, seconds=-1))
    assert await _status(proving) == "SUCCESS"
    proving.org.clock.advance(timedelta(seconds=1))
    assert await _status(proving) == ("SUCCESS" if mode == "DEVICE" else "MFA_REQUIRED")


async def test_a_policy_may_ask_every_time(proving: Proving) -> None:
    await proving.seed(SMS, factor_prompt_mode="ALWAYS")
    assert (await proving.start())["_embedded"]["policy"]["allowRememberDevice"] is False
    assert (await _prove(proving)).json()["status"] == "SUCCESS"
    assert await _status(proving) == "MFA_REQUIRED"


async def test_a_policy_may_tick_the_box(proving: Proving) -> None:
    await proving.seed(SMS, remember_device_by_default=True)
    policy = (await proving.start())["_embedded"]["policy"]
    assert policy["rememberDeviceByDefault"] is True


async def test_a_sign_out_does_not_forget_the_device(proving: Proving) -> None:
    await proving.seed(SMS)
    token = (await _prove(proving)).json()["sessionToken"]
    url = f"/login/sessionCookieRedirect?token={token}&redirectUrl={proving.org.url}"
    await proving.visitor.ask("GET", url)
    assert await proving.visitor.session_id() is not None
    assert (await proving.visitor.ask("DELETE", "/api/v1/sessions/me")).status == 204
    assert await proving.visitor.session_id() is None
    assert await _status(proving) == "SUCCESS"


async def test_the_factor_used_last_comes_first(proving: Proving) -> None:
    await proving.seed(SMS, CALL)
    begun = await proving.start()
    assert [each["factorType"] for each in begun["_embedded"]["factors"]] == ["sms", "call"]
    href = begun["_embedded"]["factors"][1]["_links"]["verify"]["href"]
    await proving.post(href, stateToken=begun["stateToken"])
    passcode = await proving.sent("call")
    await proving.post(href, stateToken=begun["stateToken"], passCode=passcode)
    begun = await proving.start()
    assert [each["factorType"] for each in begun["_embedded"]["factors"]] == ["call", "sms"]
