"""Devices that a user activates: what they are asked, and their decision (facts/identity C.7)."""

from typing import Any

from msgspec import Struct

from mock_okta.idx.consents import asked_consent
from mock_okta.model.directory import User
from mock_okta.model.failures import NotAssigned, PolicyRefused, SpentOrExpired
from mock_okta.model.interactions import IdentityTransaction, Screen, Shown
from mock_okta.model.sessions import Session, SessionToken
from mock_okta.services.sign_in.devices import Devices
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.services.world import World

__all__ = ["Activations"]

_ACTIVATED = Shown(
    key="idx.device.activated", text="Follow the instructions on your device for next steps"
)
_NOT_ALLOWED = Shown(
    key="idx.device.not.activated.consent.denied",
    text="Your device cannot be activated because you did not allow access",
)
_NOT_ACTIVATED = Shown(
    key="idx.device.not.activated.internal.error",
    text="Your device cannot be activated because of an internal error",
    kind="ERROR",
)


class Activations(Struct, frozen=True, kw_only=True):
    """Lets users who signed in decide on devices."""

    world: World
    devices: Devices
    transactions: Transactions[IdentityTransaction]

    async def decide(
        self, transaction: IdentityTransaction, user: User, *, is_allowed: bool
    ) -> IdentityTransaction:
        """Allow or deny the device, once; that ends the transaction.

        Unverified: what Okta says to a user who may not use the app.
        """
        user_code = transaction.user_code or ""
        claimed = await self.transactions.claim(transaction)
        message = _ACTIVATED if is_allowed else _NOT_ALLOWED
        try:
            device = await self.devices.waiting(user_code)
            if is_allowed:
                lifetimes = await self.devices.access(device, user)
                proved = await self._proved(transaction, user)
                await self.devices.allow(user_code, proved, lifetimes)
            else:
                await self.devices.deny(user_code)
        except SpentOrExpired:
            message = _NOT_ACTIVATED
        except (NotAssigned, PolicyRefused):
            await self.devices.deny(user_code)
            message = _NOT_ACTIVATED
        return await self.transactions.advance(
            claimed, screen=Screen.OVER, message=message, draft={}, is_claimed=False
        )

    async def _proved(self, transaction: IdentityTransaction, user: User) -> Session | SessionToken:
        """Return how the user signed in: their session, or what they proved just now."""
        session = await self.world.storage.sessions.get(transaction.session_id or "")
        now = self.world.clock.now()
        return session or SessionToken(
            user_id=user.id,
            amr=transaction.amr,
            authenticated_at=now,
            expires_at=now,
            idp_id=transaction.idp_id,
        )

    async def question(self, user_code: str) -> dict[str, Any]:
        """Return what the user is asked about the device; raise SpentOrExpired."""
        device = await self.devices.waiting(user_code)
        kept = await self.world.storage.authorization_servers.get(device.server_id)
        if kept is None:
            raise SpentOrExpired("the authorization server is gone")
        server = self.world.issuers.seen(kept)
        return asked_consent(server, [server.scopes[name] for name in device.scopes])
