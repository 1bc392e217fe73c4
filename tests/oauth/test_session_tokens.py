"""The session token at /authorize, and the cookies it brings (facts/oauth C.6)."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import msgspec
import pytest

from mock_okta import Config, KeyPool, MockOkta, Org
from tests.oauth.sign_in_page import page_of
from tests.visiting import LOGIN, OTHER_LOGIN, SEED, USER_ID, Answer, Change, Visitor, claims_of


@asynccontextmanager
async def visiting(org: MockOkta) -> AsyncIterator[Visitor]:
    """A visitor that trusts the org's CA."""
    trust = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=org.ca_path))
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(connector=trust, cookie_jar=jar) as http:
        yield Visitor(org, http)


# The session token.


async def test_a_session_token_signs_the_browser_in(visitor: Visitor) -> None:
    answer = await visitor.authorize({"sessionToken": await visitor.session_token()})
    assert list(answer.returned) == ["code", "state"]
    assert set(answer.set_cookies()) == {"idx", "xids", "DT"}
    assert await visitor.session_id() == answer.set_cookies()["idx"].split(";")[0][4:]


@pytest.mark.parametrize(
    "change", [{"prompt": "none"}, {"prompt": "login"}, {"max_age": "0"}, {"max_age": "1"}]
)
async def test_a_session_token_is_as_fresh_as_can_be(visitor: Visitor, change: Change) -> None:
    await visitor.sign_in(OTHER_LOGIN)
    token = {"sessionToken": await visitor.session_token()}
    assert "code" in (await visitor.authorize(token | change)).returned


async def _sub(visitor: Visitor, answer: Answer) -> str:
    """Whose code an answer brings."""
    redeemed = await visitor.redeem(answer.returned["code"])
    sub: str = claims_of(redeemed.json()["id_token"])["sub"]
    return sub


@pytest.mark.parametrize("change", [{}, {"prompt": "none"}, {"max_age": "60"}])
async def test_a_session_that_will_do_counts_before_a_session_token(
    visitor: Visitor, change: Change, caplog: pytest.LogCaptureFixture
) -> None:
    """Classic Engine ignores the token by default (Okta's guide to session cookies)."""
    caplog.set_level("INFO", "mock_okta")
    session = await visitor.sign_in(LOGIN)
    token = await visitor.session_token(OTHER_LOGIN)
    answer = await visitor.authorize({"sessionToken": token, **change})
    assert await _sub(visitor, answer) == USER_ID
    assert "idx" not in answer.set_cookies()
    assert await visitor.session_id() == session
    assert "org.session_token_replaces_session" in caplog.text
    spent = await visitor.ask("POST", "/api/v1/sessions", json={"sessionToken": token})
    assert spent.status == 200  # it was not spent before


@pytest.mark.parametrize("change", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "1"}])
async def test_a_session_token_counts_where_a_sign_in_anew_is_asked_for(
    a_visitor: Callable[[], Visitor], change: Change
) -> None:
    visitor, thief = a_visitor(), a_visitor()
    old = await visitor.sign_in(OTHER_LOGIN)
    visitor.org.clock.advance(timedelta(seconds=2))
    thief.http.cookie_jar.update_cookies({"idx": old})
    token = await visitor.session_token(LOGIN)
    answer = await visitor.authorize({"sessionToken": token, **change})
    assert await _sub(visitor, answer) == USER_ID
    assert await visitor.session_id() not in (None, old)
    assert await thief.session_id() is None


class TestWhereTheOrgLetsItReplaceSessions:
    """by a setting that Okta switches on by request."""

    @pytest.fixture
    def config(self) -> Config:
        org = Org(session_token_replaces_session=True)
        return Config(seed=msgspec.structs.replace(SEED, org=org))

    async def test_a_session_token_replaces_the_browser_s_session(
        self, a_visitor: Callable[[], Visitor]
    ) -> None:
        visitor, thief = a_visitor(), a_visitor()
        old = await visitor.sign_in(OTHER_LOGIN)
        thief.http.cookie_jar.update_cookies({"idx": old})
        answer = await visitor.authorize({"sessionToken": await visitor.session_token(LOGIN)})
        assert await _sub(visitor, answer) == USER_ID
        assert await visitor.session_id() != old
        assert await thief.session_id() is None

    @pytest.mark.parametrize("token", ["used", "20111made-up"])
    async def test_a_bad_one_ends_it(self, visitor: Visitor, token: str) -> None:
        given = await used_token(visitor) if token == "used" else token
        await visitor.sign_in()
        answer = await visitor.authorize({"sessionToken": given, "prompt": "none"})
        assert answer.returned["error"] == "login_required"
        assert await visitor.session_id() is None


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
    assert "idx" not in answer.set_cookies()
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
        {"prompt": "none login"},
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
    assert cookies["idx"] == ["HttpOnly", "Path=/"]
    assert sorted(cookies["DT"]) == ["HttpOnly", "Max-Age=63072000", "Path=/"]


async def test_cookies_on_https_are_secure_and_for_any_site(shared_pool: KeyPool) -> None:
    config = Config(seed=SEED, tls=True)
    async with MockOkta(config, key_pool=shared_pool) as org, visiting(org) as visitor:
        answer = await visitor.authorize({"sessionToken": await visitor.session_token()})
        cookies = {name: line.split("; ")[1:] for name, line in answer.set_cookies().items()}
        assert sorted(cookies["idx"]) == ["HttpOnly", "Path=/", "SameSite=None", "Secure"]
        assert {"HttpOnly", "SameSite=None", "Secure"} < set(cookies["DT"])
        assert org.url.startswith("https://localhost:")
        assert await visitor.session_id() is not None


async def test_the_device_cookie_is_given_once(visitor: Visitor) -> None:
    await visitor.sign_in()
    token = await visitor.session_token()
    answer = await visitor.authorize({"sessionToken": token, "prompt": "login"})
    assert set(answer.set_cookies()) == {"idx", "xids"}


async def test_no_cookie_is_touched_where_nothing_changes(visitor: Visitor) -> None:
    await visitor.sign_in()
    answers = [
        await visitor.authorize(),
        await visitor.authorize({"prompt": "none", "scope": "made_up"}),
        await visitor.ask("GET", visitor.url("keys")),
        await visitor.redeem("made-up"),
    ]
    assert [answer.set_cookies() for answer in answers] == [{}, {}, {}, {}]
