"""The gallery: a picture of each screen in each version, stored by the walks that reach it.

What is stored is also compared: each screen has to look the same on the org's hosted page.

`MOCK_OKTA_GALLERY` names its folder; without it the pictures are among pytest's temporary files.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Page

VARIABLE = "MOCK_OKTA_GALLERY"
PNG = b"\x89PNG\r\n\x1a\n"

# A beacon that moves may be gone in the next frame, so none of them is waited for by itself.
_UNTIL_NOTHING_MOVES = """widget => new Promise(done => {
    const look = before => {
        const boxes = [widget, ...widget.querySelectorAll(".auth-beacon")].map(each => {
            const {x, y, width, height} = each.getBoundingClientRect();
            return [x, y, width, height];
        });
        const now = JSON.stringify(boxes);
        return now === before ? done() : requestAnimationFrame(() => look(now));
    };
    look("");
})"""

# The screens of facts/classic C.2 and E by the widget's names, but those of factors that are
# not there yet; screens with several faces have one picture for each.
SCREENS = (
    "account-unlock",
    "account-unlock-email-sent",
    "account-unlocked",
    "activate-totp",
    "barcode-push",
    "barcode-totp",
    "enroll-activation-link-sent",
    "enroll-call",
    "enroll-choices",
    "enroll-manual-push",
    "enroll-manual-totp",
    "enroll-question",
    "enroll-sms",
    "enroll-totp",
    "enroll-webauthn",
    "forgot-password",
    "idp-discovery",
    "mfa-verify-call",
    "mfa-verify-email",
    "mfa-verify-google-otp",
    "mfa-verify-okta-otp",
    "mfa-verify-password",
    "mfa-verify-password-refused",
    "mfa-verify-push",
    "mfa-verify-push-rejected",
    "mfa-verify-push-timeout",
    "mfa-verify-question",
    "mfa-verify-sms",
    "password-expired",
    "password-expired-warning",
    "password-reset",
    "password-reset-email-sent",
    "primary-auth",
    "primary-auth-locked-out",
    "primary-auth-passwordless",
    "primary-auth-refused",
    "recovery-challenge",
    "recovery-loading",
    "recovery-question",
    "refresh-auth-state",
    "registration",
    "registration-complete",
    "verify-webauthn",
)
SCREENS_SINCE_3 = ("mfa-verify-push-number",)
SCREENS_OF_7 = ("enroll-activate-email", "enroll-email")


def shows(*screens: str, only_in_7: tuple[str, ...] = ()) -> pytest.MarkDecorator:
    """Say which screens a walk stores: it fails if it does not."""
    return pytest.mark.shows(*screens, only_in_7=only_in_7)


def promised(mark: pytest.Mark, widget: str) -> set[str]:
    """Which screens a walk stores with that version."""
    return {*mark.args, *(mark.kwargs["only_in_7"] if widget.startswith("7.") else ())}


class Gallery:
    """Stores pictures of a version's screens in its own folder, and compares their looks."""

    def __init__(
        self, page: Page, folder: Path, widget: str, differences: Callable[[], Iterable[str]]
    ) -> None:
        self.stored: set[str] = set()
        self._page = page
        self._folder = folder / widget
        self._differences = differences

    def store(self, screen: str) -> None:
        """Take a picture of the widget as it is now."""
        widget = self._page.locator("#okta-sign-in")
        widget.evaluate(_UNTIL_NOTHING_MOVES)
        picture = widget.screenshot(path=self._folder / f"{screen}.png", animations="disabled")
        assert picture.startswith(PNG)
        differences = list(self._differences())
        assert not differences, "\n".join([f"{screen} on the hosted page:", *differences])
        self.stored.add(screen)


def gallery_folder(temporary: pytest.TempPathFactory) -> Path:
    """Where pictures are stored."""
    named = os.environ.get(VARIABLE)
    return Path(named).absolute() if named else temporary.getbasetemp() / "gallery"
