# Made of pages/demo.py by `nox -s async_pages`: change that file.
"""The demo app's page: greeting, buttons, and what its library stored in the browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from mock_okta_harness.async_pages.identity import Identify, widget_on
from mock_okta_harness.async_pages.screen import ShownWidget
from mock_okta_harness.async_pages.sign_in import SignInForm
from mock_okta_harness.pages.selectors import DEMO

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.async_api import Page

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
    """The demo app's page; awaiting one waits until the page is in one of the given states."""

    def __init__(
        self, page: Page, *, widget: str = "3.2.2", states: tuple[str, ...] = ANY_STATE
    ) -> None:
        self.page = page
        self.widget = widget
        self._states = states

    def __await__(self) -> Generator[object, None, Self]:
        return self._arrive().__await__()

    async def _arrive(self) -> Self:
        wanted = ", ".join(f'{DEMO.body}[{DEMO.state}="{state}"]' for state in self._states)
        await self.page.locator(wanted).wait_for()
        return self

    @classmethod
    async def open(
        cls, page: Page, app_url: str, *, widget: str = "3.2.2", **options: str
    ) -> DemoPage:
        """Open the page for a version of the widget.

        `features="registration,selfServiceUnlock"` turns on features of the widget; `stateToken`
        and `recoveryToken` continue a sign-in that began elsewhere.
        """
        query = f"?{urlencode(options)}" if options else ""
        await page.goto(f"{app_url}{PATHS[widget]}{query}")
        return await cls(page, widget=widget)

    def shown_widget(self) -> ShownWidget[DemoPage]:
        """Return the widget on the page, to make its screens with."""
        return ShownWidget.on(self.page, self._came_back, self.widget)

    async def sign_in_form(self) -> SignInForm[DemoPage]:
        """Return the widget's sign-in form, which a user without a session sees."""
        return await SignInForm(self.shown_widget())

    async def identify(self) -> Identify[DemoPage]:
        """Return the first screen of the Identity Engine, which a user without a session sees."""
        return await Identify(await widget_on(self.page, self._came_back))

    async def get_messages(self) -> DemoPage:
        """Ask for the messages, and wait until they, or an error, are there."""
        await self.page.locator(DEMO.get_messages).click()
        await self.page.locator(DEMO.messages_are_there).wait_for()
        return self

    async def renew_tokens(self) -> DemoPage:
        """Ask for new tokens, and wait until they are stored, or an error is there."""
        await self.page.locator(DEMO.renew_tokens).click()
        await self.page.locator(DEMO.renewal_is_done).wait_for()
        return self

    async def sign_out(self) -> DemoPage:
        """Sign out of the org and the app."""
        await self.page.locator(DEMO.sign_out).click()
        return await DemoPage(self.page, widget=self.widget, states=SIGNED_OUT)

    async def reload(self) -> DemoPage:
        """Reload the page."""
        await self.page.reload()
        return await DemoPage(self.page, widget=self.widget)

    async def state(self) -> str:
        """Read the page's state: signed-out, signed-in, welcome-back or error."""
        return await self._attribute(DEMO.state)

    async def verified(self) -> str:
        """Read what the page's library verified of the ID token: signature, or only claims."""
        return await self._attribute(DEMO.verified)

    async def greeting(self) -> str:
        """Read the greeting."""
        return await self._text(DEMO.greeting)

    async def error(self) -> str:
        """Read the last error; empty if there was none."""
        return await self._text(DEMO.error)

    async def messages(self) -> list[str]:
        """Read the messages that the API gave."""
        return await self.page.locator(DEMO.messages).all_inner_texts()

    async def stored_tokens(self) -> StoredTokens:
        """Read the tokens that the page's library stored."""
        entries = json.loads(await self._token_storage()).values()
        return StoredTokens(_find(entries, "accessToken"), _find(entries, "idToken"))

    async def _came_back(self, page: Page) -> DemoPage:
        return await DemoPage(page, widget=self.widget, states=AFTER_A_REDIRECT)

    async def _attribute(self, name: str) -> str:
        return await self.page.locator(DEMO.body).get_attribute(name) or ""

    async def _text(self, selector: str) -> str:
        shown = self.page.locator(selector)
        return (await shown.text_content() or "").strip() if await shown.count() else ""

    async def _token_storage(self) -> str:
        stored = await self.page.evaluate("key => localStorage.getItem(key)", TOKEN_STORAGE)
        return stored or "{}"


def _find(entries: Any, kind: str) -> str | None:
    """Find the token of a kind: the app chooses the names, but the stored value has the kind."""
    found = [entry[kind] for entry in entries if isinstance(entry, dict) and entry.get(kind)]
    return str(found[0]) if found else None
