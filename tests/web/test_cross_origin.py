"""CORS over HTTP (facts/oauth H.3, facts/classic A.1): who may read what, on every answer."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest

from mock_okta import Config, KeyPool, MockOkta
from tests.visiting import APP, SEED, SPA, Answer, Visitor

TRUSTED, ALSO_TRUSTED, REFUSED = APP, "http://localhost:9000", "http://localhost:3001"
STRANGERS = [REFUSED, "https://evil.example", "null", "http://127.0.0.1:3000", "HTTP://LOCALHOST"]

# What anybody may read, with credentials: 2.x and 3.x of the widget send them there.
OPEN = [
    ("GET", "/oauth2/default/.well-known/openid-configuration", 200),
    ("GET", "/oauth2/default/.well-known/oauth-authorization-server", 200),
    ("GET", "/.well-known/openid-configuration", 200),
    ("GET", "/oauth2/default/v1/keys", 200),
    ("GET", "/oauth2/v1/keys", 200),
    ("GET", "/oauth2/nowhere/.well-known/openid-configuration", 404),
    ("GET", "/oauth2/nowhere/v1/keys", 404),
    ("GET", "/oauth2/default/v1/userinfo", 401),
    ("POST", "/oauth2/default/v1/userinfo", 401),
    ("PUT", "/oauth2/default/v1/keys", 405),
]
# What works by cookie: trusted origins alone.
GUARDED = [
    ("GET", "/api/v1/sessions/me", 200),
    ("GET", "/api/v1/users/me", 200),
    ("POST", "/api/v1/sessions/me/lifecycle/refresh", 200),
    ("DELETE", "/api/v1/sessions/me", 204),
    ("PATCH", "/api/v1/sessions/me", 405),
    ("POST", "/api/v1/authn", 400),
    ("POST", "/api/v1/sessions", 400),
    ("GET", "/.well-known/okta-organization", 200),
]
# Where a browser goes to: nobody reads.
NAVIGATION = [
    "/oauth2/default/v1/authorize",
    "/login/login.htm",
    "/login/signout",
    "/login/sessionCookieRedirect",
    "/",
    "/nowhere",
]


def _granted(answer: Answer) -> Mapping[str, str]:
    prefix = "access-control-"
    return {
        name.lower().removeprefix(prefix): value
        for name, value in answer.headers.items()
        if name.lower().startswith(prefix)
    }


async def _from(visitor: Visitor, origin: str, method: str, path: str) -> Answer:
    return await visitor.ask(method, path, headers={"Origin": origin})


async def _preflight(
    visitor: Visitor, origin: str, path: str, method: str = "GET", headers: str | None = None
) -> Answer:
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers is not None:
        asked["Access-Control-Request-Headers"] = headers
    return await visitor.ask("OPTIONS", path, headers=asked)


@pytest.mark.parametrize(("method", "path", "status"), OPEN)
@pytest.mark.parametrize("origin", [TRUSTED, *STRANGERS])
async def test_open_answers_are_read_by_anybody(
    visitor: Visitor, method: str, path: str, status: int, origin: str
) -> None:
    answer = await _from(visitor, origin, method, path)
    assert answer.status == status
    granted = _granted(answer)
    assert granted["allow-origin"] == origin
    assert granted["allow-credentials"] == "true"
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize(("method", "path", "status"), GUARDED)
@pytest.mark.parametrize("origin", [TRUSTED, ALSO_TRUSTED])
async def test_cookie_answers_are_read_by_trusted_origins(
    visitor: Visitor, method: str, path: str, status: int, origin: str
) -> None:
    await visitor.sign_in()
    answer = await _from(visitor, origin, method, path)
    assert answer.status == status
    granted = _granted(answer)
    assert granted["allow-origin"] == origin
    assert granted["allow-credentials"] == "true"
    assert "X-Okta-Request-Id" in granted["expose-headers"]
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize(("method", "path", "status"), GUARDED)
@pytest.mark.parametrize("origin", STRANGERS)
async def test_cookie_answers_are_read_by_nobody_else(
    visitor: Visitor, method: str, path: str, status: int, origin: str
) -> None:
    await visitor.sign_in()
    answer = await _from(visitor, origin, method, path)
    assert answer.status == status
    assert _granted(answer) == {}
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("path", ["/api/v1/sessions/me", "/api/v1/users/me"])
async def test_refusals_for_want_of_a_session_are_read_too(visitor: Visitor, path: str) -> None:
    answer = await _from(visitor, TRUSTED, "GET", path)
    assert answer.status in (403, 404)
    assert _granted(answer)["allow-origin"] == TRUSTED
    assert _granted(answer)["allow-credentials"] == "true"


@pytest.mark.parametrize("path", NAVIGATION)
async def test_navigation_is_read_by_nobody(visitor: Visitor, path: str) -> None:
    assert _granted(await _from(visitor, TRUSTED, "GET", path)) == {}
    assert _granted(await _preflight(visitor, TRUSTED, path)) == {}


@pytest.mark.parametrize(("path", "method"), [(path, method) for method, path, _ in OPEN[:9]])
async def test_open_preflights_are_granted_to_anybody(
    visitor: Visitor, path: str, method: str
) -> None:
    answer = await _preflight(visitor, REFUSED, path, method, "authorization,content-type")
    assert (answer.status, answer.body) == (204, b"")
    granted = _granted(answer)
    assert granted["allow-origin"] == REFUSED
    assert granted["allow-credentials"] == "true"
    assert method in granted["allow-methods"].split(", ")


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/v1/authn", "POST, OPTIONS"),
        ("/api/v1/sessions", "POST, OPTIONS"),
        ("/api/v1/sessions/me", "GET, DELETE, OPTIONS"),
        ("/api/v1/sessions/me/lifecycle/refresh", "POST, OPTIONS"),
        ("/api/v1/users/me", "GET, OPTIONS"),
        ("/.well-known/okta-organization", "GET, OPTIONS"),
    ],
)
async def test_a_trusted_origins_preflight_is_granted_in_full(
    visitor: Visitor, path: str, methods: str
) -> None:
    answer = await _preflight(visitor, TRUSTED, path, methods.partition(",")[0], "content-type")
    assert (answer.status, answer.body) == (204, b"")
    granted = dict(_granted(answer))
    granted.pop("expose-headers", None)
    assert granted == {
        "allow-origin": TRUSTED,
        "allow-credentials": "true",
        "allow-methods": methods,
        "allow-headers": "content-type",
        "max-age": "3600",
    }
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("origin", STRANGERS)
async def test_other_preflights_are_not_granted(visitor: Visitor, origin: str) -> None:
    answer = await _preflight(visitor, origin, "/api/v1/authn", "POST", "content-type")
    assert answer.status == 204
    assert _granted(answer) == {}
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (
            "content-type,x-okta-user-agent-extended,x-okta-xsrftoken",
            "content-type, x-okta-user-agent-extended, x-okta-xsrftoken",
        ),
        (
            "accept, content-type, x-device-fingerprint",
            "accept, content-type, x-device-fingerprint",
        ),
        ("authorization", "authorization, Content-Type"),
        (None, "Content-Type"),
        (" , ,", "Content-Type"),
    ],
)
async def test_the_asked_headers_are_echoed(
    visitor: Visitor, asked: str | None, allowed: str
) -> None:
    answer = await _preflight(visitor, TRUSTED, "/api/v1/authn", "POST", asked)
    assert _granted(answer)["allow-headers"] == allowed


async def test_the_token_endpoint_is_read_by_the_origins_of_redirect_uris(
    visitor: Visitor,
) -> None:
    path = "/oauth2/default/v1/token"
    preflight = _granted(
        await _preflight(visitor, REFUSED, path, "POST", "x-okta-user-agent-extended")
    )
    assert preflight["allow-origin"] == REFUSED  # a preflight names no client
    assert "allow-credentials" not in preflight
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = f"client_id={SPA}&grant_type=authorization_code&code=x&code_verifier=y"
    for origin, readable in ((APP, True), (REFUSED, False)):
        answer = await visitor.ask("POST", path, data=body, headers=form | {"Origin": origin})
        assert answer.status in (400, 401)
        assert ("allow-origin" in _granted(answer)) is readable
        assert "allow-credentials" not in _granted(answer)


async def test_without_an_origin_nothing_is_said_but_that_it_would_matter(
    visitor: Visitor,
) -> None:
    answer = await visitor.ask("GET", "/api/v1/sessions/me")
    assert _granted(answer) == {}
    assert answer.headers["Vary"] == "Origin"


async def test_the_orgs_own_origin_needs_nothing(
    visitor: Visitor, org: MockOkta, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await _from(visitor, org.url, "POST", "/api/v1/authn")
    assert _granted(answer) == {}
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


async def test_a_star_is_never_answered(visitor: Visitor) -> None:
    """A star beside credentials fails in every version of the widget (facts/classic A.1)."""
    for method, path, _ in (*OPEN, *GUARDED):
        answer = await _from(visitor, TRUSTED, method, path)
        assert "*" not in _granted(answer).values()


async def test_a_refused_origin_is_named_in_the_log_with_what_to_add(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    await _from(visitor, REFUSED, "GET", "/api/v1/sessions/me")
    (warning,) = (r.getMessage() for r in caplog.records if r.levelname == "WARNING")
    assert "/api/v1/sessions/me" in warning
    assert REFUSED in warning
    for remedy in ("base_uris", "trusted_origins", f"--origin {REFUSED}"):
        assert remedy in warning


async def test_a_refused_preflight_is_named_in_the_log_too(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    await _preflight(visitor, REFUSED, "/api/v1/authn", "POST")
    assert f"--origin {REFUSED}" in caplog.text


async def test_an_origin_that_the_token_endpoint_refuses_is_named_with_its_own_remedy(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    await _from(visitor, REFUSED, "POST", "/oauth2/default/v1/token")
    assert REFUSED in caplog.text
    assert "login_redirect_uris" in caplog.text


async def test_a_trusted_origin_is_served_without_a_word(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    await visitor.sign_in()
    await _from(visitor, TRUSTED, "GET", "/api/v1/sessions/me")
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:3000", "http://[::1]:3000", "https://localhost:3000"]
)
async def test_another_name_or_scheme_of_this_machine_is_warned_about(
    visitor: Visitor, org: MockOkta, origin: str, caplog: pytest.LogCaptureFixture
) -> None:
    await _from(visitor, origin, "GET", "/oauth2/default/v1/keys")
    (warning,) = (r.getMessage() for r in caplog.records if r.levelname == "WARNING")
    assert origin in warning
    assert org.url in warning
    assert "session cookie" in warning


async def test_an_app_on_http_beside_an_org_on_https_is_warned_about(
    visitor: Visitor, shared_pool: KeyPool, caplog: pytest.LogCaptureFixture
) -> None:
    config = Config(seed=SEED, tls=True)
    async with MockOkta(config, key_pool=shared_pool) as org:
        answer = await visitor.ask(
            "GET", f"{org.url}/oauth2/default/v1/keys", headers={"Origin": APP}, ssl=False
        )
        assert answer.status == 200
        assert urlsplit(org.url).scheme == "https"
    assert "different sites" in caplog.text
    assert APP in caplog.text


@pytest.mark.parametrize(
    "origin", ["http://[", "localhost", "x" * 5000, "http://localhost:port", "http://ü.example"]
)
async def test_an_origin_that_is_none_is_no_error(visitor: Visitor, origin: str) -> None:
    answer = await _from(visitor, origin, "GET", "/api/v1/sessions/me")
    assert answer.status == 404
    assert _granted(answer) == {}
