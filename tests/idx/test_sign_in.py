"""Signing in with name and password, up to tokens."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from mock_okta import MockOkta
from tests.idx.enrolling import PHONE, Enrolling
from tests.idx.following import Following
from tests.visiting import CALLBACK, LOGIN, PASSWORD, USER_ID, claims_of


async def test_a_password_ends_in_tokens(following: Following) -> None:
    await following.begin()
    assert following.document.screen == "identify"
    document = await following.sign_in(LOGIN, PASSWORD)
    assert (document.status, document.names) == (200, [])
    tokens = await following.tokens()
    claims = claims_of(tokens["id_token"])
    assert claims["sub"] == USER_ID
    assert claims["amr"] == ["pwd"]
    assert claims["nonce"] == "the-nonce"


@pytest.mark.parametrize(
    ("login", "password"), [(LOGIN, "wrong"), ("nobody@example.com", PASSWORD)]
)
async def test_wrong_credentials_leave_the_form_as_it_is(
    following: Following, login: str, password: str
) -> None:
    first = await following.begin()
    document = await following.sign_in(login, password)
    assert (document.status, document.keys) == (400, ["errors.E0000004"])
    assert document.names == first.names
    assert (await following.sign_in(LOGIN, PASSWORD)).interaction_code


async def test_the_log_says_whether_the_password_is_wrong_or_the_user_unknown(
    following: Following, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mock_okta")
    for login in (LOGIN, "nobody@example.com"):
        await following.begin()
        await following.sign_in(login, "wrong")
    wrong, unknown = (message for message in caplog.messages if "/idp/idx/identify 400" in message)
    assert f"WrongPassword: {LOGIN}" in wrong
    assert "NoSuchUser: nobody@example.com" in unknown


async def test_an_interaction_handle_leads_to_the_same_transaction(following: Following) -> None:
    first = await following.begin()
    again = await following.introspect(stateHandle=first.body["stateHandle"])
    assert again.body["stateHandle"] == first.body["stateHandle"]
    assert again.names == first.names


@pytest.mark.parametrize("name", ["interactionHandle", "stateHandle", "stateToken"])
async def test_an_unknown_handle_says_that_the_session_expired(
    following: Following, name: str
) -> None:
    document = await following.introspect(**{name: "02.id.nothing"})
    assert (document.status, document.keys) == (401, ["idx.session.expired"])
    assert document.body["version"] == "1.0.0"


async def test_an_old_transaction_says_that_the_session_expired(
    following: Following, org: MockOkta
) -> None:
    await following.begin()
    org.clock.advance(timedelta(hours=2))
    document = await following.sign_in(LOGIN, PASSWORD)
    assert (document.status, document.keys) == (401, ["idx.session.expired"])


async def test_cancelling_answers_with_a_fresh_first_screen(following: Following) -> None:
    first = await following.begin()
    await following.take("cancel")
    assert following.document.names == first.names


async def test_what_is_not_offered_is_refused_with_the_document_whole(
    following: Following,
) -> None:
    first = await following.begin()
    document = await following.post(
        "/idp/idx/challenge/answer",
        {"stateHandle": first.body["stateHandle"], "credentials": {"passcode": PASSWORD}},
    )
    assert document.status == 400
    assert document.names == first.names


async def test_the_redirect_begins_a_session_and_goes_to_the_app(following: Following) -> None:
    await following.begin()
    document = await following.sign_in(LOGIN, PASSWORD)
    path = f"/login/token/redirect?stateToken={document.body['stateHandle']}"
    answer = await following.visitor.ask("GET", path)
    place = urlsplit(answer.location)
    assert answer.location.startswith(CALLBACK)
    assert dict(parse_qsl(place.query)) == {
        "interaction_code": document.interaction_code,
        "state": "the-state",
    }
    assert "idx" in answer.set_cookies()
    assert await following.visitor.session_id() is not None


async def test_a_session_signs_in_at_the_next_app_without_a_form(following: Following) -> None:
    await following.begin()
    document = await following.sign_in(LOGIN, PASSWORD)
    path = f"/login/token/redirect?stateToken={document.body['stateHandle']}"
    await following.visitor.ask("GET", path)
    again = await following.begin()
    assert again.names == []
    assert claims_of((await following.tokens())["id_token"])["sub"] == USER_ID


async def test_another_authenticator_may_be_chosen_after_one_was_sent(
    enrolling: Enrolling,
) -> None:
    phone = {"factor": "okta_sms", "phone_number": PHONE}
    await enrolling.seed({"factor": "okta_email"}, phone, require_factor=True)
    await enrolling.start()
    await enrolling.choose("okta_email", methodType="email")
    document = await enrolling.choose("phone_number")
    assert document.screen == "authenticator-verification-data", document.body
    assert document.current["methods"] == [{"type": "sms"}]
    document = await enrolling.choose("phone_number", methodType="sms")
    assert document.screen == "challenge-authenticator", document.body
    code = await enrolling.passcode()
    document = await enrolling.take("challenge-authenticator", credentials={"passcode": code})
    assert document.interaction_code
