"""Staying signed in: when it is asked, what it changes, and devices that stand in for a factor."""

import re
from datetime import timedelta
from typing import Any

import pytest

from mock_okta import MockOkta
from tests.idx.enrolling import Enrolling, shape
from tests.idx.following import Document, Following
from tests.visiting import CALLBACK, LOGIN, PASSWORD, SPA, USER_ID, claims_of

RULE = {"keep_me_signed_in": {"post_auth": "ALLOWED"}}
CLIENT = {
    "name": "SPA",
    "type": "spa",
    "client_id": SPA,
    "login_redirect_uris": [CALLBACK],
    "base_uris": ["http://localhost:3000"],
    "grant_types": ["authorization_code", "interaction_code"],
}


async def _seed(following: Following, *, rule: dict[str, Any] = RULE, **sign_on: Any) -> None:
    factors = [{"factor": "okta_email", "email": LOGIN}]
    user = {"login": LOGIN, "password": PASSWORD, "id": USER_ID, "factors": factors}
    document = {
        "users": [user],
        "clients": [CLIENT | {"authentication_policy": "App"}],
        "authentication_policies": [{"name": "App", "rules": [rule]}],
        "sign_on_policies": [{"rules": [{"require_factor": False} | sign_on]}],
    }
    answer = await following.visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text


async def _start(following: Following, **more: Any) -> Document:
    await following.begin()
    given = {"identifier": LOGIN, "credentials": {"passcode": PASSWORD}}
    return await following.take("identify", **given, **more)


async def _cookies(following: Following) -> dict[str, str]:
    """Begin the session; the cookies that it has."""
    path = f"/login/token/redirect?stateToken={following.document.body['stateHandle']}"
    return (await following.visitor.ask("GET", path)).set_cookies()


def _max_age(cookie: str) -> int | None:
    found = re.search(r"Max-Age=(\d+)", cookie)
    return None if found is None else int(found[1])


async def test_it_is_asked_at_the_end(following: Following) -> None:
    await _seed(following)
    document = await _start(following)
    assert document.names == ["keep-me-signed-in"]
    form = document.form("keep-me-signed-in")
    assert form["href"].endswith("/idp/idx/keep-me-signed-in")
    assert shape(form["value"]) == ["keepMeSignedIn!"]
    asked = document.field("keep-me-signed-in", "keepMeSignedIn")
    assert (asked["type"], asked["value"], asked["mutable"]) == ("boolean", False, True)
    assert document.body["user"]["value"]["identifier"] == LOGIN


async def test_a_user_who_stays_has_a_cookie_that_outlasts_the_browser(
    following: Following,
) -> None:
    await _seed(following, max_session_idle_minutes=60, max_session_lifetime_minutes=1440)
    await _start(following)
    assert (await following.take("keep-me-signed-in", keepMeSignedIn=True)).interaction_code
    cookies = await _cookies(following)
    ages = {_max_age(cookies[name]) or 0 for name in ("idx", "xids")}
    assert all(86390 <= age <= 86400 for age in ages)


async def test_the_session_itself_lasts_as_the_policy_says(
    following: Following, org: MockOkta
) -> None:
    await _seed(following, max_session_idle_minutes=60)
    await _start(following)
    await following.take("keep-me-signed-in", keepMeSignedIn=True)
    assert _max_age((await _cookies(following))["idx"]) == 63072000
    org.clock.advance(timedelta(minutes=59))
    assert await following.visitor.session_id() is not None
    refreshed = await following.visitor.ask("POST", "/api/v1/sessions/me/lifecycle/refresh")
    assert _max_age(refreshed.set_cookies()["idx"]) == 63072000
    org.clock.advance(timedelta(minutes=61))
    assert await following.visitor.session_id() is None


@pytest.mark.parametrize("answer", [{"keepMeSignedIn": False}, {}])
async def test_a_user_who_does_not_stay_has_a_cookie_for_the_browser(
    following: Following, answer: dict[str, bool]
) -> None:
    await _seed(following)
    await _start(following)
    assert (await following.take("keep-me-signed-in", **answer)).interaction_code
    assert _max_age((await _cookies(following))["idx"]) is None


async def test_it_is_not_asked_again_on_the_device_for_a_time(
    following: Following, org: MockOkta
) -> None:
    often = {"post_auth": "ALLOWED", "post_auth_prompt_frequency": "PT1H"}
    await _seed(following, rule={"keep_me_signed_in": often})
    await _start(following)
    await following.take("keep-me-signed-in", keepMeSignedIn=False)
    assert (await _start(following)).interaction_code
    org.clock.advance(timedelta(seconds=3601))
    assert (await _start(following)).screen == "keep-me-signed-in"
    following.visitor.http.cookie_jar.clear()
    assert (await _start(following)).screen == "keep-me-signed-in"


