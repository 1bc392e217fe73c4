# Made of pages/identity/screen.py by `nox -s async_pages`: change that file.
"""What the widget's screens have in common where the Identity Engine signs users in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from mock_okta_harness.async_pages.any_screen import AnyScreen, ShownWidget, Submits
from mock_okta_harness.pages.selectors.identity import (
    SECOND_GENERATION,
    THIRD_GENERATION,
    THIRD_GENERATION_IS_THERE,
    WIDGET_IS_THERE,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from playwright.async_api import Page

    from mock_okta_harness.async_pages.identity.sign_in import Identify
    from mock_okta_harness.pages.selectors.identity import IdentitySelectors, ShownBy

__all__ = ["IdentityForm", "IdentityScreen", "widget_on"]

Next = TypeVar("Next")


async def widget_on(page: Page, leads_to: Callable[[Page], Awaitable[Next]]) -> ShownWidget[Next]:
    """Give the widget on a page, of either generation, for `Identify` or another screen.

    Waits until it is there. `leads_to` makes the page to which the widget sends the user.
    """
    await page.locator(WIDGET_IS_THERE).first.wait_for()
    is_third = await page.locator(THIRD_GENERATION_IS_THERE).count() > 0
    return ShownWidget(page, leads_to, THIRD_GENERATION if is_third else SECOND_GENERATION)


class IdentityScreen(AnyScreen[Next]):
    """One screen of the widget; awaiting one waits for it."""

    shown_by: ClassVar[ShownBy]
    selectors: IdentitySelectors

    async def user(self) -> str:
        """Read whose sign-in it is; empty where the screen does not say."""
        shown = self._find(self.selectors.user)
        return (await shown.first.inner_text()).strip() if await shown.count() else ""

    async def field_error(self) -> str:
        """Read the error below a field; empty when there is none."""
        shown = self._find(self.selectors.field_error)
        return (await shown.first.inner_text()).strip() if await shown.count() else ""

    async def cancel(self) -> Identify[Next]:
        """Give up by the link "Back to sign in"."""
        from mock_okta_harness.async_pages.identity.sign_in import Identify  # noqa: PLC0415 -- it leads here

        return await self._follow(self.selectors.cancel, Identify)

    def _shown_as(self) -> str:
        is_third = self.selectors.generation == THIRD_GENERATION.generation
        return self.shown_by.third if is_third else self.shown_by.second


class IdentityForm(Submits[Next], IdentityScreen[Next]):
    """A screen with a button that sends what is in it.

    It has three ways out: `submit` to the page behind the widget, `submit_to` another screen, and
    `be_refused`, after which the same screen shows why.
    """

    async def be_refused(self) -> Self:
        """Send what stands in the form, until it shows why not and takes another try."""
        return await self._press_until_refused(self._submit_button)

    @property
    def _submit_button(self) -> str:
        return self.selectors.submit
