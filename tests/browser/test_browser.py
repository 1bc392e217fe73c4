"""/login/sessionCookieRedirect and /login/signout over HTTP: facts/oauth I.3."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import msgspec
import pytest

from mock_okta import Config, MockOkta, Org
from tests.visiting import APP, LOGIN, OTHER_LOGIN, SEED, Answer, Change, Visitor

COOKIE_REDIRECT = "/login/sessionCookieRedirect"
UNTRUSTED = [
    "http://evil.example/",
    "https://localhost:3000/",
    "http://localhost:3001/",
    "http://localhost:3000@evil.example/",
    "http://localhost:3000.evil.example/",
    "http://tester@localhost:3000/",
    "//evil.example/",
    "///evil.example/",
    "http:/\\evil.example/",
    "http://localhost:3000\\@evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://[",
    "",
    "relative",
    "http://localhost:3000/\r\nSet-Cookie: a=b",
    "http://localhost:3000/\x00",
    "http://localhost:3000/\x01",
    "http://localhost:3000/\x7f",
    "http://localhost:3000/\u2028",
    " http://localhost:3000/",
]


async def _spend(visitor: Visitor, token: str | None, destination: str) -> Answer:
    given = {"token": token, "redirectUrl": destination, "checkAccountSetupComplete": "true"}
    query = urlencode({name: value for name, value in given.items() if value is not None})
    return await visitor.ask("GET", f"{COOKIE_REDIRECT}?{query}")


@pytest.mark.parametrize("path", ["", "/", "/page?a=1&b=%20#fragment"])
async def test_a_good_token_sets_the_cookie_and_goes_on(visitor: Visitor, path: str) -> None:
    answer = await _spend(visitor, await visitor.session_token(), APP + path)
    assert answer.location == APP + path
    assert set(answer.set_cookies()) == {"sid", "DT"}
    session = (await visitor.ask("GET", "/api/v1/sessions/me")).json()
    assert session["login"] == LOGIN


async def test_the_same_by_a_form(visitor: Visitor, org: MockOkta) -> None:
    form = {"token": await visitor.session_token(), "redirectUrl": f"{org.url}/app/UserHome"}
    answer = await visitor.ask("POST", COOKIE_REDIRECT, data=form)
    assert answer.location == f"{org.url}/app/UserHome"
    assert await visitor.session_id() is not None


async def test_trusted_origins_may_be_gone_to(visitor: Visitor) -> None:
    answer = await _spend(visitor, await visitor.session_token(), "http://localhost:9000/there")
    assert answer.location == "http://localhost:9000/there"


@pytest.mark.parametrize("destination", UNTRUSTED)
async def test_an_untrusted_destination_is_refused_and_burns_no_token(
    visitor: Visitor, destination: str
) -> None:
    token = await visitor.session_token()
    refused = await _spend(visitor, token, destination)
    assert refused.status == 403
    assert refused.headers["Content-Type"].startswith("text/html")
    assert "redirectUrl" in refused.text
    assert "Location" not in refused.headers
    assert "Set-Cookie" not in refused.headers
    assert await visitor.session_id() is None
    assert (await _spend(visitor, token, APP)).status == 302
    assert await visitor.session_id() is not None


async def test_without_a_destination_it_is_refused(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", f"{COOKIE_REDIRECT}?token=t")
    assert answer.status == 403


async def test_what_is_refused_is_named_in_the_log(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mock_okta")
    await _spend(visitor, "t", "http://localhost:7777/")
    assert "http://localhost:7777/" in caplog.text
    assert "trusted_origins" in caplog.text


@pytest.mark.parametrize("token", [None, "", "20111made-up", "used", "expired"])
async def test_a_bad_token_leaves_a_live_session_as_it_is(
    visitor: Visitor, org: MockOkta, token: str | None
) -> None:
    org.clock.freeze()
    if token == "expired":
        token = await visitor.session_token(OTHER_LOGIN)
        org.clock.advance(timedelta(minutes=5))
    sid = await visitor.sign_in()
    if token == "used":
        token = await visitor.session_token(OTHER_LOGIN)
        await visitor.ask("POST", "/api/v1/sessions", json={"sessionToken": token})
    answer = await _spend(visitor, token, APP)
    assert answer.location == APP
    assert "Set-Cookie" not in answer.headers
    assert await visitor.session_id() == sid


async def test_a_live_session_counts_before_a_good_token(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    """Classic Engine ignores the token by default (Okta's guide to session cookies)."""
    caplog.set_level("INFO", "mock_okta")
    session = await visitor.sign_in(LOGIN)
    token = await visitor.session_token(OTHER_LOGIN)
    answer = await _spend(visitor, token, APP)
    assert answer.location == APP
    assert "Set-Cookie" not in answer.headers
    assert await visitor.session_id() == session
    assert "org.session_token_replaces_session" in caplog.text
    spent = await visitor.ask("POST", "/api/v1/sessions", json={"sessionToken": token})
    assert spent.status == 200  # it was not spent before


@pytest.mark.parametrize("change", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "1"}])
async def test_a_good_token_counts_where_a_sign_in_anew_is_asked_for(
    a_visitor: Callable[[], Visitor], change: Change
) -> None:
    """As the widget on the org's page spends it for a request that waits."""
    visitor, holder_of_the_earlier = a_visitor(), a_visitor()
    earlier = await visitor.sign_in(LOGIN)
    holder_of_the_earlier.http.cookie_jar.update_cookies({"sid": earlier})
    visitor.org.clock.advance(timedelta(seconds=2))
    page = await visitor.authorize(change)
    (waiting,) = parse_qs(urlsplit(page.location).query)["fromURI"]
    token = await visitor.session_token(OTHER_LOGIN)
    answer = await _spend(visitor, token, visitor.org.url + waiting)
    assert "sid" in answer.set_cookies()
    assert "code" in (await visitor.ask("GET", answer.location)).returned
    session = (await visitor.ask("GET", "/api/v1/sessions/me")).json()
    assert session["login"] == OTHER_LOGIN
    assert await holder_of_the_earlier.session_id() is None


