# Made of pages/security_key.py by `nox -s async_pages`: change that file.
"""A virtual security key: Chromium's own, controlled through its debugging protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

__all__ = ["SecurityKey"]


class SecurityKey:
    """A key in the browser of a page; it signs every request, until `touch` stops that.

    Only Chromium has such keys, and browsers use keys only on https or on localhost.
    """

    def __init__(self, session: CDPSession, authenticator_id: str) -> None:
        self._session = session
        self._authenticator_id = authenticator_id

    @classmethod
    async def plug_in(cls, page: Page, *, built_in: bool = False) -> SecurityKey:
        """Add a key to the browser of a page; nothing is enrolled on it.

        `built_in`: it is part of the device. What is enrolled on it is a passkey, which the browser
        offers beside the user's name where the page wants that.
        """
        session = await page.context.new_cdp_session(page)
        await session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal" if built_in else "usb",
            "hasResidentKey": built_in,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return cls(session, added["authenticatorId"])

    async def unplug(self) -> None:
        """Take the key, and all that was enrolled on it, away from the browser."""
        await self._tell("WebAuthn.removeVirtualAuthenticator")

    async def forget(self) -> None:
        """Remove everything that is enrolled on the key."""
        await self._tell("WebAuthn.clearCredentials")

    async def touch(self, *, is_touched: bool) -> None:
        """Touch the key whenever it asks; with False, let it wait."""
        await self._tell("WebAuthn.setAutomaticPresenceSimulation", enabled=is_touched)

    async def _tell(self, command: str, **parameters: object) -> None:
        await self._session.send(command, {"authenticatorId": self._authenticator_id, **parameters})
