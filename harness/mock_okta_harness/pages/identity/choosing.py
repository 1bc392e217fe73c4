"""The lists of authenticators, to prove one or to set one up."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from mock_okta_harness.pages.identity.screen import IdentityScreen
from mock_okta_harness.pages.selectors.identity import (
    SELECT_AUTHENTICATOR,
    SELECT_ENROLLMENT,
    SELECT_TO_UNLOCK,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_okta_harness.pages.any_screen import ShownWidget
    from mock_okta_harness.pages.selectors.identity import IdentitySelectors

__all__ = [
    "InAList",
    "SelectAuthenticator",
    "SelectEnrollment",
    "SelectToUnlock",
    "row_of",
    "rows_of",
]

Next = TypeVar("Next")
Other = TypeVar("Other")


class InAList(IdentityScreen[Next]):
    """A screen of one authenticator, which lists have in the named row.

    The second generation names the row otherwise if the authenticator has no other method.
    """

    row: ClassVar[str]
    row_alone: ClassVar[str] = ""


def rows_of(screen: object) -> tuple[str, ...]:
    """Give the names of the row that leads to a screen, which is a class of this package."""
    shown = cast("type[InAList[object]]", screen)
    return (shown.row, shown.row_alone) if shown.row_alone else (shown.row,)


def row_of(screen: object, selectors: IdentitySelectors) -> str:
    """Give the selector of the row that leads to a screen."""
    return f":is({', '.join(selectors.row.format(name) for name in rows_of(screen))})"


class _List(IdentityScreen[Next]):
    def choose(self, screen: Callable[[ShownWidget[Next]], Other]) -> Other:
        """Choose an authenticator, by the class of its screen, and give that screen."""
        return self._follow(row_of(screen, self.selectors), screen)

    def offered(self) -> list[str]:
        """Read what there is to choose from."""
        return [text.strip() for text in self._find(self.selectors.row_label).all_inner_texts()]


class SelectAuthenticator(_List[Next]):
    """By what the user shows who they are."""

    shown_by = SELECT_AUTHENTICATOR


class SelectToUnlock(_List[Next]):
    """By what an account shall be unlocked whose name was given before."""

    shown_by = SELECT_TO_UNLOCK


class SelectEnrollment(_List[Next]):
    """What the user may set up, or has to."""

    shown_by = SELECT_ENROLLMENT

    def later(self) -> Next:
        """Set up nothing more for now, and give the page behind the widget."""
        self._press(self.selectors.set_up_later)
        return self._leave()
