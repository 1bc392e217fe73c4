"""The demo app's page: greeting, buttons, and what its library stored in the browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from mock_okta_harness.pages.identity import Identify, widget_on
from mock_okta_harness.pages.screen import ShownWidget
from mock_okta_harness.pages.selectors import DEMO
from mock_okta_harness.pages.sign_in import SignInForm

if TYPE_CHECKING:
    from playwright.sync_api import Page

# The page of each version of the widget.
PATHS = MappingProxyType({"2.21.0": "/v2", "3.2.2": "/", "5.16.1": "/v5", "7.49.0": "/v7"})
TOKEN_STORAGE = "okta-token-storage"
SIGNED_OUT = ("signed-out",)
SIGNED_IN = ("signed-in", "welcome-back")
AFTER_A_REDIRECT = (*SIGNED_IN, "error")
ANY_STATE = (*SIGNED_OUT, *AFTER_A_REDIRECT)


@dataclass(frozen=True)
class StoredTokens:
    """The tokens that the page's library keeps in the browser's local storage."""

    access_token: str | None
    id_token: str | None


class DemoPage:
    """The demo app's page; making one waits until the page is in one of the given states."""

    def __init__(
        self, page: Page, *, widget: str = "3.2.2", states: tuple[str, ...] = ANY_STATE
    ) -> None:
        self.page = page
        self.widget = widget
        self._states = states
        self._arrive()

    def _arrive(self) -> Self:
        wanted = ", ".join(f'{DEMO.body}[{DEMO.state}="{state}"]' for state in self._states)
        self.page.locator(wanted).wait_for()
        return self

    @classmethod
    def open(cls, page: Page, app_url: str, *, widget: str = "3.2.2", **options: str) -> DemoPage:
        """Open the page for a version of the widget.

        `features="registration,selfServiceUnlock"` turns on features of the widget; `stateToken`
        and `recoveryToken` continue a sign-in that began elsewhere.
        """
        query = f"?{urlencode(options)}" if options else ""
        page.goto(f"{app_url}{PATHS[widget]}{query}")
        return cls(page, widget=widget)

    def shown_widget(self) -> ShownWidget[DemoPage]:
        """Return the widget on the page, to make its screens with."""
        return ShownWidget.on(self.page, self._came_back, self.widget)

    def sign_in_form(self) -> SignInForm[DemoPage]:
        """Return the widget's sign-in form, which a user without a session sees."""
        return SignInForm(self.shown_widget())

    def identify(self) -> Identify[DemoPage]:
        """Return the first screen of the Identity Engine, which a user without a session sees."""
        return Identify(widget_on(self.page, self._came_back))

    def get_messages(self) -> DemoPage:
        """Ask for the messages, and wait until they, or an error, are there."""
        self.page.locator(DEMO.get_messages).click()
        self.page.locator(DEMO.messages_are_there).wait_for()
        return self

    def renew_tokens(self) -> DemoPage:
        """Ask for new tokens, and wait until they are stored, or an error is there."""
        self.page.locator(DEMO.renew_tokens).click()
        self.page.locator(DEMO.renewal_is_done).wait_for()
        return self

    def sign_out(self) -> DemoPage:
        """Sign out of the org and the app."""
        self.page.locator(DEMO.sign_out).click()
        return DemoPage(self.page, widget=self.widget, states=SIGNED_OUT)

    def reload(self) -> DemoPage:
        """Reload the page."""
        self.page.reload()
        return DemoPage(self.page, widget=self.widget)

    def state(self) -> str:
        """Read the page's state: signed-out, signed-in, welcome-back or error."""
        return self._attribute(DEMO.state)

    def verified(self) -> str:
        """Read what the page's library verified of the ID token: signature, or only claims."""
        return self._attribute(DEMO.verified)

    def greeting(self) -> str:
        """Read the greeting."""
        return self._text(DEMO.greeting)

    def error(self) -> str:
        """Read the last error; empty if there was none."""
        return self._text(DEMO.error)

    def messages(self) -> list[str]:
        """Read the messages that the API gave."""
        return self.page.locator(DEMO.messages).all_inner_texts()

    def stored_tokens(self) -> StoredTokens:
        """Read the tokens that the page's library stored."""
        entries = json.loads(self._token_storage()).values()
        return StoredTokens(_find(entries, "accessToken"), _find(entries, "idToken"))

    def _came_back(self, page: Page) -> DemoPage:
        return DemoPage(page, widget=self.widget, states=AFTER_A_REDIRECT)

    def _attribute(self, name: str) -> str:
        return self.page.locator(DEMO.body).get_attribute(name) or ""

    def _text(self, selector: str) -> str:
        shown = self.page.locator(selector)
        return (shown.text_content() or "").strip() if shown.count() else ""

    def _token_storage(self) -> str:
        stored = self.page.evaluate("key => localStorage.getItem(key)", TOKEN_STORAGE)
        return stored or "{}"


def _find(entries: Any, kind: str) -> str | None:
    """Find the token of a kind: the app chooses the names, but the stored value has the kind."""
    found = [entry[kind] for entry in entries if isinstance(entry, dict) and entry.get(kind)]
    return str(found[0]) if found else None
