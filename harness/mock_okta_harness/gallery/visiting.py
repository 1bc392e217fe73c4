"""A visitor of an org: the browser's page, the user, and what was sent to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

import pyotp

from mock_okta_harness.builders import an_app
from mock_okta_harness.pages import DemoPage, HomePage, HostedSignInPage
from mock_okta_harness.pages.identity import widget_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from mock_okta.model.messages import Channel
    from mock_okta_harness.control import Control
    from mock_okta_harness.pages import ShownWidget, SignInForm
    from mock_okta_harness.pages.identity import Identify
    from mock_okta_harness.running import DemoApp, RunningOrg

Next = TypeVar("Next")

LOGIN, PASSWORD, NEW_PASSWORD = "tester@example.com", "mock-Password-1", "mock-Password-2"
NAMES = {"firstName": "Test", "lastName": "User"}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PHONE, NEW_PHONE = "+14155551234", "4155556688"
CLIENT_ID = "0oa1walk0000000000h7"
# The challenge of RFC 7636, appendix B.
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@dataclass(frozen=True)
class Visit:
    """A browser's page and an org."""

    page: Page
    org: RunningOrg

    @property
    def control(self) -> Control:
        """The org's control API."""
        return self.org.control

    def begin(self) -> None:
        """Bring the org back to its seed."""
        self.control.reset()

    def passcode(self, channel: Channel = "email") -> str:
        """Return the passcode that was sent last."""
        return self.control.wait_for_message(channel=channel).passcode

    def link(self) -> str:
        """Return the link that was e-mailed last."""
        return self.control.wait_for_message(channel="email").link

    def code_of_an_app(self, secret: str = SECRET) -> str:
        """Return what an app shows now, by the org's clock."""
        return pyotp.TOTP(secret).at(self.control.clock.now())


@dataclass(frozen=True)
class ClassicVisit(Visit):
    """A visit to the demo app, whose page has one release of the widget."""

    app: DemoApp
    widget: str

    def begin(self) -> None:
        """Bring the org back to its seed, and add the app."""
        self.control.reset()
        self.control.seed(self.app.as_client())

    @property
    def is_7(self) -> bool:
        """Whether the widget is one of those that know some screens more."""
        return self.widget.startswith("7.")

    def seed_user(self, *factors: dict[str, Any], **enrolment: tuple[str, ...]) -> None:
        """Seed a user of whom a factor is asked, with these; what may be enrolled by policy."""
        user = {"login": LOGIN, "password": PASSWORD, "profile": NAMES, "factors": factors}
        sign_on = {"rules": [{"require_factor": True}]}
        policies = {"sign_on_policies": [sign_on], "enrollment_policies": [enrolment]}
        self.control.seed({"users": [user], **policies})

    def open(self, **options: str) -> SignInForm[DemoPage]:
        """Open the page as somebody who was never here, and return the sign-in form."""
        return self.open_page(**options).sign_in_form()

    def open_page(self, **options: str) -> DemoPage:
        """Open the page as somebody who was never here; the widget may show any screen."""
        self.page.context.clear_cookies()
        return DemoPage.open(self.page, self.app.url, widget=self.widget, **options)


@dataclass(frozen=True)
class IdentityVisit(Visit):
    """A visit to the org's own pages, which have one generation of the widget."""

    generation: int
    callback: str

    def seed(self, *factors: dict[str, Any], login: str = LOGIN, **more: Any) -> None:
        """Seed a user with these factors, who is asked for one if there are any, and more."""
        user = {"login": login, "password": PASSWORD, "profile": NAMES, "factors": factors}
        rule = {"rules": [{"require_factor": bool(factors)}]}
        document = {"users": [user | more.pop("user", {})], "sign_on_policies": [rule]}
        self.control.seed(document | more)

    def seed_app(self, **settings: Any) -> None:
        """Let the org know an app, and a scope that wants users' consent."""
        app = an_app("My app").with_client_id(CLIENT_ID).at(self.callback.rpartition("/")[0])
        app = app.with_interaction_code()
        document = app.redirecting_to(self.callback).seed_document()
        consent = "FLEXIBLE" if settings.get("granular_consent") else "REQUIRED"
        scope = {"name": "private", "display_name": "Private things", "consent": consent}
        scope["description"] = "See what is private"
        server = {"id": "default", "scopes": [scope]}
        clients = [document["clients"][0] | settings]
        self.control.seed({"clients": clients, "authorization_servers": [server]})

    def open(self) -> Identify[HomePage]:
        """Open the org as somebody who was never here; what follows is the org's home page."""
        self.forget()
        return HostedSignInPage.open(self.page, self.org.url).identify(HomePage)

    def open_at(
        self, address: str, screen: Callable[[ShownWidget[HomePage]], Next], *, anew: bool = True
    ) -> Next:
        """Open an address of the org, as somebody who was never here; the screen that is there."""
        if anew:
            self.forget()
        self.page.goto(address)
        return screen(widget_on(self.page, HomePage))

    def open_app(self, leads_to: Callable[[Page], Next]) -> Identify[Next]:
        """Open an app that redirects to the org for a code."""
        self.forget()
        asked = {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "scope": "openid email private",
            "redirect_uri": self.callback,
            "state": "the-state",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        self.page.goto(f"{self.org.issuer()}/v1/authorize?{urlencode(asked)}")
        return HostedSignInPage(self.page).identify(leads_to)

    def elsewhere(self, address: str, screen: Callable[[Any], Next], *, same_browser: bool) -> Next:
        """Open an address in another tab, or in another browser; the screen that is there."""
        own = self.page.context
        other = None if same_browser or own.browser is None else own.browser.new_context
        page = (own if other is None else other(locale="en-US")).new_page()
        page.goto(address)
        return screen(widget_on(page, HomePage))

    def forget(self) -> None:
        """Be somebody who was never here."""
        for page in self.page.context.pages:
            if page is not self.page:
                page.close()
        self.page.context.clear_cookies()
        # The widget resumes what it was about by its own storage, on a page of the same address.
        if self.page.url.startswith("http"):
            self.page.evaluate("sessionStorage.clear(), localStorage.clear()")
