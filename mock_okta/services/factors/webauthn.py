"""Security keys and built-in authenticators (WebAuthn)."""

from __future__ import annotations

import asyncio
import base64
import binascii
import importlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from mock_okta.jose import base64url
from mock_okta.model.factors import Factor, FactorKey, FactorStatus
from mock_okta.model.failures import WrongPasscode
from mock_okta.model.progress import Challenge
from mock_okta.services.directory.lookup import is_trusted
from mock_okta.services.factors.factor import Enrolment, FactorKind, Given
from mock_okta.services.factors.passcodes import PASSCODE_LIFETIME

if TYPE_CHECKING:
    from mock_okta.model.directory import User
    from mock_okta.services.factors.security_keys import Attested, Expected
    from mock_okta.services.world import World
    from mock_okta.storage import Storage

__all__ = ["WebAuthnFactor", "owner_of"]

_ALGORITHMS = (-7, -257)
"""ES256 and RS256 (RFC 8152 8.1, RFC 8812 2)."""


class ClientData(msgspec.Struct, frozen=True, kw_only=True):
    """The page's origin in what a browser signs (WebAuthn 5.8.1); `webauthn` checks the rest."""

    origin: str


class WebAuthnFactor(FactorKind, frozen=True, kw_only=True):
    """Asks a key to sign a challenge, on a page of the org or of a trusted origin.

    The widget names no relying party, so the relying party is the host of the page that shows the
    widget: the app's. A credential is bound to that host.
    """

    key = FactorKey.WEBAUTHN
    id_prefix = "fwf"
    amr = ("hwk",)

    world: World

    async def enroll(self, user: User, given: Given) -> Factor:
        return self.new_factor({})

    async def challenge(
        self, user: User, factor: Factor, before: Challenge | None
    ) -> Challenge | None:
        now = self.world.clock.now()
        value = self.world.ids.opaque()
        return Challenge(value=value, sent_at=now, expires_at=now + PASSCODE_LIFETIME)

    async def activate(
        self, user: User, factor: Factor, challenge: Challenge | None, given: Given
    ) -> Factor:
        client_data, attestation = _octets(given.client_data), _octets(given.attestation)
        expected = await self._expected(challenge, client_data)
        keys = await _keys()
        attested: Attested = await asyncio.to_thread(
            keys.registered, expected, client_data, attestation
        )
        credential_id = base64url(attested.credential_id)
        return msgspec.structs.replace(
            factor,
            status=FactorStatus.ACTIVE,
            profile={"credential_id": credential_id, "authenticator_name": "Security Key"},
            public_key=attested.public_key,
            counter=attested.count,
        )

    async def verify(
        self, user: User, factor: Factor, challenge: Challenge | None, given: Given
    ) -> Factor:
        client_data = _octets(given.client_data)
        expected = await self._expected(challenge, client_data)
        keys = await _keys()
        signed = keys.Signed(
            credential_id=_octets(factor.profile["credential_id"]),
            client_data=client_data,
            authenticator_data=_octets(given.authenticator_data),
            signature=_octets(given.signature_data),
        )
        count: int = await asyncio.to_thread(
            keys.asserted, expected, signed, factor.public_key or b"", factor.counter or 0
        )
        return msgspec.structs.replace(factor, counter=count)

    async def verifies_user(self, given: Given, *, is_enrolment: bool = False) -> bool:
        keys = await _keys()
        if is_enrolment:
            return bool(keys.is_attested_so(_octets(given.attestation)))
        return bool(keys.is_user_verified(_octets(given.authenticator_data)))

    def enrolment(self, user: User, factor: Factor, challenge: Challenge | None) -> Enrolment:
        return Enrolment(user_handle=_handle(user.id), algorithms=_ALGORITHMS)

    async def _expected(self, challenge: Challenge | None, client_data: bytes) -> Expected:
        """Return what has to be signed; raise WrongPasscode if no signature can be right."""
        if challenge is None or challenge.expires_at <= self.world.clock.now():
            raise WrongPasscode("The security key was asked too long ago. Please try again.")
        try:
            origin = msgspec.json.decode(client_data, type=ClientData).origin
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise WrongPasscode("The security key's answer cannot be read.") from error
        is_own = origin == self.world.url
        if not is_own and not await is_trusted(self.world.storage, origin, "CORS"):
            raise WrongPasscode(f"The page's origin {origin} is not trusted.")
        keys, kept = await _keys(), await self.world.storage.authenticators.get("webauthn")
        expected: Expected = keys.Expected(
            challenge=_octets(challenge.value),
            origin=origin,
            host=urlsplit(origin).hostname,
            verifies_user=kept is not None and kept.settings.user_verification == "REQUIRED",
        )
        return expected


async def _keys() -> Any:
    """Return the module that checks; a thread imports it, since that reads many files."""
    return await asyncio.to_thread(
        importlib.import_module, "mock_okta.services.factors.security_keys"
    )


def _octets(encoded: str) -> bytes:
    """Decode base64 in either alphabet: standard from clients, URL-safe in ids."""
    try:
        standard = encoded.replace("-", "+").replace("_", "/").rstrip("=")
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise WrongPasscode("The security key's answer is not base64.") from error


async def owner_of(storage: Storage, user_handle: str) -> User | None:
    """Return the user for whom a key has this handle (base64), or None."""
    try:
        octets = _octets(user_handle)
    except WrongPasscode:
        return None
    found = await storage.users.get(base64url(octets))
    return found or await storage.users.get(octets.decode(errors="replace"))


def _handle(user_id: str) -> str:
    """Return the user's id for security keys; clients decode it as base64url, and encode it again.

    An id that would not come back as it was is encoded once more.
    """
    try:
        comes_back = base64url(_octets(user_id)) == user_id
    except WrongPasscode:
        comes_back = False
    return user_id if comes_back else base64url(user_id.encode())