async def test_the_box_beside_the_name_does_the_same(following: Following) -> None:
    await _seed(following)
    assert (await _start(following, rememberMe=True)).interaction_code
    assert _max_age((await _cookies(following))["idx"]) == 63072000


async def test_it_is_not_asked_where_the_policy_does_not_say_so(following: Following) -> None:
    await _seed(following, rule={})
    assert (await _start(following)).interaction_code
    assert _max_age((await _cookies(following))["idx"]) is None


async def test_it_is_not_asked_of_a_user_who_has_a_session(following: Following) -> None:
    await _seed(following, rule={})
    await _start(following)
    await _cookies(following)
    await _seed(following)
    assert (await following.begin()).interaction_code


async def test_somebody_else_may_sign_in_instead(following: Following) -> None:
    await _seed(following)
    await _start(following)
    assert (await following.take("cancel")).screen == "identify"
    assert (await following.sign_in(LOGIN, PASSWORD)).screen == "keep-me-signed-in"


class TestDevices:
    async def _with_factor(self, enrolling: Enrolling, **more: Any) -> Document:
        document = await _start(enrolling, **more)
        assert document.screen == "authenticator-verification-data", document.names
        id_ = document.field("authenticator-verification-data", "authenticator", "id")["value"]
        chosen = {"id": id_, "methodType": "email"}
        await enrolling.take("authenticator-verification-data", authenticator=chosen)
        proof = {"passcode": await enrolling.passcode()}
        return await enrolling.take("challenge-authenticator", credentials=proof)

    @pytest.mark.parametrize("prompt", ["DEVICE", "SESSION"])
    async def test_a_factor_is_not_asked_again_on_a_remembered_device(
        self, enrolling: Enrolling, prompt: str
    ) -> None:
        await _seed(enrolling, rule={}, require_factor=True, factor_prompt_mode=prompt)
        assert (await self._with_factor(enrolling, rememberMe=True)).interaction_code
        assert (await _start(enrolling)).interaction_code
        assert claims_of((await enrolling.tokens())["id_token"])["amr"] == ["pwd"]
        enrolling.visitor.http.cookie_jar.clear()
        assert (await _start(enrolling)).screen == "authenticator-verification-data"

    async def test_staying_signed_in_remembers_the_device_too(self, enrolling: Enrolling) -> None:
        await _seed(enrolling, require_factor=True, factor_prompt_mode="DEVICE")
        assert (await self._with_factor(enrolling)).screen == "keep-me-signed-in"
        await enrolling.take("keep-me-signed-in", keepMeSignedIn=True)
        assert (await _start(enrolling)).interaction_code

    async def test_the_device_is_forgotten_when_the_factor_s_time_is_over(
        self, enrolling: Enrolling, org: MockOkta
    ) -> None:
        times = {"factor_prompt_mode": "SESSION", "factor_lifetime_minutes": 60}
        await _seed(enrolling, rule={}, require_factor=True, **times)
        await self._with_factor(enrolling, rememberMe=True)
        org.clock.advance(timedelta(seconds=3590))
        assert (await _start(enrolling, rememberMe=True)).interaction_code
        org.clock.advance(timedelta(seconds=20))
        assert (await _start(enrolling)).screen == "authenticator-verification-data"

    async def test_a_policy_may_ask_always(self, enrolling: Enrolling) -> None:
        await _seed(enrolling, rule={}, require_factor=True, factor_prompt_mode="ALWAYS")
        await self._with_factor(enrolling, rememberMe=True)
        assert (await _start(enrolling)).screen == "authenticator-verification-data"

    async def test_nobody_is_remembered_who_does_not_want_that(self, enrolling: Enrolling) -> None:
        await _seed(enrolling, rule={}, require_factor=True, factor_prompt_mode="DEVICE")
        await self._with_factor(enrolling)
        assert (await _start(enrolling)).screen == "authenticator-verification-data"

    async def test_a_policy_may_remember_by_default(self, enrolling: Enrolling) -> None:
        default = {"factor_prompt_mode": "DEVICE", "remember_device_by_default": True}
        await _seed(enrolling, rule={}, require_factor=True, **default)
        await self._with_factor(enrolling)
        assert (await _start(enrolling)).interaction_code

    async def test_an_app_that_wants_two_factors_gets_them_all_the_same(
        self, enrolling: Enrolling
    ) -> None:
        await _seed(
            enrolling, rule={"factor_mode": "2FA"}, require_factor=True, factor_prompt_mode="DEVICE"
        )
        await self._with_factor(enrolling, rememberMe=True)
        assert (await _start(enrolling)).screen == "authenticator-verification-data"
