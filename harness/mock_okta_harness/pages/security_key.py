"""A security key that is not there: Chromium's own, driven through its debugging protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

__all__ = ["SecurityKey"]


class SecurityKey:
    """A key in the browser of a page; it signs whatever it is asked to, until it is told not to.

    Chromium alone has such keys, and browsers talk to keys on https or on localhost alone.
    """

    def __init__(self, session: CDPSession, authenticator_id: str) -> None:
        self._session = session
        self._authenticator_id = authenticator_id

    @classmethod
    def plug_in(cls, page: Page) -> SecurityKey:
        """Give the browser of a page a key, on which nothing is enrolled."""
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "usb",
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
        """Forget all that was enrolled on the key."""
        self._tell("WebAuthn.clearCredentials")

    def touch(self, *, is_touched: bool) -> None:
        """Touch the key whenever it asks, or let it wait."""
        self._tell("WebAuthn.setAutomaticPresenceSimulation", enabled=is_touched)

    def _tell(self, command: str, **parameters: object) -> None:
        self._session.send(command, {"authenticatorId": self._authenticator_id, **parameters})
