"""Sessions at /authorize: session token, sign-in page, prompt and max_age (contract C.6)."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta
from tests.visiting import (
    CALLBACK,
    LOGIN,
    OTHER_LOGIN,
    PASSWORD,
    SEED,
    USER_ID,
    Answer,
    Change,
    Visitor,
    claims_of,
)

NOT_SIGNED_IN = "The client specified not to prompt, but the user is not logged in."
NOT_ENOUGH = (
    "The client specified not to prompt, but the client app requires re-authentication or MFA."
)


@asynccontextmanager
async def visiting(org: MockOkta) -> AsyncIterator[Visitor]:
    """A visitor that trusts the org's CA."""
    trust = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=org.ca_path))
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(connector=trust, cookie_jar=jar) as http:
        yield Visitor(org, http)


async def page_of(visitor: Visitor, answer: Answer) -> Answer:
    """The sign-in page that /authorize sent the browser to."""
    where = urlsplit(answer.location)
    assert f"{where.scheme}://{where.netloc}" == visitor.org.url
    assert where.path == "/login/login.htm"
    return await visitor.ask("GET", answer.location)


async def submitted(
    visitor: Visitor, page: Answer, login: str = LOGIN, password: str = PASSWORD
) -> Answer:
    """What comes of filling in the page's form as a browser without JavaScript does."""
    form = page.form
    fields = {**form.fields, "username": login, "password": password}
    return await visitor.ask(form.method.upper(), form.action, data=fields)


async def signed_in(visitor: Visitor, answer: Answer, login: str = LOGIN) -> Answer:
    """What the client gets after the user went through the sign-in page."""
    after = await submitted(visitor, await page_of(visitor, answer), login)
    return await visitor.ask("GET", after.location)


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


# The session token.


async def test_a_session_token_signs_the_browser_in(visitor: Visitor) -> None:
    answer = await visitor.authorize({"sessionToken": await visitor.session_token()})
    assert list(answer.returned) == ["code", "state"]
    assert set(answer.set_cookies()) == {"sid", "DT"}
    assert await visitor.session_id() == answer.set_cookies()["sid"].split(";")[0][4:]


@pytest.mark.parametrize(
    "change", [{"prompt": "none"}, {"prompt": "login"}, {"max_age": "0"}, {"max_age": "1"}]
)
async def test_a_session_token_is_as_fresh_as_can_be(visitor: Visitor, change: Change) -> None:
    await visitor.sign_in(OTHER_LOGIN)
    token = {"sessionToken": await visitor.session_token()}
    assert "code" in (await visitor.authorize(token | change)).returned


async def test_a_valid_session_token_replaces_the_browser_s_session(
    a_visitor: Callable[[], Visitor],
) -> None:
    visitor, thief = a_visitor(), a_visitor()
    old = await visitor.sign_in(OTHER_LOGIN)
    thief.http.cookie_jar.update_cookies({"sid": old})
    answer = await visitor.authorize({"sessionToken": await visitor.session_token(LOGIN)})
    redeemed = await visitor.redeem(answer.returned["code"])
    assert claims_of(redeemed.json()["id_token"])["sub"] == USER_ID
    assert await visitor.session_id() != old
    assert await thief.session_id() is None


async def expired_token(visitor: Visitor) -> str:
    token = await visitor.session_token()
    visitor.org.clock.advance(timedelta(minutes=5))
    return token


async def used_token(visitor: Visitor) -> str:
    token = await visitor.session_token()
    answer = await visitor.ask("POST", "/api/v1/sessions", json={"sessionToken": token})
    assert answer.status == 200
    return token


async def made_up_token(_: Visitor) -> str:
    return "20111made-up"


BAD_TOKENS = pytest.mark.parametrize("bad_token", [expired_token, used_token, made_up_token])


@BAD_TOKENS
async def test_a_bad_session_token_leaves_a_live_session_as_it_is(
    visitor: Visitor, bad_token: Callable[[Visitor], Awaitable[str]]
) -> None:
    session = await visitor.sign_in()
    token = await bad_token(visitor)
    answer = await visitor.authorize({"sessionToken": token, "prompt": "none"})
    assert list(answer.returned) == ["code", "state"]
    assert "sid" not in answer.set_cookies()
    assert await visitor.session_id() == session


@BAD_TOKENS
async def test_a_bad_session_token_is_no_session(
    visitor: Visitor, bad_token: Callable[[Visitor], Awaitable[str]]
) -> None:
    token = await bad_token(visitor)
    answer = await visitor.authorize({"sessionToken": token, "prompt": "none"})
    assert answer.returned["error"] == "login_required"
    assert answer.set_cookies() == {}
    page = await visitor.authorize({"sessionToken": token})
    assert token not in page.location
    await page_of(visitor, page)


@pytest.mark.parametrize(
    "change",
    [
        {"state": None},
        {"scope": "made_up"},
        {"response_mode": "bogus"},
        {"prompt": "bogus"},
        {"code_challenge": None},
        {"client_id": "nobody"},
        {"redirect_uri": "https://evil.example/"},
    ],
)
async def test_a_bad_request_does_not_burn_the_session_token(
    visitor: Visitor, change: Change
) -> None:
    token = {"sessionToken": await visitor.session_token()}
    await visitor.authorize(token | change)
    assert await visitor.session_id() is None
    assert "code" in (await visitor.authorize(token)).returned


# Cookies.


async def test_cookies_on_http_are_neither_secure_nor_samesite(visitor: Visitor) -> None:
    answer = await visitor.authorize({"sessionToken": await visitor.session_token()})
    cookies = {name: line.split("; ")[1:] for name, line in answer.set_cookies().items()}
    assert cookies["sid"] == ["HttpOnly", "Path=/"]
    assert sorted(cookies["DT"]) == ["HttpOnly", "Max-Age=63072000", "Path=/"]


async def test_cookies_on_https_are_secure_and_for_any_site(shared_pool: KeyPool) -> None:
    config = Config(seed=SEED, tls=True)
    async with MockOkta(config, key_pool=shared_pool) as org, visiting(org) as visitor:
        answer = await visitor.authorize({"sessionToken": await visitor.session_token()})
        cookies = {name: line.split("; ")[1:] for name, line in answer.set_cookies().items()}
        assert sorted(cookies["sid"]) == ["HttpOnly", "Path=/", "SameSite=None", "Secure"]
        assert {"HttpOnly", "SameSite=None", "Secure"} < set(cookies["DT"])
        assert org.url.startswith("https://localhost:")
        assert await visitor.session_id() is not None


async def test_the_device_cookie_is_given_once(visitor: Visitor) -> None:
    await visitor.sign_in()
    answer = await visitor.authorize({"sessionToken": await visitor.session_token()})
    assert set(answer.set_cookies()) == {"sid"}


async def test_no_cookie_is_touched_where_nothing_changes(visitor: Visitor) -> None:
    await visitor.sign_in()
    answers = [
        await visitor.authorize(),
        await visitor.authorize({"prompt": "none", "scope": "made_up"}),
        await visitor.ask("GET", visitor.url("keys")),
        await visitor.redeem("made-up"),
    ]
    assert [answer.set_cookies() for answer in answers] == [{}, {}, {}, {}]


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
