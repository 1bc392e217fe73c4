"""Who may show the org's pages in a frame: clickjacking (RFC 6749 10.13), and trusted origins."""

from pathlib import Path
from typing import Any

import pytest

import mock_okta.web
from mock_okta import Config
from tests.control.planning import plan_faults
from tests.visiting import Answer, Visitor
from tests.web.org_pages import FRAMED_BY_ANYBODY, HOME, PAGES_SEED, SIGN_IN, WAYS

EMBEDDER, DASHBOARD, PLAIN = "https://embeds.test", "https://shows-home.test", "https://plain.test"
GUARDED = sorted(set(WAYS) - set(FRAMED_BY_ANYBODY))
OF_SIGN_IN = [template for template in GUARDED if template != "home.html"]


@pytest.fixture
def config() -> Config:
    return Config(seed=PAGES_SEED)


def framing(answer: Answer) -> tuple[str | None, str | None]:
    headers = answer.headers
    return headers.get("X-Frame-Options"), headers.get("Content-Security-Policy")


async def _trust(visitor: Visitor, *origins: Any) -> None:
    answer = await visitor.ask("PUT", "/_mock/seed", json={"trusted_origins": origins})
    assert answer.status == 200, answer.text


def test_every_page_of_the_org_is_known_here() -> None:
    folder = Path(mock_okta.web.__file__).parent / "templates"
    parts_of_pages = {"base.html", "identity_widget.html"}
    assert set(WAYS) == {file.name for file in folder.glob("*.html")} - parts_of_pages


@pytest.mark.parametrize("template", GUARDED)
async def test_a_page_is_framed_by_the_orgs_own_pages_alone(
    visitor: Visitor, template: str
) -> None:
    await _trust(visitor, PLAIN)
    answer = await WAYS[template](visitor)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert framing(answer) == ("SAMEORIGIN", "frame-ancestors 'self'")


async def test_the_page_of_a_planned_error_is_framed_as_others_are(visitor: Visitor) -> None:
    await plan_faults(visitor, {"kind": "status", "status": 503})
    answer = await visitor.ask("GET", SIGN_IN, headers={"Accept": "text/html"})
    assert answer.status == 503
    assert framing(answer) == ("SAMEORIGIN", "frame-ancestors 'self'")


@pytest.mark.parametrize("template", OF_SIGN_IN)
async def test_an_origin_trusted_to_embed_may_frame_the_pages_of_a_sign_in(
    visitor: Visitor, template: str
) -> None:
    await _trust(visitor, PLAIN, {"origin": EMBEDDER, "scopes": ["IFRAME_EMBED"]})
    answer = await WAYS[template](visitor)
    assert framing(answer) == (None, f"frame-ancestors 'self' {EMBEDDER}")


async def test_the_home_page_is_framed_where_the_end_user_app_is_allowed(visitor: Visitor) -> None:
    await _trust(visitor, {"origin": EMBEDDER, "scopes": ["IFRAME_EMBED"]})
    assert framing(await WAYS["home.html"](visitor)) == ("SAMEORIGIN", "frame-ancestors 'self'")
    apps = {"allowed_okta_apps": ["OKTA_ENDUSER"]}
    await _trust(visitor, {"origin": DASHBOARD, "scopes": ["CORS", "IFRAME_EMBED"], **apps})
    home = await visitor.ask("GET", HOME)
    assert framing(home) == (None, f"frame-ancestors 'self' {DASHBOARD}")
    visitor.http.cookie_jar.clear()  # who is signed in sees no sign-in page
    sign_in = await WAYS["sign_in.html"](visitor)
    assert framing(sign_in) == (None, f"frame-ancestors 'self' {EMBEDDER} {DASHBOARD}")


@pytest.mark.parametrize("template", FRAMED_BY_ANYBODY)
async def test_pages_for_hidden_frames_are_framed_by_anybody(
    visitor: Visitor, template: str
) -> None:
    answer = await WAYS[template](visitor)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert framing(answer) == (None, None)


async def test_an_origin_that_is_trusted_no_more_frames_nothing(visitor: Visitor) -> None:
    await _trust(visitor, {"origin": EMBEDDER, "scopes": ["IFRAME_EMBED"]})
    await visitor.ask("DELETE", f"/_mock/trusted_origins/{EMBEDDER}")
    answer = await visitor.ask("GET", SIGN_IN)
    assert framing(answer) == ("SAMEORIGIN", "frame-ancestors 'self'")


@pytest.mark.parametrize(
    ("scopes", "may_read", "may_be_gone_to"),
    [
        (["CORS"], True, False),
        (["REDIRECT"], False, True),
        (["IFRAME_EMBED"], False, False),
        (["CORS", "REDIRECT", "IFRAME_EMBED"], True, True),
        (None, True, True),
    ],
)
async def test_each_scope_of_a_trusted_origin_allows_one_thing(
    visitor: Visitor, *, scopes: list[str] | None, may_read: bool, may_be_gone_to: bool
) -> None:
    await _trust(visitor, {"origin": PLAIN} if scopes is None else _with(scopes))
    read = await visitor.ask("GET", "/api/v1/sessions/me", headers={"Origin": PLAIN})
    assert (read.headers.get("Access-Control-Allow-Origin") == PLAIN) is may_read
    gone = await visitor.ask("GET", f"/login/sessionCookieRedirect?redirectUrl={PLAIN}/there")
    assert (gone.status == 302) is may_be_gone_to


async def test_the_base_uri_of_an_app_keeps_the_scopes_that_it_has(visitor: Visitor) -> None:
    await _trust(visitor, _with(["IFRAME_EMBED"]))
    app = {"name": "Embedding", "type": "spa", "base_uris": [PLAIN]}
    await visitor.ask("PUT", "/_mock/seed", json={"clients": [app]})
    read = await visitor.ask("GET", "/api/v1/sessions/me", headers={"Origin": PLAIN})
    assert read.headers["Access-Control-Allow-Origin"] == PLAIN
    visitor.http.cookie_jar.clear()  # who is signed in sees no sign-in page
    sign_in = await WAYS["sign_in.html"](visitor)
    assert framing(sign_in) == (None, f"frame-ancestors 'self' {PLAIN}")


def _with(scopes: list[str]) -> dict[str, Any]:
    return {"origin": PLAIN, "scopes": scopes}
