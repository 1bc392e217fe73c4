"""The page of an identity provider outside the org, which the org plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_okta_harness.pages.selectors import IDENTITY_PROVIDER

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["IdentityProviderPage"]


class IdentityProviderPage:
    """The question who the user is; making one waits for it, in a popup too."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.locator(IDENTITY_PROVIDER.email).wait_for()

    def provider(self) -> str:
        """Read whose page it is."""
        return self.page.locator(IDENTITY_PROVIDER.name).inner_text()

    def email(self) -> str:
        """Read the address that is filled in already."""
        return self.page.locator(IDENTITY_PROVIDER.email).input_value()

    def known_users(self) -> list[str]:
        """Read whom the provider offers."""
        return self.page.locator(IDENTITY_PROVIDER.known_user).all_inner_texts()

    def be(self, email: str) -> Page:
        """Say who one is, and give the page: the org sends it on, or closes the popup."""
        self.page.locator(IDENTITY_PROVIDER.email).fill(email)
        self.page.locator(IDENTITY_PROVIDER.submit).click()
        return self.page

    def be_known(self, email: str) -> Page:
        """Be one of those whom the provider offers, and give the page as `be` does."""
        self.page.locator(IDENTITY_PROVIDER.known_user, has_text=email).click()
        return self.page
