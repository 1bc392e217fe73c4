"""What walks through the widget's screens need: the demo page, the org's outbox, the gallery."""

from dataclasses import dataclass

import jwt
import pyotp
from playwright.sync_api import Page

from mock_okta.model.records import Channel, Message
from mock_okta_harness.control import Control
from mock_okta_harness.pages import DemoPage, SignInForm
from mock_okta_harness.running import DemoApp
from tests.e2e.gallery import Gallery

LOGIN = "tester@example.com"
NAMES = {"firstName": "Test", "lastName": "User"}
PASSWORD = "mock-Password-1"
NEW_PASSWORD = "mock-Password-2"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PHONE = "+14155551234"


@dataclass(frozen=True)
class Stage:
    """A browser with one version of the widget, and the org behind it."""

    page: Page
    control: Control
    app: DemoApp
    widget: str
    gallery: Gallery

    def seed_user(self, *factors: dict[str, str], **enrolment: tuple[str, ...]) -> None:
        """Seed a user of whom a factor is asked, with these; what may be enrolled by policy."""
        user = {"login": LOGIN, "password": PASSWORD, "profile": NAMES, "factors": factors}
        sign_on = {"rules": [{"require_factor": True}]}
        policies = {"sign_on_policies": [sign_on], "enrollment_policies": [enrolment]}
        self.control.seed({"users": [user], **policies})

    @property
    def is_7(self) -> bool:
        """Whether the widget is one of those that know some screens more."""
        return self.widget.startswith("7.")

    def open(self, **options: str) -> SignInForm[DemoPage]:
        """Open the page as somebody who was never here, and return the sign-in form."""
        return self.open_page(**options).sign_in_form()

    def open_page(self, **options: str) -> DemoPage:
        """Open the page as somebody who was never here; the widget may show any screen."""
        self.page.context.clear_cookies()
        return DemoPage.open(self.page, self.app.url, widget=self.widget, **options)

    def cookie(self, name: str) -> str:
        """What a cookie holds in the browser."""
        cookies = {each["name"]: each["value"] for each in self.page.context.cookies()}
        return cookies[name]

    def passcode(self, channel: Channel) -> str:
        """The code that was sent last."""
        return self._last(channel).passcode

    def link(self) -> str:
        """The link that was e-mailed last."""
        return self._last("email").link

    def _last(self, channel: Channel) -> Message:
        return self.control.wait_for_message(channel=channel)

    def code_of_an_app(self, secret: str = SECRET) -> str:
        """What an app shows now, by the org's clock."""
        return pyotp.TOTP(secret).at(self.control.clock.now())


def amr_of(demo: DemoPage) -> set[str]:
    """What the tokens of a signed-in page say was proved."""
    token = demo.stored_tokens().id_token
    assert token
    return set(jwt.decode(token, options={"verify_signature": False})["amr"])
