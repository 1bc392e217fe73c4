"""A virtual security key: Chromium's own, controlled through its debugging protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

__all__ = ["SecurityKey"]


class SecurityKey:
    """A key in the browser of a page; it signs every request, until `touch` stops that.

    Only Chromium has such keys, and browsers use keys only on https or on localhost.
    """

    def __init__(self, session: CDPSession, authenticator_id: str) -> None:
        self._session = session
        self._authenticator_id = authenticator_id

    @classmethod
    def plug_in(cls, page: Page, *, built_in: bool = False) -> SecurityKey:
        """Add a key to the browser of a page; nothing is enrolled on it.

        `built_in`: it is part of the device. What is enrolled on it is a passkey, which the browser
        offers beside the user's name where the page wants that.
        """
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal" if built_in else "usb",
            "hasResidentKey": built_in,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return cls(session, added["authenticatorId"])

    def unplug(self) -> None:
        """Take the key, and all that was enrolled on it, away from the browser."""
        self._tell("WebAuthn.removeVirtualAuthenticator")

    def forget(self) -> None:
        """Remove everything that is enrolled on the key."""
        self._tell("WebAuthn.clearCredentials")

    def touch(self, *, is_touched: bool) -> None:
        """Touch the key whenever it asks; with False, let it wait."""
        self._tell("WebAuthn.setAutomaticPresenceSimulation", enabled=is_touched)

    def _tell(self, command: str, **parameters: object) -> None:
        self._session.send(command, {"authenticatorId": self._authenticator_id, **parameters})
