"""Forgotten passwords, locked accounts, and new passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.pages.identity.choosing import SelectToUnlock, row_of
from mock_okta_harness.pages.identity.screen import IdentityForm
from mock_okta_harness.pages.selectors.identity import (
    IDENTIFY_RECOVERY,
    PASSWORD_EXPIRED,
    PASSWORD_WARNING,
    RESET_PASSWORD,
    UNLOCK_ACCOUNT,
    UNLOCK_IDENTIFY,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_okta_harness.pages.any_screen import ShownWidget

__all__ = [
    "ExpiredPassword",
    "ExpiringPassword",
    "IdentifyRecovery",
    "NewPassword",
    "ResetPassword",
    "UnlockAccount",
    "UnlockIdentify",
]

Next = TypeVar("Next")
Other = TypeVar("Other")


class IdentifyRecovery(IdentityForm[Next]):
    """Asks whose password was forgotten."""

    shown_by = IDENTIFY_RECOVERY

    def fill(self, login: str) -> Self:
        """Type the user name."""
        return self._type({self.selectors.identifier: login})


class UnlockIdentify(IdentityForm[Next]):
    """Asks whose account is locked, where the policy has the name asked first."""

    shown_by = UNLOCK_IDENTIFY

    def fill(self, login: str) -> Self:
        """Type the user name."""
        return self._type({self.selectors.identifier: login})

    def go_on(self, login: str) -> SelectToUnlock[Next]:
        """Give the name, and give the list that follows."""
        return self.fill(login).submit_to(SelectToUnlock)


class UnlockAccount(IdentityForm[Next]):
    """Asks whose account is locked, and by what it shall be unlocked."""

    shown_by = UNLOCK_ACCOUNT

    def choose(self, login: str, screen: Callable[[ShownWidget[Next]], Other]) -> Other:
        """Type the user name and choose an authenticator, by the class of its screen.

        The third generation shows the list on a page of its own.
        """
        self._type({self.selectors.identifier: login})
        row = self.page.locator(row_of(screen, self.selectors))
        if row.count() == 0:
            self._press(self.selectors.unlock_next)
        row.click()
        return screen(self.widget)


class NewPassword(IdentityForm[Next]):
    """What the screens have in common on which a user sets a password."""

    def set(self, password: str) -> Next:
        """Set a password as the policy wants it, and give the page behind the widget."""
        return self.fill(password).submit()

    def fill(self, password: str, repeated: str | None = None) -> Self:
        """Type the password twice."""
        again = password if repeated is None else repeated
        return self._type(
            {self.selectors.passcode: password, self.selectors.confirm_password: again}
        )


class ExpiredPassword(NewPassword[Next]):
    """A password that has expired."""

    shown_by = PASSWORD_EXPIRED


class ExpiringPassword(NewPassword[Next]):
    """A password that will expire soon."""

    shown_by = PASSWORD_WARNING

    def remind_me_later(self) -> Next:
        """Keep the password for now, and give the page behind the widget."""
        self._press(self.selectors.remind_me_later)
        return self._leave()


class ResetPassword(NewPassword[Next]):
    """A new password for a user who has shown by other means who they are."""

    shown_by = RESET_PASSWORD
