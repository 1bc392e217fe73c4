"""The page objects for asynchronous Playwright: made of the others, used in the real browser."""

import ast
import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

import make_async_pages
from mock_okta import Config, KeyPool
from mock_okta.model.messages import Channel
from mock_okta_harness.async_pages import (
    DemoPage,
    HomePage,
    HostedSignInPage,
    SecurityKey,
    ShownWidget,
    SignInForm,
    VerifySms,
    WrongScreenError,
)
from mock_okta_harness.async_pages.identity import (
    EmailChallenge,
    GoogleChallenge,
    SecurityKeyEnrollment,
    SelectAuthenticator,
    SelectEnrollment,
)
from mock_okta_harness.browser import launch_options
from mock_okta_harness.builders import a_user, an_app
from mock_okta_harness.running import DemoApp, RunningOrg, demo_app_process, org_in_a_thread
from tests.e2e.app_page import app_page

USER = a_user("second@example.com", "right-Password-1").named("Second", "User")
ASKS = {"sign_on_policies": [{"rules": [{"require_factor": True}]}]}


@pytest_asyncio.fixture
async def async_browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options())
        yield browser
        await browser.close()


@pytest_asyncio.fixture
async def async_page(async_browser: Browser) -> Page:
    return await async_browser.new_page(locale="en-US")


@pytest.fixture(scope="module")
def classic_server(okta_key_pool: KeyPool) -> Iterator[RunningOrg]:
    with org_in_a_thread(Config(engine="classic", widget_version="3.2.2"), okta_key_pool) as org:
        yield org


@pytest.fixture
def classic(classic_server: RunningOrg) -> RunningOrg:
    classic_server.control.reset()
    return classic_server


@pytest.fixture(scope="module")
def classic_app(classic_server: RunningOrg) -> Iterator[DemoApp]:
    with demo_app_process(classic_server) as app:
        yield app


@pytest.fixture(scope="module", params=[2, 3])
def identity_server(request: pytest.FixtureRequest, okta_key_pool: KeyPool) -> Iterator[RunningOrg]:
    engine = Config(engine="identity", widget_version="7.49.0", widget_generation=request.param)
    with org_in_a_thread(engine, okta_key_pool) as org:
        yield org


@pytest.fixture
def identity(identity_server: RunningOrg) -> RunningOrg:
    identity_server.control.reset()
    return identity_server


async def seed(org: RunningOrg, *parts: Any) -> None:
    await asyncio.to_thread(org.control.seed, *parts)


async def passcode(org: RunningOrg, channel: Channel) -> str:
    message = await asyncio.to_thread(org.control.wait_for_message, channel=channel)
    return message.passcode


@pytest.mark.process
def test_they_are_made_of_the_synchronous_ones() -> None:
    made = make_async_pages.asynchronous_modules()
    kept = {
        path.relative_to(make_async_pages.ASYNC_PAGES).as_posix(): path.read_text("utf-8")
        for path in make_async_pages.ASYNC_PAGES.rglob("*.py")
    }
    assert made == kept, "run `nox -s async_pages`"


def test_a_call_in_an_f_string_is_refused_since_its_place_is_unknown() -> None:
    source = "class Screen:\n    def read(self, page):\n        return f'{page.title()}'\n"
    waiting = make_async_pages.Waiting.of([ast.parse(source)])
    with pytest.raises(SystemExit, match=r"read: .*page\.title"):
        make_async_pages.Translation(source, waiting).run()


def test_what_waits_is_awaited_and_nothing_else() -> None:
    source = (
        "def first(page):\n    return second(page).strip()\n\n\n"
        "def second(page):\n    # é\n    return 'é', page.locator('x').inner_text(), page.url\n"
    )
    waiting = make_async_pages.Waiting.of([ast.parse(source)])
    assert make_async_pages.Translation(source, waiting).run() == (
        "async def first(page):\n    return (await second(page)).strip()\n\n\n"
        "async def second(page):\n    # é\n"
        "    return 'é', await page.locator('x').inner_text(), page.url\n"
    )


@pytest.mark.browser
async def test_classic_engine_signs_in_refuses_and_signs_out(
    async_page: Page, classic: RunningOrg
) -> None:
    await seed(classic, USER)
    form = await (await HostedSignInPage.open(async_page, classic.url)).form(leads_to=HomePage)
    assert await form.error() == ""
    assert await (await form.be_refused(USER.login, "wrong-1")).error() != ""
    home = await form.sign_in(USER.login, USER.password)
    assert "Second" in await home.user()
    assert (await home.sign_out()).shows_the_widget()


