"""Rate limits over HTTP: facts/oauth H.2."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import msgspec
import pytest

from mock_okta import Config, MockOkta, RateLimit
from tests.visiting import APP, SEED, SERVICE, Answer, Visitor, basic, form_in

PREFIX = "X-Rate-Limit-"
TOKEN = "/oauth2/default/v1/token"
NOON = datetime(2031, 1, 1, 12, 0, 5, tzinfo=UTC)
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def limits() -> dict[str, int]:
    """Override: what the seed limits."""
    return {}


@pytest.fixture
def config(limits: dict[str, int]) -> Config:
    seeded = tuple(RateLimit(path=path, limit=limit) for path, limit in limits.items())
    return Config(seed=msgspec.structs.replace(SEED, rate_limits=seeded))


@pytest.fixture
async def visitor(org: MockOkta, a_visitor: Callable[[], Visitor]) -> Visitor:
    """Somebody for whom it is five seconds past noon, and stays so."""
    org.clock.freeze(NOON)
    return a_visitor()


def _shown(answer: Answer) -> tuple[int, int, int]:
    limit, remaining, reset = (
        int(answer.headers[PREFIX + name]) for name in ("Limit", "Remaining", "Reset")
    )
    return limit, remaining, reset


async def _ask_token(visitor: Visitor, headers: dict[str, str] | None = None) -> Answer:
    form = {"grant_type": "client_credentials", "scope": "messages.read"}
    secret = "a+secret%2Fwith%2Bodd%3Acharacters%26%3D%25"
    own = basic(SERVICE, secret) | (headers or {})
    return await visitor.post("token", form, headers=own)


# By default: shown, never enforced.


@pytest.mark.parametrize(
    ("method", "path", "status", "limit"),
    [
        ("POST", TOKEN, 401, 150),
        ("POST", "/oauth2/v1/token", 401, 150),
        ("GET", TOKEN, 405, 150),
        ("POST", "/oauth2/default/v1/introspect", 401, 2000),
        ("GET", "/oauth2/default/v1/userinfo", 401, 2000),
        ("GET", "/oauth2/default/v1/authorize", 400, 2000),
        ("GET", "/oauth2/nowhere/v1/userinfo", 404, 2000),
        ("GET", "/api/v1/users/me", 403, 300),
        ("GET", "/api/v1/sessions/me", 404, 375),
        ("POST", "/api/v1/authn", 400, 500),
        ("GET", "/api/v1/nowhere", 404, 1200),
        ("GET", "/api/v1/usersandmore", 404, 1200),
    ],
)
async def test_answers_say_how_much_of_the_minute_s_limit_is_left(
    visitor: Visitor, method: str, path: str, status: int, limit: int
) -> None:
    answer = await visitor.ask(method, path)
    assert answer.status == status
    reset = int(NOON.timestamp()) - 5 + 60
    assert _shown(answer) == (limit, limit - 1, reset)


async def test_success_and_empty_answers_have_the_headers_too(visitor: Visitor) -> None:
    assert (await _ask_token(visitor)).status == 200
    assert _shown(await _ask_token(visitor))[:2] == (150, 148)
    await visitor.sign_in()
    ended = await visitor.ask("DELETE", "/api/v1/sessions/me")
    assert ended.status == 204
    assert _shown(ended)[0] == 375


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/oauth2/default/v1/keys"),
        ("GET", "/oauth2/v1/keys"),
        ("GET", "/oauth2/default/.well-known/openid-configuration"),
        ("GET", "/oauth2/default/.well-known/oauth-authorization-server"),
        ("GET", "/.well-known/openid-configuration"),
        ("GET", "/.well-known/okta-organization"),
        ("GET", "/login/login.htm"),
        ("GET", "/_mock/org"),
        ("OPTIONS", TOKEN),
    ],
)
async def test_these_are_not_counted(visitor: Visitor, method: str, path: str) -> None:
    answer = await visitor.ask(method, path)
    assert [name for name in answer.headers if name.startswith(PREFIX)] == []


async def test_nothing_is_refused_by_default_and_one_request_always_remains(
    visitor: Visitor,
) -> None:
    answers = [await visitor.ask("GET", "/api/v1/users/me") for _ in range(310)]
    assert {answer.status for answer in answers} == {403}
    remaining = [_shown(answer)[1] for answer in answers]
    assert remaining == [*range(299, 0, -1), *([1] * 11)]


async def test_the_window_is_a_fixed_minute_of_the_org_s_clock(
    org: MockOkta, visitor: Visitor
) -> None:
    first = _shown(await visitor.ask("GET", "/api/v1/users/me"))
    org.clock.advance(timedelta(seconds=54))
    assert _shown(await visitor.ask("GET", "/api/v1/users/me")) == (300, 298, first[2])
    org.clock.advance(timedelta(seconds=1))
    assert _shown(await visitor.ask("GET", "/api/v1/users/me")) == (300, 299, first[2] + 60)
    org.clock.advance(timedelta(days=-1))
    assert _shown(await visitor.ask("GET", "/api/v1/users/me")) == (300, 299, first[2] - 86340)


async def test_each_server_s_tokens_count_alone(visitor: Visitor) -> None:
    await visitor.ask("POST", TOKEN)
    assert _shown(await visitor.ask("POST", "/oauth2/rich/v1/token"))[1] == 149
    assert _shown(await visitor.ask("POST", TOKEN))[1] == 148


# Where the seed sets a limit.


class TestLimitedTokens:
    @pytest.fixture
    def limits(self) -> dict[str, int]:
        return {TOKEN: 3}

    async def test_the_fourth_request_of_a_minute_is_refused_in_okta_s_words(
        self, visitor: Visitor
    ) -> None:
        answers = [await _ask_token(visitor) for _ in range(5)]
        assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
        assert [_shown(answer)[:2] for answer in answers] == [
            (3, 2),
            (3, 1),
            (3, 0),
            (3, 0),
            (3, 0),
        ]
        body = answers[3].json()
        error_id = body.pop("errorId")
        assert body == {
            "errorCode": "E0000047",
            "errorSummary": "API call exceeded rate limit due to too many requests.",
            "errorLink": "E0000047",
            "errorCauses": [],
        }
        assert error_id.startswith("oae")
        assert "Retry-After" not in answers[3].headers
        assert answers[3].headers["Cache-Control"] == "no-cache, no-store"

    async def test_the_next_minute_is_open_again(self, org: MockOkta, visitor: Visitor) -> None:
        refused = [await _ask_token(visitor) for _ in range(4)][-1]
        org.clock.set(datetime.fromtimestamp(_shown(refused)[2], UTC))
        assert (await _ask_token(visitor)).status == 200

    async def test_refused_credentials_count_as_well(self, visitor: Visitor) -> None:
        for _ in range(3):
            assert (await visitor.post("token", {"client_id": "made-up"})).status == 401
        assert (await _ask_token(visitor)).status == 429

    async def test_other_paths_are_open(self, visitor: Visitor) -> None:
        for _ in range(4):
            await _ask_token(visitor)
        assert (await visitor.ask("POST", "/oauth2/rich/v1/token")).status == 401
        assert (await visitor.ask("GET", "/oauth2/default/v1/keys")).status == 200

    async def test_a_page_can_read_the_refusal(self, visitor: Visitor) -> None:
        for _ in range(3):
            await _ask_token(visitor)
        refused = await _ask_token(visitor, {"Origin": APP})
        assert refused.status == 429
        assert refused.headers["Access-Control-Allow-Origin"] == APP
        exposed = refused.headers["Access-Control-Expose-Headers"].split(", ")
        assert {PREFIX + name for name in ("Limit", "Remaining", "Reset")} <= set(exposed)

    async def test_a_preflight_neither_counts_nor_is_refused(self, visitor: Visitor) -> None:
        for _ in range(5):
            assert (await visitor.ask("OPTIONS", TOKEN)).status == 204
        assert _shown(await _ask_token(visitor))[1] == 2

    async def test_of_64_at_once_three_get_through(self, visitor: Visitor) -> None:
        answers = await asyncio.gather(*(_ask_token(visitor) for _ in range(64)))
        assert sorted(answer.status for answer in answers) == [200] * 3 + [429] * 61

    async def test_a_reset_of_the_org_resets_the_count(
        self, org: MockOkta, visitor: Visitor
    ) -> None:
        for _ in range(4):
            await _ask_token(visitor)
        await visitor.ask("POST", "/_mock/reset")
        org.clock.freeze(NOON)  # the same minute again
        assert (await _ask_token(visitor)).status == 200

    async def test_the_log_says_which_limit(
        self, visitor: Visitor, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO", "mock_okta.requests")
        for _ in range(4):
            await _ask_token(visitor)
        assert f"{TOKEN} allows 3 requests a minute: see rate_limits" in caplog.messages[-1]


class TestLimitedPrefixes:
    @pytest.fixture
    def limits(self) -> dict[str, int]:
        return {"/oauth2/default": 2, "/oauth2/default/v1/userinfo": 5, "/api/v1/authn": 0}

    async def test_what_is_below_counts_together(self, visitor: Visitor) -> None:
        await visitor.ask("GET", "/oauth2/default/v1/introspect")
        assert _shown(await _ask_token(visitor))[:2] == (2, 0)
        assert (await _ask_token(visitor)).status == 429

    async def test_the_more_specific_limit_wins(self, visitor: Visitor) -> None:
        answers = [await visitor.ask("GET", "/oauth2/default/v1/userinfo") for _ in range(6)]
        assert [answer.status for answer in answers] == [401] * 5 + [429]

    async def test_a_limit_of_none_refuses_everything(self, visitor: Visitor) -> None:
        refused = await visitor.ask("POST", "/api/v1/authn", json={})
        assert (refused.status, _shown(refused)[:2]) == (429, (0, 0))

    async def test_keys_and_discovery_are_never_limited(self, visitor: Visitor) -> None:
        for _ in range(4):
            assert (await visitor.ask("GET", "/oauth2/default/v1/keys")).status == 200

    async def test_a_browser_at_authorize_sees_a_page(self, visitor: Visitor) -> None:
        url = visitor.url("authorize")
        for _ in range(2):
            await visitor.ask("GET", url, headers=HTML)
        page = await visitor.ask("GET", url, headers=HTML)
        assert (page.status, page.headers["Content-Type"]) == (429, "text/html; charset=utf-8")
        assert "API call exceeded rate limit due to too many requests." in page.text
        assert _shown(page)[:2] == (2, 0)
        assert (await visitor.ask("GET", url)).json()["errorCode"] == "E0000047"

    async def test_an_api_answers_a_browser_in_json_all_the_same(self, visitor: Visitor) -> None:
        refused = await visitor.ask("POST", "/api/v1/authn", headers=HTML)
        assert (refused.status, refused.json()["errorCode"]) == (429, "E0000047")


class TestLimitedPages:
    @pytest.fixture
    def limits(self) -> dict[str, int]:
        return {"/login/login.htm": 1}

    async def test_a_page_can_be_limited_too(self, visitor: Visitor) -> None:
        shown = await visitor.ask("GET", "/login/login.htm", headers=HTML)
        assert (shown.status, form_in(shown.text).method) == (200, "post")
        assert (await visitor.ask("GET", "/login/login.htm", headers=HTML)).status == 429


async def test_a_limit_can_be_set_while_the_org_runs(
    org: MockOkta, visitor: Visitor, http: aiohttp.ClientSession
) -> None:
    assert _shown(await _ask_token(visitor))[:2] == (150, 149)
    limit = {"rate_limits": [{"path": TOKEN, "limit": 2}]}
    async with http.put(f"{org.url}/_mock/seed", json=limit) as answer:
        assert answer.status == 200
    assert _shown(await _ask_token(visitor))[:2] == (2, 0)
    assert (await _ask_token(visitor)).status == 429


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        ({"path": "token", "limit": 1}, "starts with '/'"),
        ({"path": "/", "limit": 1}, "does not end with one"),
        ({"path": "/api", "limit": -1}, "0 or more"),
        ({"path": "/api"}, "limit"),
    ],
)
async def test_a_limit_that_makes_no_sense_is_refused(
    visitor: Visitor, limit: dict[str, object], says: str
) -> None:
    answer = await visitor.ask("PUT", "/_mock/seed", json={"rate_limits": [limit]})
    assert answer.status == 400
    assert says in answer.text