class TestWhereTheOrgLetsTokensReplaceSessions:
    """by a setting that Okta switches on by request."""

    @pytest.fixture
    def config(self) -> Config:
        org = Org(session_token_replaces_session=True)
        return Config(seed=msgspec.structs.replace(SEED, org=org))

    async def test_a_good_token_does(self, visitor: Visitor) -> None:
        earlier = await visitor.sign_in(LOGIN)
        answer = await _spend(visitor, await visitor.session_token(OTHER_LOGIN), APP)
        assert set(answer.set_cookies()) == {"sid"}
        session = (await visitor.ask("GET", "/api/v1/sessions/me")).json()
        assert (session["id"] != earlier, session["login"]) == (True, OTHER_LOGIN)

    async def test_a_bad_one_ends_the_session(self, visitor: Visitor) -> None:
        await visitor.sign_in()
        answer = await _spend(visitor, "20111made-up", APP)
        assert "Max-Age=0" in answer.set_cookies()["sid"]
        assert await visitor.session_id() is None


async def test_sign_out_ends_the_session_and_shows_the_sign_in_page(
    visitor: Visitor, org: MockOkta
) -> None:
    sid = await visitor.sign_in()
    answer = await visitor.ask("GET", "/login/signout")
    assert answer.location == f"{org.url}/login/login.htm"
    assert "Max-Age=0" in answer.set_cookies()["sid"]
    visitor.http.cookie_jar.update_cookies({"sid": sid})
    assert await visitor.session_id() is None


async def test_sign_out_goes_on_to_a_trusted_place(visitor: Visitor) -> None:
    await visitor.sign_in()
    answer = await visitor.ask("GET", f"/login/signout?fromURI={quote(APP + '/bye?a=1')}")
    assert answer.location == f"{APP}/bye?a=1"


@pytest.mark.parametrize("destination", UNTRUSTED)
async def test_sign_out_goes_to_no_untrusted_place(
    visitor: Visitor, org: MockOkta, destination: str
) -> None:
    await visitor.sign_in()
    answer = await visitor.ask("GET", f"/login/signout?{urlencode({'fromURI': destination})}")
    assert answer.location == f"{org.url}/login/login.htm"
    assert await visitor.session_id() is None


async def test_signing_out_twice_is_no_error(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/login/signout")
    assert answer.status == 302
    assert "Set-Cookie" not in answer.headers
