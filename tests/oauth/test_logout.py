"""Sign-out by the client: every case of facts/oauth E.4."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from mock_okta import MockOkta
from tests.visiting import (
    APP,
    IMPLICIT_ONLY,
    OTHER_LOGIN,
    Answer,
    Change,
    Visitor,
)

BYE = f"{APP}/bye?a=1"


async def logout(
    visitor: Visitor, parameters: dict[str, str], *, method: str = "GET", server: str = "default"
) -> Answer:
    url = visitor.url("logout", server)
    if method == "POST":
        return await visitor.ask("POST", url, data=parameters)
    return await visitor.ask("GET", f"{url}?{urlencode(parameters)}")


async def hint(visitor: Visitor, change: Change | None = None, *, server: str = "default") -> str:
    """Sign in, and have an ID token."""
    token: str = (await visitor.tokens(change, server=server))["id_token"]
    return token


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("parameters", "destination"),
    [
        ({"post_logout_redirect_uri": APP}, APP),
        ({"post_logout_redirect_uri": APP, "state": "s 1&"}, f"{APP}?state=s+1%26"),
        ({"post_logout_redirect_uri": BYE, "state": "s1"}, f"{BYE}&state=s1"),
        ({"post_logout_redirect_uri": BYE}, BYE),
    ],
)
async def test_the_session_ends_and_the_browser_goes_back(
    visitor: Visitor, method: str, parameters: dict[str, str], destination: str
) -> None:
    asked = {"id_token_hint": await hint(visitor), **parameters}
    answer = await logout(visitor, asked, method=method)
    assert answer.location == destination
    cleared = answer.set_cookies()["idx"].lower()
    assert cleared.startswith('idx="";')
    assert "max-age=0" in cleared
    assert "path=/" in cleared
    assert await visitor.session_id() is None


@pytest.mark.parametrize("parameters", [{}, {"state": "s1"}])
async def test_without_a_uri_it_goes_to_the_sign_in_page(
    visitor: Visitor, parameters: dict[str, str]
) -> None:
    answer = await logout(visitor, {"id_token_hint": await hint(visitor), **parameters})
    assert answer.location == f"{visitor.org.url}/login/login.htm"
    assert await visitor.session_id() is None


async def test_the_session_is_over_for_a_copy_of_its_cookie_too(visitor: Visitor) -> None:
    asked = {"id_token_hint": await hint(visitor)}
    sid = await visitor.session_id()
    await logout(visitor, asked)
    visitor.http.cookie_jar.update_cookies({"idx": str(sid)})
    assert await visitor.session_id() is None


async def test_without_a_session_it_redirects_all_the_same(visitor: Visitor) -> None:
    asked = {"id_token_hint": await hint(visitor), "post_logout_redirect_uri": APP}
    visitor.http.cookie_jar.clear()
    answer = await logout(visitor, asked)
    assert answer.location == APP
    assert answer.set_cookies() == {}


async def test_an_expired_hint_is_fine(org: MockOkta, visitor: Visitor) -> None:
    asked = {"id_token_hint": await hint(visitor), "post_logout_redirect_uri": APP}
    org.clock.advance(timedelta(minutes=90))
    assert await visitor.session_id() is not None
    assert (await logout(visitor, asked)).location == APP
    assert await visitor.session_id() is None


async def test_tokens_live_on(visitor: Visitor) -> None:
    tokens = await visitor.tokens()
    await logout(visitor, {"id_token_hint": tokens["id_token"]})
    assert (await visitor.userinfo(tokens["access_token"])).status == 200
    assert (await visitor.refresh(tokens["refresh_token"])).status == 200


async def refused(visitor: Visitor, parameters: dict[str, str], *, server: str = "default") -> str:
    """Check that an error page is shown and the session lives on; the page."""
    session = await visitor.session_id()
    answer = await logout(visitor, parameters, server=server)
    assert (answer.status, answer.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert '<dd class="error-code">invalid_request</dd>' in answer.text
    assert await visitor.session_id() == session is not None
    return answer.text


async def test_a_missing_hint_is_an_error_page(visitor: Visitor) -> None:
    await visitor.sign_in()
    page = await refused(visitor, {"post_logout_redirect_uri": APP})
    assert "The &#39;id_token_hint&#39; parameter is missing." in page


@pytest.mark.parametrize("made_up", ["made-up", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
async def test_a_made_up_hint_is_an_error_page(visitor: Visitor, made_up: str) -> None:
    await visitor.sign_in()
    page = await refused(visitor, {"id_token_hint": made_up, "post_logout_redirect_uri": APP})
    assert "The &#39;id_token_hint&#39; parameter is invalid." in page


async def test_a_tampered_hint_is_an_error_page(visitor: Visitor) -> None:
    token = await hint(visitor)
    await refused(visitor, {"id_token_hint": token[:-6] + "AAAAAA"})


async def test_an_access_token_is_no_hint(visitor: Visitor) -> None:
    token = (await visitor.tokens())["access_token"]
    await refused(visitor, {"id_token_hint": token})


@pytest.mark.parametrize("server", ["rich", "org"])
async def test_a_hint_of_another_server_is_an_error_page(visitor: Visitor, server: str) -> None:
    await refused(visitor, {"id_token_hint": await hint(visitor)}, server=server)


@pytest.mark.parametrize(
    "uri", [f"{APP}/", APP.upper(), f"{APP}/callback", "https://evil.example/", f"{APP}/bye"]
)
async def test_a_uri_that_is_not_registered_is_an_error_page(visitor: Visitor, uri: str) -> None:
    asked = {"id_token_hint": await hint(visitor), "post_logout_redirect_uri": uri}
    page = await refused(visitor, asked)
    assert (
        "The &#39;post_logout_redirect_uri&#39; parameter must be a Logout redirect URI in the "
        "client app settings" in page
    )
    assert "evil.example" not in page


async def test_nobody_signs_somebody_else_out(visitor: Visitor) -> None:
    token = await hint(visitor)
    await visitor.sign_in(OTHER_LOGIN)
    page = await refused(visitor, {"id_token_hint": token, "post_logout_redirect_uri": APP})
    assert "The &#39;id_token_hint&#39; parameter is not for the user of the session." in page


async def test_a_repeated_parameter_is_an_error_page(visitor: Visitor) -> None:
    await visitor.sign_in()
    answer = await visitor.ask("GET", f"{visitor.url('logout')}?state=a&state=b")
    assert answer.status == 400
    assert "state" in answer.text
    assert await visitor.session_id() is not None


async def test_the_uris_are_those_of_the_hint_s_client(visitor: Visitor) -> None:
    await visitor.sign_in()
    change = {"client_id": IMPLICIT_ONLY, "response_type": "id_token"}
    token = (await visitor.authorize(change)).returned["id_token"]
    seed = {
        "name": "Implicit only",
        "type": "spa",
        "client_id": IMPLICIT_ONLY,
        "logout_redirect_uris": [f"{APP}/only"],
    }
    assert (await visitor.ask("PUT", "/_mock/seed", json={"clients": [seed]})).status == 200
    await refused(visitor, {"id_token_hint": token, "post_logout_redirect_uri": APP})
    asked = {"id_token_hint": token, "post_logout_redirect_uri": f"{APP}/only"}
    assert (await logout(visitor, asked)).location == f"{APP}/only"


async def test_at_the_org_server_it_works_the_same(visitor: Visitor) -> None:
    token = await hint(visitor, {"scope": "openid"}, server="org")
    asked = {"id_token_hint": token, "post_logout_redirect_uri": APP}
    assert (await logout(visitor, asked, server="org")).location == APP
