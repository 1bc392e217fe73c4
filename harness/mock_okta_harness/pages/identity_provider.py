"""The page of an external identity provider, which the org imitates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from mock_okta_harness.pages.selectors import IDENTITY_PROVIDER

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["IdentityProviderPage"]


class IdentityProviderPage:
    """The page that asks who the user is; making one waits for it, in a popup too."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._arrive()

    def _arrive(self) -> Self:
        self.page.locator(IDENTITY_PROVIDER.email).wait_for()
        return self

    def provider(self) -> str:
        """Read the provider's name."""
        return self.page.locator(IDENTITY_PROVIDER.name).inner_text()

    def email(self) -> str:
        """Read the e-mail address in the form."""
        return self.page.locator(IDENTITY_PROVIDER.email).input_value()

    def known_users(self) -> list[str]:
        """Read the users that the provider offers."""
        return self.page.locator(IDENTITY_PROVIDER.known_user).all_inner_texts()

    def be(self, email: str) -> Page:
        """Sign in as this user; return the page, which the org redirects, or the closed popup."""
        self.page.locator(IDENTITY_PROVIDER.email).fill(email)
        self.page.locator(IDENTITY_PROVIDER.submit).click()
        return self.page

    def be_known(self, email: str) -> Page:
        """Sign in as one of the offered users; return the page as `be` does."""
        self.page.locator(IDENTITY_PROVIDER.known_user, has_text=email).click()
        return self.page
