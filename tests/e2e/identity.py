"""What walks through the Identity Engine's screens need: an org's page, its outbox, pictures."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

import pyotp
from playwright.sync_api import Page

from mock_okta_harness.builders import an_app
from mock_okta_harness.control import Control
from mock_okta_harness.pages import HomePage, HostedSignInPage, ShownWidget
from mock_okta_harness.pages.identity import Identify, widget_on
from mock_okta_harness.running import RunningOrg
from tests.e2e.app_page import AppPage
from tests.e2e.gallery import VARIABLE
from tests.visiting import CHALLENGE

LOGIN, PASSWORD, NEW_PASSWORD = "tester@example.com", "mock-Password-1", "mock-Password-2"
NAMES = {"firstName": "Test", "lastName": "User"}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PHONE, NEW_PHONE = "+14155551234", "4155556688"
EMAIL_FACTOR = {"factor": "okta_email"}
WIDGET = "7.49.0"
CLIENT_ID = "0oa1walk0000000000h7"

Next = TypeVar("Next")

_CALLBACK = "/callback"
_SCRIPTS = {2: "okta-sign-in.min.js", 3: "okta-sign-in.next.js"}
_STYLES = {2: "okta-sign-in.min.css", 3: "okta-sign-in.next.css"}
_EMBEDDING = """<!doctype html><title>App</title><link rel=icon href=data:,>
<link rel=stylesheet href="%(assets)s/css/%(style)s"><div id=widget></div><p id=result></p>
<script src="%(assets)s/js/%(script)s"></script>
<script>
function show(result) { document.getElementById('result').textContent = JSON.stringify(result); }
new OktaSignIn(%(options)s).showSignIn({ el: '#widget' }).then(
  function (ended) { show(ended.tokens); }, function (error) { show({ error: String(error) }); });
</script>"""


@dataclass(frozen=True)
class Walk:
    """A browser, an org with one generation of the widget on its own pages, an app."""

    page: Page
    org: RunningOrg
    app: AppPage
    generation: int

    @property
    def control(self) -> Control:
        """The org's control API."""
        return self.org.control

    def seed(self, *factors: dict[str, Any], login: str = LOGIN, **more: Any) -> None:
        """Seed a user with these factors, who is asked for one if there are any, and more."""
        user = {"login": login, "password": PASSWORD, "profile": NAMES, "factors": factors}
        rule = {"rules": [{"require_factor": bool(factors)}]}
        document = {"users": [user | more.pop("user", {})], "sign_on_policies": [rule]}
        self.control.seed(document | more)

    def open(self) -> Identify[HomePage]:
        """Open the org as somebody who was never here; what follows is the org's home page."""
        self._forget()
        return HostedSignInPage.open(self.page, self.org.url).identify(HomePage)

    def open_at(
        self, address: str, screen: Callable[[ShownWidget[HomePage]], Next], *, anew: bool = True
    ) -> Next:
        """Open an address of the org, as somebody who was never here; the screen that is there."""
        if anew:
            self._forget()
        self.page.goto(address)
        return screen(widget_on(self.page, HomePage))

    def seed_app(self, **settings: Any) -> None:
        """Let the org know the app, and a scope that wants users' consent."""
        app = an_app("My app").with_client_id(CLIENT_ID).at(self.app.url)
        app = app.with_interaction_code()
        document = app.redirecting_to(self._callback).seed_document()
        consent = "FLEXIBLE" if settings.get("granular_consent") else "REQUIRED"
        scope = {"name": "private", "display_name": "Private things", "consent": consent}
        scope["description"] = "See what is private"
        server = {"id": "default", "scopes": [scope]}
        clients = [document["clients"][0] | settings]
        self.control.seed({"clients": clients, "authorization_servers": [server]})

    def open_app(self) -> Identify["Callback"]:
        """Open an app that redirects to the org for a code."""
        self._forget()
        asked = {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "scope": "openid email private",
            "redirect_uri": self._callback,
            "state": "the-state",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        self.page.goto(f"{self.org.issuer()}/v1/authorize?{urlencode(asked)}")
        return HostedSignInPage(self.page).identify(Callback)

    def open_embedding_app(self) -> Identify["Embedding"]:
        """Open an app that has the widget on its own page."""
        self._forget()
        assets = f"{self.org.widget_url}/{WIDGET}"
        options = {
            "issuer": self.org.issuer(),
            "clientId": CLIENT_ID,
            "redirectUri": self._callback,
            "useClassicEngine": False,
            "authScheme": "OAUTH2",
            "assets": {"baseUrl": assets},
        }
        files = {"script": _SCRIPTS[self.generation], "style": _STYLES[self.generation]}
        html = _EMBEDDING % {"assets": assets, "options": json.dumps(options), **files}
        self.app.html = html.encode()
        self.page.goto(f"{self.app.url}/")
        return Identify(widget_on(self.page, Embedding))

    def passcode(self, channel: Any = "email") -> str:
        """The passcode that was sent last."""
        return self.control.wait_for_message(channel=channel).passcode

    def link(self) -> str:
        """The link that was e-mailed last."""
        return self.control.wait_for_message(channel="email").link

    def code_of_an_app(self, secret: str = SECRET) -> str:
        """What an app shows now, by the org's clock."""
        return pyotp.TOTP(secret).at(self.control.clock.now())

    def picture(self, screen: str, page: Page | None = None) -> None:
        """Store a picture of the screen, if somebody named a folder for them."""
        folder = os.environ.get(VARIABLE)
        if folder:
            where = Path(folder).absolute() / f"{WIDGET}-generation-{self.generation}"
            (page or self.page).screenshot(
                path=where / f"{screen}.png", animations="disabled", full_page=True
            )

    def elsewhere(self, address: str, screen: Callable[[Any], Next], *, same_browser: bool) -> Next:
        """Open an address in another tab, or in another browser; the screen that is there."""
        browser = self.page.context.browser
        assert browser is not None
        context = self.page.context if same_browser else browser.new_context(locale="en-US")
        page = context.new_page()
        page.goto(address)
        return screen(widget_on(page, HomePage))

    @property
    def _callback(self) -> str:
        return f"{self.app.url}{_CALLBACK}"

    def _forget(self) -> None:
        for page in self.page.context.pages:
            if page is not self.page:
                page.close()
        self.page.context.clear_cookies()
        # The widget resumes what it was about by its own storage, on a page of the same address.
        if self.page.url.startswith("http"):
            self.page.evaluate("sessionStorage.clear(), localStorage.clear()")


class Callback:
    """The app, which gets what it asked for in the address; making one waits for it."""

    def __init__(self, page: Page) -> None:
        page.wait_for_url(f"**{_CALLBACK}?*")
        self.answer = dict(parse_qsl(urlsplit(page.url).query))


class Embedding:
    """The app whose page has the widget, once that has ended."""

    def __init__(self, page: Page) -> None:
        result = page.locator("#result:not(:empty)")
        result.wait_for(state="attached")
        self.tokens = json.loads(result.inner_text())
