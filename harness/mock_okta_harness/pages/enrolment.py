"""The screens on which a user sets factors up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.pages.screen import Form

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_okta_harness.pages.screen import ShownWidget

__all__ = [
    "ActivateTotp",
    "BarcodePush",
    "BarcodeTotp",
    "EnrollActivateEmail",
    "EnrollActivationLinkSent",
    "EnrollCall",
    "EnrollChoices",
    "EnrollEmail",
    "EnrollManualPush",
    "EnrollManualTotp",
    "EnrollQuestion",
    "EnrollSms",
    "EnrollTotp",
    "EnrollWebAuthn",
]

Next = TypeVar("Next")
Other = TypeVar("Other")


class EnrollChoices(Form[Next]):
    """The list of factors; `submit_to` sets the required ones up, `submit` ends with it."""

    controller = "enroll-choices"

    def factors(self) -> list[str]:
        """Read the names of all rows: `QUESTION`, `SMS`, `GOOGLE_AUTH`, `OKTA_VERIFY_PUSH` …."""
        rows = self._find(self.selectors.enrollable).all()
        return [row.get_attribute("data-se") or "" for row in rows]

    def set_up(self, name: str, screen: Callable[[ShownWidget[Next]], Other]) -> Other:
        """Set up the factor of that name, and give the screen that it begins with."""
        return self._follow(self.selectors.set_up.format(name), screen)


class _Enrol(Form[Next]):
    """A screen on the way to a new factor, from which a link leads back to the list."""

    def back(self) -> EnrollChoices[Next]:
        """Go back to the list."""
        return self._follow(self.selectors.back, EnrollChoices)


class EnrollQuestion(_Enrol[Next]):
    """A security question, and its answer."""

    controller = "enroll-question"

    def fill(self, question: str, answer: str) -> Self:
        """Pick a question by Okta's key, such as `disliked_food`, and type the answer."""
        # Where the widget draws a menu of its own, the real one is hidden.
        menu = self._find(self.selectors.question)
        menu.evaluate(_PICK, question)
        return self._type({self.selectors.answer: answer})


class _EnrollPhone(_Enrol[Next]):
    """A phone number, and then the code that it was told."""

    def send(self, phone_number: str) -> Self:
        """Type the number, have a code sent there, and wait until the screen asks for it."""
        self._type({self.selectors.phone_number: phone_number})
        self._find(self.selectors.send_to_phone).click()
        self._find(self.selectors.pass_code).wait_for()
        return self

    def fail_to_send(self, phone_number: str) -> Self:
        """Type a number, and ask for a code until the screen shows why there is none."""
        self._type({self.selectors.phone_number: phone_number})
        return self._press_until_refused(self.selectors.send_to_phone)

    def fill(self, code: str) -> Self:
        """Type the code."""
        return self._type({self.selectors.pass_code: code})


class EnrollSms(_EnrollPhone[Next]):
    """A phone that gets codes by SMS."""

    controller = "enroll-sms"


class EnrollCall(_EnrollPhone[Next]):
    """A phone that is called."""

    controller = "enroll-call"


class EnrollTotp(_Enrol[Next]):
    """The kind of phone on which an app shows codes, for Google Authenticator and Okta Verify."""

    controller = "enroll-totp"

    def on(self, device: str) -> BarcodeTotp[Next]:
        """Pick `APPLE` or `ANDROID`, and go on to the QR code of an app that shows codes."""
        return self._pick(device).submit_to(BarcodeTotp)

    def on_with_push(self, device: str) -> BarcodePush[Next]:
        """Pick `APPLE` or `ANDROID`, and go on to the QR code of an app that gets pushes."""
        return self._pick(device).submit_to(BarcodePush)

    def _pick(self, device: str) -> Self:
        self._find(self.selectors.device_type.format(device)).click()
        return self


class _Barcode(_Enrol[Next]):
    """A QR code for the app."""

    def qr_code(self) -> str:
        """Read the address of the picture with the QR code, once the browser has drawn it."""
        picture = self._find(self.selectors.qr_code)
        picture.evaluate("shown => shown.decode()")
        return picture.get_attribute("src") or ""


