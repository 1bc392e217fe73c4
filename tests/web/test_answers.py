"""What all answers have in common: headers, errors, limits, and the line in the log."""

import re
from urllib.parse import urlsplit

import pytest

from mock_okta import Clock, KeyPool, MockOkta
from mock_okta.app import build_app
from mock_okta.services.world import world_of
from mock_okta.storage import in_memory
from mock_okta.web.routing import SERVED
from tests.visiting import APP, CALLBACK, LOGIN, SPA, Visitor

EVERYWHERE = [
    ("GET", "/", 302),
    ("GET", "/login/login.htm", 200),
    ("GET", "/login/signout", 302),
    ("GET", "/login/sessionCookieRedirect", 403),
    ("GET", "/api/v1/sessions/me", 404),
    ("OPTIONS", "/api/v1/sessions/me", 204),
    ("POST", "/api/v1/authn", 400),
    ("GET", "/oauth2/default/v1/authorize", 400),
    ("POST", "/oauth2/default/v1/token", 401),
    ("GET", "/oauth2/default/v1/userinfo", 401),
    ("GET", "/oauth2/default/v1/keys", 200),
    ("GET", "/oauth2/default/.well-known/openid-configuration", 200),
    ("GET", "/okta-signin-widget/3.2.2/js/nothing.js", 404),
    ("GET", "/_mock/org", 200),
    ("GET", "/nowhere", 404),
    ("TRACE", "/api/v1/authn", 405),
]
DECORATION = [
    "Server",
    "P3P",
    "Accept-CH",
    "X-XSS-Protection",
    "Strict-Transport-Security",
]
OF_PAGES = ["Content-Security-Policy", "X-Frame-Options"]
UNCACHED = ("no-cache, no-store", "no-cache", "0")


@pytest.mark.parametrize(("method", "path", "status"), EVERYWHERE)
async def test_every_answer_has_the_common_headers_and_no_decoration(
    visitor: Visitor, method: str, path: str, status: int
) -> None:
    answer = await visitor.ask(method, path)
    assert answer.status == status
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Okta-Request-Id"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Date" in answer.headers
    assert [name for name in DECORATION if name in answer.headers] == []
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    assert [name for name in OF_PAGES if name in answer.headers] == (OF_PAGES if is_page else [])
    assert set(answer.set_cookies()) <= {"idx", "xids", "DT"}


async def test_every_request_has_an_id_of_its_own(visitor: Visitor) -> None:
    answers = [await visitor.ask("GET", "/nowhere") for _ in range(2)]
    assert len({answer.headers["X-Okta-Request-Id"] for answer in answers}) == 2
    assert len({answer.json()["errorId"] for answer in answers}) == 2


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/sessions/me"),
        ("GET", "/api/v1/users/me"),
        ("POST", "/api/v1/authn"),
        ("GET", "/login/login.htm"),
        ("GET", "/app/UserHome"),
        ("GET", "/nowhere"),
        ("POST", "/oauth2/default/v1/token"),
        ("GET", "/oauth2/default/v1/authorize"),
        ("GET", "/_mock/clock"),
    ],
)
async def test_answers_are_not_cached(visitor: Visitor, method: str, path: str) -> None:
    headers = (await visitor.ask(method, path)).headers
    assert (headers["Cache-Control"], headers["Pragma"], headers["Expires"]) == UNCACHED


@pytest.mark.parametrize(
    "path", ["/nowhere", "/api/v1/nothing", "/oauth2", "/%00", "/..", "//", "/a/../b", "/%ED%A0%80"]
)
async def test_an_unknown_path_is_answered_in_oktas_words(visitor: Visitor, path: str) -> None:
    answer = await visitor.ask("GET", path)
    assert answer.status == 404
    error = answer.json()
    assert re.fullmatch(r"oae[\w-]{22}", error.pop("errorId"))
    assert error == {
        "errorCode": "E0000008",
        "errorSummary": "The requested path was not found",
        "errorLink": "E0000008",
        "errorCauses": [{"errorSummary": "this is not a path of Okta"}],
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/authn"),
        ("PUT", "/api/v1/sessions/me"),
        ("DELETE", "/oauth2/default/v1/authorize"),
        ("GET", "/oauth2/default/v1/token"),
        ("POST", "/"),
        ("PATCH", "/api/v1/users/me"),
    ],
)
async def test_a_method_that_is_not_served_is_said_in_oktas_words(
    visitor: Visitor, method: str, path: str
) -> None:
    answer = await visitor.ask(method, path)
    assert answer.status == 405
    error = answer.json()
    assert error["errorCode"] == error["errorLink"] == "E0000022"
    assert error["errorSummary"] == "The endpoint does not support the provided HTTP method"


