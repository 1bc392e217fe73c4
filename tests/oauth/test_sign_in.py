"""Sessions at /authorize: the sign-in page, prompt and max_age (facts/oauth C.6)."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from mock_okta import MockOkta
from tests.oauth.sign_in_page import page_of, signed_in, submitted
from tests.visiting import (
    CALLBACK,
    LOGIN,
    OTHER_LOGIN,
    PASSWORD,
    USER_ID,
    Change,
    Visitor,
    claims_of,
)

NOT_SIGNED_IN = "The client specified not to prompt, but the user is not logged in."
NOT_ENOUGH = (
    "The client specified not to prompt, but the client app requires re-authentication or MFA."
)


async def test_without_a_session_the_sign_in_page_leads_to_the_redirect_uri(
    visitor: Visitor,
) -> None:
    answer = await signed_in(visitor, await visitor.authorize())
    assert answer.location.startswith(f"{CALLBACK}?code=")
    assert answer.returned["state"] == "state-1"
    redeemed = await visitor.redeem(answer.returned["code"])
    assert claims_of(redeemed.json()["id_token"])["sub"] == USER_ID


async def test_a_request_by_post_goes_through_the_sign_in_page_too(visitor: Visitor) -> None:
    change = {"response_mode": "form_post"}
    answer = await signed_in(visitor, await visitor.authorize(change, method="POST"))
    assert list(answer.returned) == ["code", "state"]


async def test_the_page_has_the_widget_s_own_ids_and_names(visitor: Visitor) -> None:
    page = await page_of(visitor, await visitor.authorize())
    assert page.status == 200
    for element in ("okta-signin-username", "okta-signin-password", "okta-signin-submit"):
        assert f'id="{element}"' in page.text
    assert set(page.form.fields) == {"fromURI", "username", "password"}


async def test_a_wrong_password_shows_the_form_again_and_signs_nobody_in(
    visitor: Visitor,
) -> None:
    page = await page_of(visitor, await visitor.authorize())
    again = await submitted(visitor, page, password="wrong")
    assert again.status == 401
    assert "Sign in failed!" in again.text
    assert again.form.fields["username"] == LOGIN
    assert again.form.fields["fromURI"] == page.form.fields["fromURI"]
    assert await visitor.session_id() is None
    after = await submitted(visitor, again)
    assert "code" in (await visitor.ask("GET", after.location)).returned


async def test_login_hint_fills_in_the_user_name_escaped(visitor: Visitor) -> None:
    hint = '"><script>alert(1)</script>'
    page = await page_of(visitor, await visitor.authorize({"login_hint": hint}))
    assert page.form.fields["username"] == hint
    assert "<script>alert" not in page.text


async def test_a_parked_request_is_resumed_once(visitor: Visitor) -> None:
    page = await page_of(visitor, await visitor.authorize())
    after = await submitted(visitor, page)
    assert "code" in (await visitor.ask("GET", after.location)).returned
    again = await visitor.ask("GET", after.location)
    assert again.status == 400
    assert "The sign-in request is unknown or has expired." in again.text


async def test_a_parked_request_expires(org: MockOkta, visitor: Visitor) -> None:
    page = await page_of(visitor, await visitor.authorize())
    org.clock.advance(timedelta(hours=1))
    after = await submitted(visitor, page)
    assert (await visitor.ask("GET", after.location)).status == 400


async def test_an_unknown_okta_key_is_an_error_page(visitor: Visitor) -> None:
    for query in ("", "?okta_key=made-up"):
        answer = await visitor.ask("GET", f"/oauth2/v1/authorize/redirect{query}")
        assert answer.status == 400
        assert "Location" not in answer.headers


async def test_a_parked_request_is_not_resumed_without_signing_in(visitor: Visitor) -> None:
    answer = await visitor.authorize()
    resume = parse_qs(urlsplit(answer.location).query)["fromURI"][0]
    assert urlsplit(resume).netloc in ("", urlsplit(visitor.org.url).netloc)
    await page_of(visitor, await visitor.ask("GET", resume))


@pytest.mark.parametrize("change", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "59"}])
async def test_the_old_session_does_not_satisfy_a_request_for_a_fresh_one(
    org: MockOkta, visitor: Visitor, change: Change
) -> None:
    org.clock.freeze()
    old = await visitor.sign_in()
    org.clock.advance(timedelta(seconds=60))
    answer = await visitor.authorize(change)
    resume = parse_qs(urlsplit(answer.location).query)["fromURI"][0]
    parked_again = await visitor.ask("GET", resume)
    returned = (await signed_in(visitor, parked_again)).returned
    assert "code" in returned
    assert await visitor.session_id() not in (None, old)


async def test_the_user_who_signs_in_anew_is_the_one_the_client_hears_of(
    visitor: Visitor,
) -> None:
    await visitor.sign_in(LOGIN)
    answer = await visitor.authorize({"prompt": "login"})
    code = (await signed_in(visitor, answer, OTHER_LOGIN)).returned["code"]
    claims = claims_of((await visitor.redeem(code)).json()["id_token"])
    assert claims["preferred_username"] == OTHER_LOGIN


@pytest.mark.parametrize(
    "change",
    [{}, {"max_age": "60"}, {"max_age": "3600"}, {"prompt": "none"}, {"login_hint": OTHER_LOGIN}],
)
async def test_a_session_answers_at_once(org: MockOkta, visitor: Visitor, change: Change) -> None:
    org.clock.freeze()
    await visitor.sign_in()
    org.clock.advance(timedelta(seconds=60))
    assert list((await visitor.authorize(change)).returned) == ["code", "state"]


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post", "okta_post_message"])
async def test_prompt_none_without_a_session_is_login_required(visitor: Visitor, mode: str) -> None:
    returned = (await visitor.authorize({"prompt": "none", "response_mode": mode})).returned
    assert returned == {
        "state": "state-1",
        "error": "login_required",
        "error_description": NOT_SIGNED_IN,
    }


@pytest.mark.parametrize("max_age", ["0", "59"])
async def test_prompt_none_with_too_old_a_session_is_login_required(
    org: MockOkta, visitor: Visitor, max_age: str
) -> None:
    org.clock.freeze()
    await visitor.sign_in()
    org.clock.advance(timedelta(seconds=60))
    returned = (await visitor.authorize({"prompt": "none", "max_age": max_age})).returned
    assert returned["error_description"] == NOT_ENOUGH


async def test_a_session_ends_after_two_hours(org: MockOkta, visitor: Visitor) -> None:
    org.clock.freeze()
    await visitor.sign_in()
    org.clock.advance(timedelta(hours=2, seconds=-1))
    assert "code" in (await visitor.authorize({"prompt": "none"})).returned
    org.clock.advance(timedelta(seconds=1))
    assert (await visitor.authorize({"prompt": "none"})).returned["error"] == "login_required"


async def test_auth_time_is_that_of_signing_in(org: MockOkta, visitor: Visitor) -> None:
    org.clock.freeze()
    signed_in_at = org.clock.epoch()
    await visitor.sign_in()
    org.clock.advance(timedelta(minutes=10))
    returned = (await visitor.authorize({"response_type": "id_token"})).returned
    claims = claims_of(returned["id_token"])
    assert (claims["auth_time"], claims["iat"]) == (signed_in_at, signed_in_at + 600)


# Where the sign-in page may lead.


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "http://localhost.evil.example/",
        "http://[",
    ],
)
async def test_the_sign_in_page_leads_nowhere_but_to_the_org(visitor: Visitor, evil: str) -> None:
    page = await visitor.ask("GET", f"/login/login.htm?{urlencode({'fromURI': evil})}")
    assert page.form.fields["fromURI"] == f"{visitor.org.url}/app/UserHome"
    fields = {"username": LOGIN, "password": PASSWORD, "fromURI": evil}
    answer = await visitor.ask("POST", "/login/login.htm", data=fields)
    assert answer.location == f"{visitor.org.url}/app/UserHome"