class BarcodeTotp(_Barcode[Next]):
    """The QR code for an app that shows codes."""

    controller = "barcode-totp"

    def scanned(self) -> ActivateTotp[Next]:
        """Go on to the field for the app's first code."""
        return self.submit_to(ActivateTotp)

    def set_up_manually(self) -> EnrollManualTotp[Next]:
        """Follow the link for those who cannot scan."""
        return self._follow(self.selectors.manual_setup, EnrollManualTotp)


class EnrollManualTotp(_Enrol[Next]):
    """The secret as text, for those who cannot scan."""

    controller = "enroll-manual-totp"

    def secret(self) -> str:
        """Read the secret, base32."""
        shown: str = self._find(self.selectors.secret).evaluate(_READ)
        return shown.strip()

    def scan_instead(self) -> BarcodeTotp[Next]:
        """Go back to the QR code."""
        return self._follow(self.selectors.scan_instead, BarcodeTotp)

    def typed(self) -> ActivateTotp[Next]:
        """Go on to the field for the app's first code."""
        return self.submit_to(ActivateTotp)


class ActivateTotp(_Enrol[Next]):
    """The first code that the app shows."""

    controller = "activate-totp"

    def fill(self, code: str) -> Self:
        """Type the code."""
        return self._type({self.selectors.pass_code: code})


class BarcodePush(_Barcode[Next]):
    """The QR code for Okta Verify, until the phone has scanned it."""

    controller = "barcode-push"

    def wait_for_scan(self) -> Next:
        """Give the page behind the widget, once the phone has scanned."""
        return self._leave()

    def wait_for_scan_to(self, screen: Callable[[ShownWidget[Next]], Other]) -> Other:
        """Give the screen that follows, once the phone has scanned."""
        return screen(self.widget)

    def wait_for_expiry(self) -> Self:
        """Wait until the screen offers a new QR code in place of one that is too old."""
        self._find(self.selectors.refresh_qr_code).wait_for()
        return self

    def refresh(self) -> Self:
        """Ask for a new QR code."""
        self._find(self.selectors.refresh_qr_code).click()
        return self

    def set_up_manually(self) -> EnrollManualPush[Next]:
        """Follow the link for those who cannot scan."""
        return self._follow(self.selectors.manual_setup, EnrollManualPush)


class EnrollManualPush(_Enrol[Next]):
    """How to get an activation link, for those who cannot scan."""

    controller = "enroll-manual-push"

    def send_email(self) -> EnrollActivationLinkSent[Next]:
        """Have a link sent by e-mail."""
        self._pick("EMAIL")
        return self.submit_to(EnrollActivationLinkSent)

    def send_sms(self, phone_number: str) -> EnrollActivationLinkSent[Next]:
        """Have a link sent to a phone number."""
        self._pick("SMS")
        self._type({self.selectors.phone_number: phone_number})
        return self.submit_to(EnrollActivationLinkSent)

    def scan_instead(self) -> BarcodePush[Next]:
        """Go back to the QR code."""
        return self._follow(self.selectors.scan_instead, BarcodePush)

    def _pick(self, way: str) -> None:
        self._find(self.selectors.activation_type).evaluate(_PICK, way)


class EnrollActivationLinkSent(_Enrol[Next]):
    """An activation link is on its way to the phone."""

    controller = "enroll-activation-link-sent"

    def wait_for_activation(self) -> Next:
        """Give the page behind the widget, once the link was used."""
        return self._leave()


class EnrollWebAuthn(_Enrol[Next]):
    """A security key, or what is built into the device."""

    controller = "enroll-webauthn"


class EnrollEmail(_Enrol[Next]):
    """The offer to send a code by e-mail; from 7.x on."""

    controller = "enroll-email"

    def send(self) -> EnrollActivateEmail[Next]:
        """Have a code sent."""
        return self.submit_to(EnrollActivateEmail)


class EnrollActivateEmail(_Enrol[Next]):
    """The code that came by e-mail; from 7.x on."""

    controller = "enroll-activate-email"

    def fill(self, code: str) -> Self:
        """Type the code."""
        return self._type({self.selectors.pass_code: code})


# A disabled field in one version, a paragraph in another.
_READ = "shown => shown.value || shown.innerText"
_PICK = """(menu, value) => {
    menu.value = value;
    menu.dispatchEvent(new Event("change", { bubbles: true }));
}"""
