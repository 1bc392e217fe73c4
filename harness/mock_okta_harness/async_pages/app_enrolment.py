# Made of pages/app_enrolment.py by `nox -s async_pages`: change that file.
"""The screens on which a user sets up an app: Google Authenticator, or Okta Verify."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from mock_okta_harness.async_pages.enrolment import EnrolForm
from mock_okta_harness.async_pages.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mock_okta_harness.async_pages.screen import ShownWidget

__all__ = [
    "ActivateTotp",
    "BarcodePush",
    "BarcodeTotp",
    "EnrollActivationLinkSent",
    "EnrollManualPush",
    "EnrollManualTotp",
    "EnrollTotp",
]

Next = TypeVar("Next")
Other = TypeVar("Other")

# A disabled field in one version, a paragraph in another.
_READ = "shown => shown.value || shown.innerText"


class EnrollTotp(EnrolForm[Next]):
    """The kind of phone on which an app shows codes, for Google Authenticator and Okta Verify."""

    controller = "enroll-totp"

    async def on(self, device: str) -> BarcodeTotp[Next]:
        """Pick `APPLE` or `ANDROID`; return the QR code of an app that shows codes."""
        return await (await self._choose(device)).submit_to(BarcodeTotp)

    async def on_with_push(self, device: str) -> BarcodePush[Next]:
        """Pick `APPLE` or `ANDROID`; return the QR code of an app that gets pushes."""
        return await (await self._choose(device)).submit_to(BarcodePush)

    async def _choose(self, device: str) -> Self:
        await self._find(self.selectors.device_type.format(device)).click()
        return self


class _Barcode(EnrolForm[Next]):
    """A QR code for the app."""

    async def qr_code(self) -> str:
        """Read the address of the QR code's image, once the browser has drawn it."""
        picture = self._find(self.selectors.qr_code)
        await picture.evaluate("shown => shown.decode()")
        return await picture.get_attribute("src") or ""


class BarcodeTotp(_Barcode[Next]):
    """The QR code for an app that shows codes."""

    controller = "barcode-totp"

    async def scanned(self) -> ActivateTotp[Next]:
        """Continue to the field for the app's first code."""
        return await self.submit_to(ActivateTotp)

    async def set_up_manually(self) -> EnrollManualTotp[Next]:
        """Follow the link for users who cannot scan."""
        return await self._follow(self.selectors.manual_setup, EnrollManualTotp)


class EnrollManualTotp(EnrolForm[Next]):
    """The secret as text, for users who cannot scan."""

    controller = "enroll-manual-totp"

    async def secret(self) -> str:
        """Read the secret, base32."""
        shown: str = await self._find(self.selectors.secret).evaluate(_READ)
        return shown.strip()

    async def scan_instead(self) -> BarcodeTotp[Next]:
        """Go back to the QR code."""
        return await self._follow(self.selectors.scan_instead, BarcodeTotp)

    async def typed(self) -> ActivateTotp[Next]:
        """Continue to the field for the app's first code."""
        return await self.submit_to(ActivateTotp)


class ActivateTotp(EnrolForm[Next]):
    """The first code that the app shows."""

    controller = "activate-totp"

    async def fill(self, code: str) -> Self:
        """Type the code."""
        return await self._type({self.selectors.pass_code: code})


class BarcodePush(_Barcode[Next]):
    """The QR code for Okta Verify, until the phone has scanned it."""

    controller = "barcode-push"

    async def wait_for_scan(self) -> Next:
        """Wait until the phone has scanned; return the page behind the widget."""
        return await self._leave()

    async def wait_for_scan_to(
        self, screen: Callable[[ShownWidget[Next]], Awaitable[Other]]
    ) -> Other:
        """Wait until the phone has scanned; return the screen that follows."""
        return await screen(self.widget)

    async def wait_for_expiry(self) -> Self:
        """Wait until the QR code has expired and the screen offers a new one."""
        await self._find(self.selectors.refresh_qr_code).wait_for()
        return self

    async def refresh(self) -> Self:
        """Ask for a new QR code."""
        await self._press(self.selectors.refresh_qr_code)
        return self

    async def set_up_manually(self) -> EnrollManualPush[Next]:
        """Follow the link for users who cannot scan."""
        return await self._follow(self.selectors.manual_setup, EnrollManualPush)


class EnrollManualPush(EnrolForm[Next]):
    """The ways to get an activation link, for users who cannot scan."""

    controller = "enroll-manual-push"

    async def send_email(self) -> EnrollActivationLinkSent[Next]:
        """Have a link sent by e-mail."""
        await self._pick(self.selectors.activation_type, "EMAIL")
        return await self.submit_to(EnrollActivationLinkSent)

    async def send_sms(self, phone_number: str) -> EnrollActivationLinkSent[Next]:
        """Have a link sent to a phone number."""
        await self._pick(self.selectors.activation_type, "SMS")
        await self._type({self.selectors.phone_number: phone_number})
        return await self.submit_to(EnrollActivationLinkSent)

    async def scan_instead(self) -> BarcodePush[Next]:
        """Go back to the QR code."""
        return await self._follow(self.selectors.scan_instead, BarcodePush)


class EnrollActivationLinkSent(Screen[Next]):
    """An activation link was sent to the phone."""

    controller = "enroll-activation-link-sent"

    async def back(self) -> EnrollManualPush[Next]:
        """Go back to the ways to get a link."""
        return await self._follow(self.selectors.back, EnrollManualPush)

    async def wait_for_activation(self) -> Next:
        """Wait until the link was used; return the page behind the widget."""
        return await self._leave()
