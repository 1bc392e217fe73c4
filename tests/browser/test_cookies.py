"""The cookies `sid` and `DT`: facts/oauth H.4."""

import ssl
from http.cookies import SimpleCookie
from pathlib import Path

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta
from tests.visiting import APP, SEED, Answer, Visitor

TWO_YEARS = "63072000"


def _morsels(answer: Answer) -> SimpleCookie:
    cookies: SimpleCookie = SimpleCookie()
    for line in answer.headers.getall("Set-Cookie"):
        cookies.load(line)
    return cookies


async def _signed_in(visitor: Visitor) -> Answer:
    token = await visitor.session_token()
    return await visitor.ask("GET", f"/login/sessionCookieRedirect?token={token}&redirectUrl={APP}")


async def test_cookies_on_http_have_neither_secure_nor_same_site(visitor: Visitor) -> None:
    cookies = _morsels(await _signed_in(visitor))
    for cookie in cookies.values():
        assert (cookie["secure"], cookie["samesite"], cookie["domain"]) == ("", "", "")
        assert cookie["httponly"]
        assert cookie["path"] == "/"
    assert cookies["sid"].value.startswith("102")
    assert cookies["sid"]["max-age"] == ""
    assert cookies["DT"].value.startswith("DI0")
    assert cookies["DT"]["max-age"] == TWO_YEARS


async def test_cookies_on_https_are_sent_to_other_sites_too(shared_pool: KeyPool) -> None:
    config = Config(seed=SEED, engine="classic", tls=True)
    async with MockOkta(config, key_pool=shared_pool) as org:
        trust = ssl.create_default_context(cafile=org.ca_path)
        connector = aiohttp.TCPConnector(ssl=trust)
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as http:
            visitor = Visitor(org, http)
            cookies = _morsels(await _signed_in(visitor))
            for cookie in cookies.values():
                assert (cookie["secure"], cookie["samesite"]) == (True, "None")
                assert cookie["httponly"]
            path = "/api/v1/sessions/me"
            refreshed = _morsels(await visitor.ask("POST", f"{path}/lifecycle/refresh"))["sid"]
            assert (refreshed["secure"], refreshed["samesite"]) == (True, "None")
            cleared = _morsels(await visitor.ask("DELETE", path))["sid"]
            assert (cleared["max-age"], cleared["path"]) == ("0", "/")
            assert (cleared["secure"], cleared["samesite"]) == (True, "None")


async def test_a_known_device_keeps_its_cookie(visitor: Visitor) -> None:
    await _signed_in(visitor)
    await visitor.ask("DELETE", "/api/v1/sessions/me")
    again = await _signed_in(visitor)
    assert set(again.set_cookies()) == {"sid"}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/app/UserHome",
        "/login/login.htm",
        "/signin",
        "/api/v1/sessions/me",
        "/api/v1/users/me",
        "/.well-known/okta-organization",
        "/oauth2/default/v1/keys",
        "/oauth2/default/.well-known/openid-configuration",
        "/oauth2/default/v1/authorize",
        "/oauth2/default/v1/userinfo",
        "/login/sessionCookieRedirect",
        "/nowhere",
        "/_mock/org",
    ],
)
async def test_no_request_with_a_live_session_has_sid_cleared(visitor: Visitor, path: str) -> None:
    sid = await visitor.sign_in()
    answer = await visitor.ask("GET", path)
    assert "sid" not in answer.set_cookies()
    assert await visitor.session_id() == sid


@pytest.mark.parametrize("body", [{"username": "nobody", "password": "x"}, {}])
async def test_a_failed_sign_in_leaves_the_session(visitor: Visitor, body: dict[str, str]) -> None:
    sid = await visitor.sign_in()
    answer = await visitor.ask("POST", "/api/v1/authn", json=body)
    assert answer.status in (400, 401)
    assert "sid" not in answer.set_cookies()
    assert await visitor.session_id() == sid


async def test_another_orgs_session_means_nothing_here(
    visitor: Visitor, shared_pool: KeyPool, tmp_path: Path
) -> None:
    """Cookies of localhost are shared by all ports."""
    sid = await visitor.sign_in()
    async with MockOkta(
        Config(engine="classic", state_dir=tmp_path), key_pool=shared_pool
    ) as other:
        answer = await visitor.ask("GET", f"{other.url}/api/v1/sessions/me")
        assert answer.status == 404
        assert "Set-Cookie" not in answer.headers
    assert await visitor.session_id() == sid