@pytest.mark.browser
async def test_classic_engine_asks_for_a_factor(async_page: Page, classic: RunningOrg) -> None:
    await seed(classic, USER.with_factor("okta_sms", phone_number="+14155551234"), ASKS)
    form = await (await HostedSignInPage.open(async_page, classic.url)).form(leads_to=HomePage)
    verify = await (await form.sign_in_to(USER.login, USER.password, VerifySms)).send()
    code = await passcode(classic, "sms")
    assert "Second" in await (await verify.verify(code)).user()


@pytest.mark.browser
async def test_another_screen_is_named(async_page: Page, classic: RunningOrg) -> None:
    await seed(classic, USER.with_factor("okta_sms", phone_number="+14155551234"), ASKS)
    form = await (await HostedSignInPage.open(async_page, classic.url)).form(leads_to=HomePage)
    with pytest.raises(WrongScreenError, match="mfa-verify"):
        await form.sign_in(USER.login, USER.password)


@pytest.mark.browser
async def test_an_identity_provider_asks_in_a_popup(async_page: Page, classic: RunningOrg) -> None:
    provider = {"id": "0oa1google000000000h7", "type": "GOOGLE", "name": "Google"}
    with app_page() as app:
        client = an_app().spa().with_client_id("0oa1async00000000000h7").at(app.url)
        client = client.redirecting_to(f"{app.url}/").granted("authorization_code", "implicit")
        await seed(classic, client, {"identity_providers": [provider]})
        options = {
            "baseUrl": classic.url,
            "clientId": "0oa1async00000000000h7",
            "authParams": {"issuer": classic.issuer(), "responseType": "id_token"},
            "idps": [{"type": "GOOGLE", "id": provider["id"]}],
        }
        await async_page.goto(app.show(f"{classic.widget_url}/3.2.2", options))
        form = await SignInForm(ShownWidget.on(async_page, leads_to=HomePage))
        popup = await form.sign_in_in_a_popup_by("Google")
        assert await popup.provider() == "Google"


@pytest.mark.browser
async def test_the_demo_app_has_its_tokens(
    async_page: Page, classic: RunningOrg, classic_app: DemoApp
) -> None:
    await seed(classic, classic_app.as_client(), USER)
    demo = await DemoPage.open(async_page, classic_app.url)
    assert await demo.state() == "signed-out"
    demo = await (await demo.sign_in_form()).sign_in(USER.login, USER.password)
    assert await demo.greeting() == f"Hello, {USER.login}"
    assert (await demo.stored_tokens()).access_token


@pytest.mark.browser
async def test_the_identity_engine_asks_for_an_authenticator(
    async_page: Page, identity: RunningOrg
) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    user = USER.with_factor("okta_email").with_factor("google_otp", secret=secret)
    await seed(identity, user, ASKS)
    hosted = await HostedSignInPage.open(async_page, identity.url)
    identify = await hosted.identify(leads_to=HomePage)
    assert await identify.asks_password()
    choosing = await identify.sign_in_to(user.login, user.password, SelectAuthenticator)
    assert len(await choosing.offered()) == 2
    google = await choosing.choose(GoogleChallenge)
    google = await (await google.fill("000000")).be_refused()
    assert "match our records" in await google.field_error()
    email = await (await google.verify_with_something_else()).choose(EmailChallenge)
    email = await (await email.send()).enter_code_instead()
    home = await email.verify(await passcode(identity, "email"))
    assert "Second" in await home.user()


@pytest.mark.browser
async def test_a_security_key_is_set_up_and_signs(async_page: Page, identity: RunningOrg) -> None:
    await seed(identity, USER, ASKS, {"enrollment_policies": [{"required": ["fido_webauthn"]}]})
    await SecurityKey.plug_in(async_page)
    identify = await (await HostedSignInPage.open(async_page, identity.url)).identify(HomePage)
    choosing = await identify.sign_in_to(USER.login, USER.password, SelectEnrollment)
    home = await (await choosing.choose(SecurityKeyEnrollment)).submit()
    identify = await (await home.sign_out()).identify(HomePage)
    assert "Second" in await (await identify.sign_in(USER.login, USER.password)).user()
