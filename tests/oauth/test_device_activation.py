"""Device authorization (RFC 8628; facts/oauth D.9, E.5): the person who allows a device."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from mock_okta import Config, MockOkta
from tests.oauth.devices import (
    ASSIGNED,
    allow_device,
    decide,
    device_org,
    error_of,
    poll,
    question_for,
    start,
)
from tests.visiting import LOGIN, OTHER_LOGIN, PASSWORD, Change, Visitor


@pytest.fixture
def config() -> Config:
    return device_org()


async def test_the_link_fills_the_code_in_but_takes_nothing_unseen(visitor: Visitor) -> None:
    device = await start(visitor)
    await visitor.sign_in()
    shown = await visitor.ask("GET", device["verification_uri_complete"])
    assert shown.form.fields == {"user_code": device["user_code"]}
    assert error_of(await poll(visitor, device["device_code"])) == "authorization_pending"


async def test_who_is_not_signed_in_signs_in_first(visitor: Visitor) -> None:
    device = await start(visitor)
    sent = urlsplit((await question_for(visitor, device["user_code"])).location)
    back = f"/activate/confirm?user_code={device['user_code']}"
    assert (sent.path, parse_qs(sent.query)) == ("/login/login.htm", {"fromURI": [back]})
    form = (await visitor.ask("GET", sent.geturl())).form
    fields = {**form.fields, "username": LOGIN, "password": PASSWORD}
    signed_in = await visitor.ask("POST", form.action, data=fields)
    question = await visitor.ask("GET", signed_in.location)
    assert "Device activated" in (await decide(visitor, question, "allow")).text
    assert (await poll(visitor, device["device_code"])).status == 200


async def test_the_question_names_what_is_asked_and_by_whom(visitor: Visitor) -> None:
    device = await start(visitor)
    await visitor.sign_in()
    question = await question_for(visitor, device["user_code"])
    assert "TV &lt;b&gt;set&lt;/b&gt;" in question.text
    for shown in (device["user_code"], LOGIN, *("openid", "profile", "offline_access")):
        assert shown in question.text
    assert "<script" not in question.text


async def test_a_code_may_be_typed_in_any_way(visitor: Visitor) -> None:
    code = (await start(visitor))["user_code"]
    await visitor.sign_in()
    for typed in (code.lower(), f" {code[:4]}-{code[4:]} ", f"{code[:4]} {code[4:]}"):
        assert code in (await question_for(visitor, typed)).text


@pytest.mark.parametrize("typed", ["", "BCDFGHJK", "\"><script>alert('1')</script>", "\x00ä"])
async def test_a_code_that_no_device_shows_is_asked_for_again(visitor: Visitor, typed: str) -> None:
    await visitor.sign_in()
    answer = await question_for(visitor, typed)
    assert (answer.status, "Invalid code" in answer.text) == (400, True)
    assert answer.form.action == "/activate/confirm"
    assert "<script" not in answer.text


async def test_a_user_may_enter_ten_wrong_codes_and_no_more(
    org: MockOkta, visitor: Visitor, a_visitor: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """RFC 8628 5.1."""
    caplog.set_level("INFO", "mock_okta")
    device = await start(visitor)
    await visitor.sign_in()
    for _ in range(10):
        assert (await question_for(visitor, "BCDFGHJK")).status == 400
    for code in ("BCDFGHJK", device["user_code"]):
        refused = await question_for(visitor, code)
        assert (refused.status, "Too many invalid codes" in refused.text) == (429, True)
    assert f"{LOGIN} has entered ten wrong user codes" in caplog.text
    await visitor.sign_in()  # another session of the same user
    assert (await question_for(visitor, device["user_code"])).status == 429
    other = a_visitor()
    await other.sign_in(OTHER_LOGIN)
    assert (await question_for(other, device["user_code"])).status == 200
    org.clock.advance(timedelta(minutes=10))
    assert (await question_for(visitor, (await start(visitor))["user_code"])).status == 200


async def test_right_codes_do_not_count(visitor: Visitor) -> None:
    await visitor.sign_in()
    code = (await start(visitor))["user_code"]
    for _ in range(12):
        assert (await question_for(visitor, code)).status == 200
    for _ in range(9):
        assert (await question_for(visitor, "BCDFGHJK")).status == 400
    assert (await question_for(visitor, code)).status == 200


async def test_of_64_wrong_codes_at_once_ten_are_looked_up(visitor: Visitor) -> None:
    await visitor.sign_in()
    answers = await asyncio.gather(*(question_for(visitor, "BCDFGHJK") for _ in range(64)))
    assert sorted(answer.status for answer in answers) == [400] * 10 + [429] * 54


async def test_a_code_is_decided_on_once(visitor: Visitor) -> None:
    device = await start(visitor)
    await visitor.sign_in()
    questions = [await question_for(visitor, device["user_code"]) for _ in range(2)]
    assert (await decide(visitor, questions[0], "deny")).status == 200
    for question in questions:
        assert (await decide(visitor, question, "allow")).status == 400
    assert "Invalid code" in (await question_for(visitor, device["user_code"])).text
    assert error_of(await poll(visitor, device["device_code"])) == "access_denied"


async def test_no_decision_is_no_consent(visitor: Visitor) -> None:
    device = await start(visitor)
    await visitor.sign_in()
    await decide(visitor, await question_for(visitor, device["user_code"]), None)
    assert error_of(await poll(visitor, device["device_code"])) == "access_denied"


async def test_only_the_page_itself_can_decide(
    org: MockOkta, visitor: Visitor, a_visitor: Any
) -> None:
    device = await start(visitor)
    stranger = a_visitor()
    await visitor.sign_in()
    await stranger.sign_in(OTHER_LOGIN)
    form = (await question_for(visitor, device["user_code"])).form
    stranger_s = await question_for(stranger, device["user_code"])
    strangers_key = stranger_s.form.fields["key"]
    allow = {"decision": "allow", "user_code": device["user_code"]}
    for forged in (allow, {**allow, "key": "made_up"}, {**allow, "key": strangers_key}):
        assert (await visitor.ask("POST", form.action, data=forged)).status == 400
    assert (await decide(stranger, stranger_s, "allow")).status == 400  # the key was tried before
    query = urlencode({**allow, **form.fields})
    await visitor.ask("GET", f"{form.action}?{query}")  # shows the question, decides nothing
    assert error_of(await poll(visitor, device["device_code"])) == "authorization_pending"
    await visitor.ask("GET", "/login/signout")
    assert (await visitor.ask("POST", form.action, data={**form.fields, **allow})).status == 400
    org.clock.advance(timedelta(seconds=5))
    assert error_of(await poll(visitor, device["device_code"])) == "authorization_pending"


@pytest.mark.parametrize(
    ("change", "server", "description"),
    [
        ({"client_id": ASSIGNED}, "default", "User is not assigned to the client application."),
        (
            {},
            "strict",
            "Policy evaluation failed for this request, please check the policy configurations.",
        ),
    ],
)
async def test_assignment_and_policy_are_asked_when_the_user_is_known(
    visitor: Visitor, change: Change, server: str, description: str
) -> None:
    device = await start(visitor, {"scope": "openid", **change}, server)
    result = await allow_device(visitor, device["user_code"])
    assert (result.status, description in result.text) == (400, True)
    assert error_of(await poll(visitor, device["device_code"], change, server)) == "access_denied"
