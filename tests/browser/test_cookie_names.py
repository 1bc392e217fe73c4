"""Two orgs of one host name, whose cookies a browser would mix up: facts/oauth H.4, Classic F.4."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from mock_okta import Config, ConfigError, KeyPool, MockOkta
from mock_okta.cli import main
from tests.visiting import LOGIN, OTHER_LOGIN, SEED, Visitor

ME = "/api/v1/sessions/me"


@pytest.fixture
async def orgs(shared_pool: KeyPool) -> AsyncIterator[tuple[Visitor, Visitor]]:
    """One browser at two orgs of this machine."""
    config = Config(seed=SEED, engine="classic")
    other = replace(config, cookie_suffix="_b")
    async with (
        MockOkta(config, key_pool=shared_pool) as org,
        MockOkta(other, key_pool=shared_pool) as org_b,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        yield Visitor(org, http), Visitor(org_b, http)


async def test_a_browser_has_a_session_at_each(orgs: tuple[Visitor, Visitor]) -> None:
    one, other = orgs
    session = await one.sign_in(LOGIN)
    session_b = await other.sign_in(OTHER_LOGIN)
    assert await one.session_id() == session
    assert await other.session_id() == session_b
    names = {cookie.key for cookie in one.http.cookie_jar}
    assert {"sid", "DT", "sid_b", "DT_b"} <= names
    assert "code" in (await one.authorize({"prompt": "none"})).returned
    assert "code" in (await other.authorize({"prompt": "none"})).returned


async def test_signing_out_of_one_leaves_the_other(orgs: tuple[Visitor, Visitor]) -> None:
    one, other = orgs
    session = await one.sign_in()
    await other.sign_in()
    answer = await other.ask("DELETE", ME)
    assert set(answer.set_cookies()) == {"sid_b"}
    assert await one.session_id() == session
    assert await other.session_id() is None


async def test_what_is_known_of_a_request_is_read_from_the_orgs_own_cookie(
    orgs: tuple[Visitor, Visitor],
) -> None:
    one, other = orgs
    await one.sign_in(LOGIN)
    await other.sign_in(OTHER_LOGIN)
    await other.ask("GET", "/oauth2/default/v1/keys")
    requests = (await other.ask("GET", "/_mock/requests")).json()["requests"]
    assert requests[-1]["user"] == OTHER_LOGIN


@pytest.mark.parametrize("suffix", ["a b", "=", ";", "ü", "\n", "x" * 41])
def test_a_suffix_that_no_cookies_name_can_have_is_refused(suffix: str) -> None:
    with pytest.raises(ConfigError, match="cookie_suffix: expected letters"):
        Config(cookie_suffix=suffix)


def test_the_command_takes_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["serve", "--cookie-suffix", "a b"], standalone_mode=True)
    assert stopped.value.code == 1
    assert "cookie_suffix" in capsys.readouterr().err
