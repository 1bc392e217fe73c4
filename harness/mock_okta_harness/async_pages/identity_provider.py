# Made of pages/identity_provider.py by `nox -s async_pages`: change that file.
"""The page of an external identity provider, which the org imitates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from mock_okta_harness.pages.selectors import IDENTITY_PROVIDER

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.async_api import Page

__all__ = ["IdentityProviderPage"]


class IdentityProviderPage:
    """The page that asks who the user is; awaiting one waits for it, in a popup too."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __await__(self) -> Generator[object, None, Self]:
        return self._arrive().__await__()

    async def _arrive(self) -> Self:
        await self.page.locator(IDENTITY_PROVIDER.email).wait_for()
        return self

    async def provider(self) -> str:
        """Read the provider's name."""
        return await self.page.locator(IDENTITY_PROVIDER.name).inner_text()

    async def email(self) -> str:
        """Read the e-mail address in the form."""
        return await self.page.locator(IDENTITY_PROVIDER.email).input_value()

    async def known_users(self) -> list[str]:
        """Read the users that the provider offers."""
        return await self.page.locator(IDENTITY_PROVIDER.known_user).all_inner_texts()

    async def be(self, email: str) -> Page:
        """Sign in as this user; return the page, which the org redirects, or the closed popup."""
        await self.page.locator(IDENTITY_PROVIDER.email).fill(email)
        await self.page.locator(IDENTITY_PROVIDER.submit).click()
        return self.page

    async def be_known(self, email: str) -> Page:
        """Sign in as one of the offered users; return the page as `be` does."""
        await self.page.locator(IDENTITY_PROVIDER.known_user, has_text=email).click()
        return self.page
