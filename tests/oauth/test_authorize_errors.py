"""How client or person hears what is wrong with a request to /authorize (facts/oauth C.4, C.5)."""

from urllib.parse import urlsplit

import pytest

from mock_okta import MockOkta
from tests.visiting import CALLBACK, SERVICE, SPA, Change, Visitor


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": None}, "invalid_client"),
        ({"client_id": "0oa0nobody000000000h7"}, "invalid_client"),
        ({"client_id": SPA.upper()}, "invalid_client"),
        ({"client_id": [SPA, SPA]}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"redirect_uri": f"{CALLBACK}/"}, "invalid_request"),
        ({"redirect_uri": CALLBACK.upper()}, "invalid_request"),
        ({"redirect_uri": f"{CALLBACK}?a=1"}, "invalid_request"),
        ({"redirect_uri": "https://evil.example/callback"}, "invalid_request"),
        ({"redirect_uri": [CALLBACK, "https://evil.example/"]}, "invalid_request"),
        ({"redirect_uri": [CALLBACK, CALLBACK]}, "invalid_request"),
        ({"client_id": SERVICE}, "invalid_request"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_until_client_and_redirect_uri_are_good_an_error_is_a_page(
    visitor: Visitor, method: str, change: Change, error: str
) -> None:
    await visitor.sign_in()
    answer = await visitor.authorize(change, method=method)
    assert (answer.status, answer.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "Location" not in answer.headers
    assert f'<dd class="error-code">{error}</dd>' in answer.text
    assert "Bad Request" in answer.text
    assert answer.headers["Cache-Control"] == "no-cache, no-store"


async def test_unknown_client_and_redirect_uri_are_reported_in_okta_s_words(
    visitor: Visitor,
) -> None:
    answer = await visitor.authorize({"client_id": "nobody"})
    assert "Invalid value for &#39;client_id&#39; parameter." in answer.text
    answer = await visitor.authorize({"redirect_uri": "https://evil.example/"})
    assert (
        "The &#39;redirect_uri&#39; parameter must be a Login redirect URI in the client app "
        "settings" in answer.text
    )
    assert "evil.example" not in answer.text


async def test_an_unknown_authorization_server_is_an_api_error(visitor: Visitor) -> None:
    answer = await visitor.authorize(server="nowhere")
    assert answer.status == 404
    assert answer.json()["errorCode"] == "E0000007"


@pytest.mark.parametrize(
    ("mode", "place"),
    [("query", "query"), ("fragment", "fragment"), (None, "query"), ("bogus", "query")],
)
async def test_errors_of_a_code_request_go_where_its_code_would(
    visitor: Visitor, mode: str | None, place: str
) -> None:
    answer = await visitor.authorize({"response_mode": mode, "scope": "made_up"})
    assert "error=" in getattr(urlsplit(answer.location), place)


@pytest.mark.parametrize("mode", [None, "query", "fragment", "bogus"])
async def test_errors_of_a_token_request_go_into_the_fragment(
    visitor: Visitor, mode: str | None
) -> None:
    change = {"response_type": "token id_token", "response_mode": mode, "scope": "made_up"}
    parts = urlsplit((await visitor.authorize(change)).location)
    assert parts.query == ""
    assert parts.fragment.startswith("state=state-1&error=")


@pytest.mark.parametrize("mode", ["form_post", "okta_post_message"])
async def test_errors_go_by_page_where_that_is_the_mode(visitor: Visitor, mode: str) -> None:
    answer = await visitor.authorize({"response_mode": mode, "scope": "made_up"})
    assert answer.status == 200
    assert list(answer.returned) == ["state", "error", "error_description"]
    assert answer.returned["error"] == "invalid_scope"


async def test_spaces_in_a_redirected_error_are_plus_signs(visitor: Visitor) -> None:
    answer = await visitor.authorize({"prompt": "none"})
    assert answer.location == (
        f"{CALLBACK}?state=state-1&error=login_required&error_description=The+client+specified"
        "+not+to+prompt%2C+but+the+user+is+not+logged+in."
    )
    assert answer.headers["Cache-Control"] == "no-cache, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_a_post_may_not_be_json(visitor: Visitor, org: MockOkta) -> None:
    answer = await visitor.ask("POST", f"{org.issuer()}/v1/authorize", json={"client_id": SPA})
    assert (answer.status, answer.json()["errorCode"]) == (400, "E0000021")
