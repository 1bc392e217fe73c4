"""The org's own pages with the Identity Engine: the widget is given a state token."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from mock_okta import Config, MockOkta
from mock_okta.app.settings import WidgetGeneration
from mock_okta.web.pages import js_string
from tests.visiting import LOGIN, PASSWORD, Answer, Visitor
from tests.web.org_pages import ASKING, PAGES_SEED

SIGN_IN = "/login/login.htm"
HOME = "/app/UserHome"
FILES = {
    2: ("js/okta-sign-in.min.js", "css/okta-sign-in.min.css"),
    3: ("js/okta-sign-in.next.js", "css/okta-sign-in.next.css"),
}


@pytest.fixture
def generation() -> WidgetGeneration:
    return 2


@pytest.fixture
def config(tmp_path: Path, generation: WidgetGeneration) -> Config:
    for release in ("3.2.2", "7.49.0"):
        script = tmp_path / release / "js" / "okta-sign-in.min.js"
        script.parent.mkdir(parents=True)
        script.write_text("/* nothing */")
    return Config(
        seed=PAGES_SEED,
        engine="identity",
        widget_version="7.49.0",
        widget_generation=generation,
        widget_dir=tmp_path,
    )


def _state_token(page: Answer) -> str:
    (escaped,) = re.findall(r"stateToken: '(.*)',\n", page.text)
    return re.sub(r"\\x(..)", lambda found: chr(int(found[1], 16)), escaped)


async def _post(visitor: Visitor, href: str, **body: Any) -> Any:
    headers = {"Accept": "application/ion+json; okta-version=1.0.0"}
    answer = await visitor.ask("POST", href, json=body, headers=headers)
    assert answer.status == 200, answer.text
    return json.loads(answer.body)


async def _introspected(visitor: Visitor, page: Answer) -> Any:
    return await _post(visitor, "/idp/idx/introspect", stateToken=_state_token(page))


async def _signed_in(visitor: Visitor, page: Answer) -> str:
    """Sign in as the widget on the page does; where it leaves to."""
    shown = await _introspected(visitor, page)
    (identify, *_) = shown["remediation"]["value"]
    done = await _post(
        visitor,
        identify["href"],
        stateHandle=shown["stateHandle"],
        identifier=LOGIN,
        credentials={"passcode": PASSWORD},
    )
    return str((await visitor.ask("GET", done["success"]["href"])).location)


@pytest.mark.parametrize("generation", [2, 3])
@pytest.mark.parametrize("path", [SIGN_IN, "/signin"])
async def test_the_page_has_the_widget_of_its_generation_over_the_plain_form(
    visitor: Visitor, org: MockOkta, path: str, generation: int
) -> None:
    page = await visitor.ask("GET", path)
    for file in FILES[generation]:
        assert f'"{org.url}/okta-signin-widget/7.49.0/{file}"' in page.text
    assert "useClassicEngine: false" in page.text
    assert "/okta-signin-widget/7.49.0' }" in page.text
    assert _state_token(page).startswith("02.")
    assert set(page.form.fields) == {"fromURI", "username", "password"}


async def test_nothing_on_the_page_forbids_the_widget_s_scripts(visitor: Visitor) -> None:
    policy = (await visitor.ask("GET", SIGN_IN)).headers["Content-Security-Policy"]
    assert policy == "frame-ancestors 'self'"


async def test_the_token_is_of_a_sign_in_that_leads_home(visitor: Visitor, org: MockOkta) -> None:
    page = await visitor.ask("GET", SIGN_IN)
    assert await _signed_in(visitor, page) == org.url + HOME
    assert "Hello, Test" in (await visitor.ask("GET", HOME)).text


async def test_each_page_begins_its_own_sign_in(visitor: Visitor) -> None:
    pages = [await visitor.ask("GET", SIGN_IN) for _ in range(2)]
    assert len({_state_token(page) for page in pages}) == 2


async def test_the_request_of_an_app_goes_on_with_a_code(visitor: Visitor) -> None:
    waiting = await visitor.authorize()
    resumed = await _signed_in(visitor, await visitor.ask("GET", waiting.location))
    answer = await visitor.ask("GET", resumed)
    redeemed = await visitor.redeem(answer.returned["code"])
    assert redeemed.status == 200, redeemed.text


async def test_a_login_hint_is_reported_to_the_widget(visitor: Visitor) -> None:
    page = await visitor.ask("GET", f"{SIGN_IN}?{urlencode({'login_hint': LOGIN})}")
    assert f"username: '{js_string(LOGIN)}'" in page.text
    assert page.form.fields["username"] == LOGIN


async def test_the_plain_form_signs_in_without_the_widget(visitor: Visitor) -> None:
    shown = await visitor.ask("GET", SIGN_IN)
    wrong = {**shown.form.fields, "username": LOGIN, "password": "wrong"}
    refused = await visitor.ask("POST", SIGN_IN, data=wrong)
    assert refused.status == 401
    assert _state_token(refused).startswith("02.")
    right = {**refused.form.fields, "password": PASSWORD}
    answer = await visitor.ask("POST", SIGN_IN, data=right)
    assert set(answer.set_cookies()) == {"idx", "xids", "DT"}


async def test_a_sign_in_in_progress_goes_on_by_its_state_token(visitor: Visitor) -> None:
    token = _state_token(await visitor.ask("GET", SIGN_IN))
    page = await visitor.ask("GET", f"/signin/refresh-auth-state/{token}")
    assert _state_token(page) == token
    assert "useClassicEngine: false" in page.text


@pytest.mark.parametrize("generation", [2, 3])
async def test_what_classic_authentication_began_goes_on_with_it(visitor: Visitor) -> None:
    page = await visitor.ask("GET", "/signin/refresh-auth-state/00token")
    assert "stateToken: '00token'" in page.text
    assert "useClassicEngine" not in page.text
    for file in FILES[2]:
        assert file in page.text


@pytest.mark.parametrize("generation", [2, 3])
async def test_the_consent_page_has_the_widget_too(
    visitor: Visitor, org: MockOkta, generation: int
) -> None:
    await visitor.sign_in()
    page = await visitor.authorize({"client_id": ASKING, "scope": "openid must"})
    for file in FILES[generation]:
        assert f'"{org.url}/okta-signin-widget/7.49.0/{file}"' in page.text
    shown = await _introspected(visitor, page)
    assert [each["name"] for each in shown["remediation"]["value"]] == ["consent"]
    plain = {**page.form.fields, "decision": "allow"}
    answer = await visitor.ask("POST", page.form.action, data=plain)
    assert "code" in answer.returned


class TestWithAReleaseThatLacksTheEngine:
    @pytest.fixture
    def config(self, config: Config) -> Config:
        return Config(
            seed=PAGES_SEED,
            engine="identity",
            widget_version="3.2.2",
            widget_generation=3,
            widget_dir=config.widget_dir,
        )

    async def test_it_signs_in_by_classic_authentication(
        self, visitor: Visitor, org: MockOkta
    ) -> None:
        page = await visitor.ask("GET", SIGN_IN)
        assert "/okta-signin-widget/3.2.2/js/okta-sign-in.min.js" in page.text
        assert "stateToken" not in page.text
        assert f"setCookieAndRedirect('{js_string(org.url + HOME)}')" in page.text

    async def test_its_consent_is_asked_by_classic_authentication(self, visitor: Visitor) -> None:
        await visitor.sign_in()
        page = await visitor.authorize({"client_id": ASKING, "scope": "openid must"})
        assert 'data-state-token="00' in page.text
        assert "features: { consent: true }" in page.text


class TestWithoutTheRelease:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        return Config(
            seed=PAGES_SEED, engine="identity", widget_version="7.49.0", widget_dir=tmp_path
        )

    async def test_the_page_is_the_plain_form(self, visitor: Visitor) -> None:
        page = await visitor.ask("GET", SIGN_IN)
        assert "<script" not in page.text
        form = {**page.form.fields, "username": LOGIN, "password": PASSWORD}
        assert "idx" in (await visitor.ask("POST", SIGN_IN, data=form)).set_cookies()


class TestWithTheClassicEngine:
    @pytest.fixture
    def config(self, config: Config) -> Config:
        return Config(
            seed=PAGES_SEED,
            engine="classic",
            widget_version="7.49.0",
            widget_generation=3,
            widget_dir=config.widget_dir,
        )

    async def test_the_same_release_begins_the_sign_in_itself(self, visitor: Visitor) -> None:
        page = await visitor.ask("GET", SIGN_IN)
        assert "/okta-signin-widget/7.49.0/js/okta-sign-in.min.js" in page.text
        assert "stateToken" not in page.text
        assert (await visitor.ask("POST", "/idp/idx/introspect", json={})).status == 404
