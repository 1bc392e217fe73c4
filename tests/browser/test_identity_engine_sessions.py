"""Sessions on an org with the Identity Engine: guides, `oie-upgrade-sessions-api`."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta
from tests.visiting import APP, LOGIN, PASSWORD, SEED, USER_ID, Answer, Visitor

ME = "/api/v1/sessions/me"
REFRESH = f"{ME}/lifecycle/refresh"
OF_SESSION = {"idx", "xids"}


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED, engine="identity")


async def _signed_in(visitor: Visitor) -> Answer:
    query = urlencode({"token": await visitor.session_token(), "redirectUrl": APP})
    return await visitor.ask("GET", f"/login/sessionCookieRedirect?{query}")


async def test_a_session_token_of_classic_authentication_is_good_for_the_cookies(
    visitor: Visitor,
) -> None:
    answer = await _signed_in(visitor)
    assert set(answer.set_cookies()) == OF_SESSION | {"DT"}
    for line in answer.set_cookies().values():
        assert "; HttpOnly;" in line
        assert "Path=/" in line


async def test_the_plain_form_sets_them_too(visitor: Visitor) -> None:
    form = {"username": LOGIN, "password": PASSWORD}
    answer = await visitor.ask("POST", "/login/login.htm", data=form)
    assert set(answer.set_cookies()) == OF_SESSION | {"DT"}


async def test_the_session_is_shown_without_an_identity_provider(visitor: Visitor) -> None:
    session_id = await visitor.sign_in()
    body = (await visitor.ask("GET", ME)).json()
    assert (body["id"], body["userId"], body["status"]) == (session_id, USER_ID, "ACTIVE")
    assert "idp" not in body
    assert set(body["_links"]) == {"self", "refresh", "user"}


async def test_a_session_is_found_by_idx_alone(visitor: Visitor) -> None:
    session_id = await visitor.sign_in()
    jar = visitor.http.cookie_jar
    for name, status in (("sid", 404), ("xids", 404), ("idx", 200)):
        jar.clear()
        jar.update_cookies({name: session_id})
        assert (await visitor.ask("GET", ME)).status == status


async def test_refreshing_sets_the_cookies_again(visitor: Visitor) -> None:
    await visitor.sign_in()
    answer = await visitor.ask("POST", REFRESH)
    assert answer.status == 200
    assert set(answer.set_cookies()) == OF_SESSION
    assert "idp" not in answer.json()


@pytest.mark.parametrize(("method", "path"), [("DELETE", ME), ("GET", "/login/signout")])
async def test_signing_out_takes_them_away(visitor: Visitor, method: str, path: str) -> None:
    await visitor.sign_in()
    answer = await visitor.ask(method, path)
    assert set(answer.set_cookies()) == OF_SESSION
    assert all("Max-Age=0" in line for line in answer.set_cookies().values())
    assert {cookie.key for cookie in visitor.http.cookie_jar} == {"DT"}
    assert (await visitor.ask("GET", ME)).status == 404


async def test_ending_sessions_by_the_control_api_ends_it(visitor: Visitor) -> None:
    session_id = await visitor.sign_in()
    (told,) = (await visitor.ask("GET", "/_mock/sessions")).json()["sessions"]
    assert told["id"] == session_id
    await visitor.ask("DELETE", f"/_mock/sessions/{session_id}")
    assert await visitor.session_id() is None


async def test_a_fault_and_a_recorded_request_know_the_user_by_idx(visitor: Visitor) -> None:
    await visitor.sign_in()
    fault = {"kind": "status", "status": 503, "user": LOGIN}
    assert (await visitor.ask("POST", "/_mock/faults", json=fault)).status == 200
    assert (await visitor.ask("GET", "/nowhere")).status == 503
    assert (await visitor.ask("GET", "/nowhere")).status == 404
    query = urlencode({"user": LOGIN, "path": "/nowhere"})
    recorded = (await visitor.ask("GET", f"/_mock/requests?{query}")).json()["requests"]
    assert [each["status"] for each in recorded] == [503, 404]


async def test_authorize_answers_for_the_session(visitor: Visitor) -> None:
    await visitor.sign_in()
    assert "code" in (await visitor.authorize({"prompt": "none"})).returned


@pytest.fixture
async def orgs(shared_pool: KeyPool) -> AsyncIterator[tuple[Visitor, Visitor]]:
    """One browser at two orgs of this machine."""
    first, second = (
        Config(seed=SEED, engine="identity", cookie_suffix=suffix) for suffix in ("", "_b")
    )
    async with (
        MockOkta(first, key_pool=shared_pool) as org,
        MockOkta(second, key_pool=shared_pool) as org_b,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        yield Visitor(org, http), Visitor(org_b, http)


async def test_the_suffix_ends_all_their_names(orgs: tuple[Visitor, Visitor]) -> None:
    one, other = orgs
    session_id = await one.sign_in()
    answer = await _signed_in(other)
    assert set(answer.set_cookies()) == {"idx_b", "xids_b", "DT_b"}
    assert set((await other.ask("DELETE", ME)).set_cookies()) == {"idx_b", "xids_b"}
    assert await one.session_id() == session_id