async def test_errors_that_a_person_meets_are_pages(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/oauth2/default/v1/authorize?client_id=%3Cb%3Enobody")
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert re.search(r"oae[\w-]{22}", answer.text)
    assert "<b>" not in answer.text


async def test_the_log_has_one_line_a_request(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mock_okta")
    answer = await visitor.ask("GET", "/api/v1/sessions/me?secret=in-the-query")
    (record,) = caplog.records
    assert re.fullmatch(r"GET /api/v1/sessions/me 404 \d+\.\d ms", record.getMessage())
    wire = record.__dict__["wire"]
    assert wire["request_id"] == answer.headers["X-Okta-Request-Id"]
    assert (wire["method"], wire["path"], wire["status"]) == ("GET", "/api/v1/sessions/me", 404)
    assert wire["milliseconds"] >= 0
    assert wire["remarks"] == []


async def test_a_defect_of_the_server_is_oktas_500_and_in_the_log_with_its_traceback(
    visitor: Visitor, org: MockOkta, caplog: pytest.LogCaptureFixture
) -> None:
    org.clock.restore = None  # type: ignore[assignment, method-assign] -- any defect will do
    answer = await visitor.ask("POST", "/_mock/clock/advance", json={"seconds": 1})
    assert answer.status == 500
    assert answer.json()["errorCode"] == "E0000009"
    assert "TypeError" not in answer.text
    (record,) = (record for record in caplog.records if record.levelname == "ERROR")
    assert record.exc_info is not None


async def test_no_token_password_or_code_is_in_the_log(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "mock_okta")
    session_token = await visitor.session_token()
    answer = await visitor.authorize({"sessionToken": session_token})
    code = answer.returned["code"]
    tokens = (await visitor.redeem(code)).json()
    logged = caplog.text
    assert "/authorize 302" in logged
    for secret in (session_token, code, tokens["access_token"], "mock-Password-1"):
        assert secret not in logged


async def test_an_answer_names_no_origin_but_its_own(visitor: Visitor, org: MockOkta) -> None:
    """Whatever the Host header says: one name, one scheme."""
    port = urlsplit(org.url).port
    hosts = [f"127.0.0.1:{port}", f"[::1]:{port}", "evil.example"]
    for host in hosts:
        for path in ("/.well-known/openid-configuration", "/.well-known/okta-organization", "/"):
            answer = await visitor.ask("GET", path, headers={"Host": host})
            said = answer.text + answer.headers.get("Location", "")
            assert org.url in said
            assert host not in said


async def test_a_good_request_needs_no_cookies_header_or_accept(visitor: Visitor) -> None:
    query = f"client_id={SPA}&redirect_uri={CALLBACK}&login_hint={LOGIN}"
    assert APP in CALLBACK
    answer = await visitor.ask(
        "GET", f"/oauth2/default/v1/authorize?{query}", skip_auto_headers=["Accept", "User-Agent"]
    )
    assert answer.status < 500


# What a GET of these does, a look must not: it spends a token or ends a session.
CHANGING = {
    "/email/verify/{token}",
    "/login/sessionCookieRedirect",
    "/login/signout",
    "/login/token/redirect",
    "/login/step-up/redirect",
    "/oauth2/v1/authorize",
    "/oauth2/v1/authorize/redirect",
    "/oauth2/v1/logout",
    "/oauth2/{server_id}/v1/authorize",
    "/oauth2/{server_id}/v1/logout",
    "/welcome/{token}",
}
# On Classic Engine the widget spends the token of these links, and their GET changes nothing.
CHANGING_BY_ENGINE = {
    "classic": CHANGING,
    "identity": CHANGING | {"/signin/reset-password/{token}", "/signin/user-unlock/{token}"},
}


@pytest.mark.parametrize("engine", ["classic", "identity"])
async def test_head_is_answered_as_get_wherever_a_get_changes_nothing(
    visitor: Visitor, shared_pool: KeyPool, engine: str
) -> None:
    clock = Clock()
    config, urls = visitor.org.config, (visitor.org.url,)
    world = world_of(in_memory(clock), clock, shared_pool, urls=urls)
    app = build_app(config, world, config.given_seed())
    asked = 0
    for resource, served in app[SERVED].items():
        if "GET" not in served.handlers:
            continue
        path = re.sub(r"\{\w+\}", "x", resource.canonical.replace("{server_id}", "default"))
        head = await visitor.ask("HEAD", path)
        assert head.body == b""
        if resource.canonical == "/_mock/events":  # a GET of it does not end
            assert head.status == 200
            continue
        if resource.canonical in CHANGING_BY_ENGINE[engine]:
            assert head.status == 405, path
            continue
        asked += 1
        get = await visitor.ask("GET", path)
        assert head.status == get.status, path
        assert head.headers.get("Content-Type") == get.headers.get("Content-Type"), path
    assert asked > 30


async def test_the_head_of_a_key_set_says_how_long_it_is(visitor: Visitor) -> None:
    head = await visitor.ask("HEAD", "/oauth2/default/v1/keys")
    get = await visitor.ask("GET", "/oauth2/default/v1/keys")
    assert head.headers["Content-Length"] == get.headers["Content-Length"] == str(len(get.body))
