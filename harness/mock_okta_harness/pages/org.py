"""The org's own pages: its hosted sign-in page and the home page of a signed-in user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.pages.errors import WidgetMissingError
from mock_okta_harness.pages.identity import Identify, widget_on
from mock_okta_harness.pages.screen import ShownWidget
from mock_okta_harness.pages.selectors import HOME, HOSTED_WIDGET, MISSING_WIDGET
from mock_okta_harness.pages.selectors.classic import PLAIN_FORM
from mock_okta_harness.pages.selectors.identity import SECOND_GENERATION
from mock_okta_harness.pages.sign_in import SignInForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

Next = TypeVar("Next")
Other = TypeVar("Other")

_USERNAME = f":is({PLAIN_FORM.sign_in.username}, {SECOND_GENERATION.identifier})"


class HostedSignInPage:
    """The sign-in page that the org hosts: the widget, or a plain form.

    If the widget's release is not installed, the org shows only the plain form. Signing in with
    that form raises `WidgetMissingError`, unless `allow_plain` allows it.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self._arrive()

    def _arrive(self) -> Self:
        page = self.page
        # An app's script may lead here later: until the form is there, the page is the app's.
        page.locator(_USERNAME).wait_for()
        # The widget replaces the plain form while the page loads, so wait for the load.
        page.wait_for_load_state()
        page.locator(_USERNAME).wait_for()
        plain = page.locator(PLAIN_FORM.sign_in.form)
        is_plain = plain.count() > 0
        self._widget = None if is_plain else _version_on(page)
        self._asks_by_identity_engine = page.locator(SECOND_GENERATION.identifier).count() > 0
        self._missing = plain.get_attribute(MISSING_WIDGET) if is_plain else None
        return self

    @classmethod
    def open(cls, page: Page, org_url: str) -> HostedSignInPage:
        """Open the org without a session; it redirects to its sign-in page."""
        page.goto(f"{org_url}/")
        return cls(page)

    def shows_the_widget(self) -> bool:
        """Return whether the page shows the real widget."""
        return self._widget is not None

    def why_plain(self) -> str:
        """Return one line that says why the page shows the plain form; empty for the widget."""
        if self._widget is not None:
            return ""
        shown = f"{self.page.url} shows the plain form"
        if self._missing:
            command = f"`mock-okta widget install {self._missing}`"
            return f"{shown}: the widget is not installed where the org runs. Run {command} there."
        return f"{shown}: the widget did not start, and the browser's console says why."

    def form(
        self, leads_to: Callable[[Page], Next], *, allow_plain: bool = False
    ) -> SignInForm[Next]:
        """Return the form; `leads_to` makes the page that the user reaches after the sign-in.

        Where the Identity Engine signs users in, use `identify` instead.
        """
        if self._missing and not allow_plain:
            raise WidgetMissingError(f"{self.why_plain()} Or allow the form: allow_plain=True.")
        if self._widget is None:
            return SignInForm(ShownWidget(self.page, leads_to, PLAIN_FORM))
        return SignInForm(ShownWidget.on(self.page, leads_to, self._widget))

    def identify(self, leads_to: Callable[[Page], Next]) -> Identify[Next]:
        """Give the first screen of the Identity Engine; `leads_to` as for `form`."""
        if self._missing:
            raise WidgetMissingError(self.why_plain())
        return Identify(widget_on(self.page, leads_to))

    def sign_in(self, login: str, password: str, *, allow_plain: bool = False) -> Page:
        """Sign in as a user who may; return the page at the URL where the org sent it."""
        if self._asks_by_identity_engine:
            return self.identify(_another_page).sign_in(login, password)
        return self.form(_another_page, allow_plain=allow_plain).sign_in(login, password)

    @staticmethod
    def screen(
        page: Page, screen: Callable[[ShownWidget[Next]], Other], leads_to: Callable[[Page], Next]
    ) -> Other:
        """Return the widget's screen on the org's page, if it is not the sign-in form.

        For example after an e-mailed link, or if an app asks more of a user who has a session:
        `HostedSignInPage.screen(page, PasswordReset, leads_to=HomePage)`.
        """
        page.wait_for_load_state()
        return screen(ShownWidget.on(page, leads_to, _version_on(page)))


class HomePage:
    """The org's home page of a signed-in user; making one waits for it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._arrive()

    def _arrive(self) -> Self:
        self.page.locator(HOME.user_menu).wait_for()
        return self

    @classmethod
    def open(cls, page: Page, org_url: str) -> HomePage:
        """Open the org's home page as a user with a session."""
        page.goto(f"{org_url}/app/UserHome")
        return cls(page)

    def user(self) -> str:
        """Read from the user menu who is signed in."""
        return self.page.locator(HOME.user_menu).inner_text()

    def sign_out(self) -> HostedSignInPage:
        """Sign out in the user menu."""
        self.page.locator(HOME.sign_out).click()
        return HostedSignInPage(self.page)


def _version_on(page: Page) -> str:
    """Read the release of the widget on the org's page."""
    address = page.locator(HOSTED_WIDGET).get_attribute("src") or ""
    return address.partition("/okta-signin-widget/")[2].partition("/")[0]


def _another_page(page: Page) -> Page:
    page.locator(_USERNAME).wait_for(state="detached")
    page.wait_for_load_state()
    return page
