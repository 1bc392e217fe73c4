"""Devices that wait for a user to allow them (RFC 8628; facts/oauth D.9, E.5)."""

from datetime import timedelta

import msgspec
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.model.authorization_servers import AuthorizationServer, Lifetimes
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.failures import SpentOrExpired, TooManyGuesses
from mock_okta.model.grants import (
    Activation,
    DeviceAuthorization,
    DeviceDecision,
    Guesses,
    UserCode,
)
from mock_okta.model.sessions import Session, SessionToken
from mock_okta.services.tokens.access import lifetimes_for, user_is_assigned
from mock_okta.storage import Storage

__all__ = ["DEVICE_CODE", "DEVICE_CODE_LIFETIME", "POLLING_INTERVAL", "Devices", "plain_user_code"]

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
"""The grant type that access policies know devices by."""
DEVICE_CODE_LIFETIME = timedelta(seconds=600)
POLLING_INTERVAL = timedelta(seconds=5)
_MOST_GUESSES = 10


def plain_user_code(typed: str) -> str:
    """Return the code as it is stored: a person may type small letters, spaces or dashes."""
    return "".join(character for character in typed.upper() if character.isalnum())


class Devices(Struct, frozen=True, kw_only=True):
    """Keeps device requests and users' decisions; each device is decided once."""

    storage: Storage
    clock: Clock
    ids: Ids

    async def start(
        self, server: AuthorizationServer, client: Client, scopes: tuple[str, ...]
    ) -> tuple[str, str]:
        """Return a device code for the device, and a user code for its user."""
        ends_at = self.clock.now() + DEVICE_CODE_LIFETIME
        device_code, user_code = self.ids.device_code(), self.ids.user_code()
        kept = UserCode(device_code=device_code, expires_at=ends_at)
        while not await self.storage.user_codes.add(user_code, kept):
            user_code = self.ids.user_code()
        device = DeviceAuthorization(
            server_id=server.id,
            client_id=client.client_id,
            scopes=scopes,
            ends_at=ends_at,
            expires_at=ends_at + DEVICE_CODE_LIFETIME,
        )
        await self.storage.device_authorizations.put(device_code, device)
        return device_code, user_code

    async def waiting(self, user_code: str) -> DeviceAuthorization:
        """Return the device with this user code; raise SpentOrExpired."""
        kept = await self.storage.user_codes.get(user_code)
        device_code = "" if kept is None else kept.device_code
        device = await self.storage.device_authorizations.get(device_code)
        if device is None or device.ends_at <= self.clock.now():
            raise SpentOrExpired(user_code)
        return device

    async def entered(self, user_code: str, user_id: str) -> DeviceAuthorization:
        """Return the device whose code the user entered; raise SpentOrExpired, or TooManyGuesses.

        `user_id`: or what else tries are counted by, while the user is not known.

        RFC 8628 5.1: codes are short, so the number of tries is limited: ten wrong ones in the
        lifetime of a code. Each try is counted before the lookup, so that parallel tries count too;
        a right one is subtracted again. Okta's own limit is unknown.
        """
        guesses = self.storage.user_code_guesses
        if await self._guessed(user_id) > _MOST_GUESSES:
            raise TooManyGuesses(user_code)
        device = await self.waiting(user_code)
        await guesses.update(
            user_id, lambda kept: msgspec.structs.replace(kept, count=kept.count - 1)
        )
        return device

    async def _guessed(self, user_id: str) -> int:
        """Count one more guess; return the number of guesses."""
        first = Guesses(count=1, expires_at=self.clock.now() + DEVICE_CODE_LIFETIME)

        def counted(kept: Guesses) -> Guesses:
            if kept.expires_at > first.expires_at:  # the clock was moved back
                return first
            return msgspec.structs.replace(kept, count=kept.count + 1)

        guesses = self.storage.user_code_guesses
        if await guesses.add(user_id, first):
            return 1
        found = await guesses.update(user_id, counted)
        return 1 if found is None else found.count

    async def ask(self, user_code: str, session: Session) -> str:
        """Return a one-time key with which the session can decide on the device."""
        key = self.ids.opaque()
        activation = Activation(
            user_code=user_code,
            session_id=session.id,
            expires_at=self.clock.now() + DEVICE_CODE_LIFETIME,
        )
        await self.storage.activations.put(key, activation)
        return key

    async def answered(self, key: str, session: Session | None) -> str:
        """Use up the key; return its user code. Raises SpentOrExpired, also for another session."""
        activation = await self.storage.activations.take(key)
        if activation is None:
            raise SpentOrExpired(key)
        if session is None or session.id != activation.session_id:
            raise SpentOrExpired(key)
        return activation.user_code

    async def access(self, device: DeviceAuthorization, user: User) -> Lifetimes:
        """Return the lifetimes of the tokens that the device gets for the user.

        Raises SpentOrExpired if its app or server is gone, NotAssigned, PolicyRefused.
        """
        server = await self.storage.authorization_servers.get(device.server_id)
        client = await self.storage.clients.get(device.client_id)
        if server is None or client is None:
            raise SpentOrExpired(device.client_id)
        await user_is_assigned(self.storage, client, user)
        return lifetimes_for(server, client, DEVICE_CODE, user, device.scopes)

    async def allow(
        self, user_code: str, session: Session | SessionToken, lifetimes: Lifetimes
    ) -> None:
        """Allow the device to get tokens for the user who signed in so; raise SpentOrExpired."""

        def allowed(kept: DeviceAuthorization) -> DeviceAuthorization:
            return msgspec.structs.replace(
                kept,
                decision=DeviceDecision.ALLOWED,
                user_id=session.user_id,
                lifetimes=lifetimes,
                amr=session.amr,
                authenticated_at=session.authenticated_at,
                idp_id=session.idp_id,
            )

        device_code = await self._decided(user_code)
        await self.storage.device_authorizations.update(device_code, allowed)

    async def deny(self, user_code: str) -> None:
        """Refuse the device; raise SpentOrExpired."""
        device_code = await self._decided(user_code)
        await self.storage.device_authorizations.update(
            device_code, lambda kept: msgspec.structs.replace(kept, decision=DeviceDecision.DENIED)
        )

    async def _decided(self, user_code: str) -> str:
        """Remove the user code, so that nobody decides again; return its device code."""
        kept = await self.storage.user_codes.take(user_code)
        if kept is None:
            raise SpentOrExpired(user_code)
        return kept.device_code

    async def polls_too_fast(self, device_code: str) -> bool:
        """Record a poll of the device; return whether the poll before was too recent.

        The interval does not grow here, though a client must increase its own (RFC 8628 3.5).
        """
        now, earlier = self.clock.now(), None

        def polled(kept: DeviceAuthorization) -> DeviceAuthorization:
            nonlocal earlier
            earlier = kept.polled_at
            return msgspec.structs.replace(kept, polled_at=now)

        await self.storage.device_authorizations.update(device_code, polled)
        return earlier is not None and now - earlier < POLLING_INTERVAL
