# Made of pages/passwords.py by `nox -s async_pages`: change that file.
"""The screens on which a user sets a new password."""

from __future__ import annotations

from typing import Self, TypeVar

from mock_okta_harness.async_pages.screen import Form

__all__ = ["PasswordExpired", "PasswordReset"]

Next = TypeVar("Next")


class PasswordExpired(Form[Next]):
    """A password that has expired, or will expire soon: then the user can skip the screen."""

    controller = "password-expired"

    async def change(self, old: str, new: str) -> Next:
        """Change the password to one that the policy allows; return the page behind the widget."""
        return await (await self.fill(old, new)).submit()

    async def fill(self, old: str, new: str, repeated: str | None = None) -> Self:
        """Type the old password, and the new one twice."""
        return await self._type(
            {
                self.selectors.old_password: old,
                self.selectors.new_password: new,
                self.selectors.confirm_password: new if repeated is None else repeated,
            }
        )

    async def can_be_skipped(self) -> bool:
        """Return whether the screen can be skipped: the password still works."""
        return await self._find(self.selectors.skip).count() > 0

    async def skip(self) -> Next:
        """Keep the password for now; return the page behind the widget."""
        await self._press(self.selectors.skip)
        return await self._leave()


class PasswordReset(Form[Next]):
    """A new password, for a user who has proved their identity in another way."""

    controller = "password-reset"

    async def reset(self, new: str) -> Next:
        """Set a password that the policy allows; return the page behind the widget."""
        return await (await self.fill(new)).submit()

    async def fill(self, new: str, repeated: str | None = None) -> Self:
        """Type the new password twice."""
        return await self._type(
            {
                self.selectors.new_password: new,
                self.selectors.confirm_password: new if repeated is None else repeated,
            }
        )
