"""Nonces that the org hands out for DPoP proofs (RFC 9449 8; facts/oauth E.8)."""

import hashlib
import hmac
from datetime import timedelta

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.jose import base64url
from mock_okta.model.org_state import Secret
from mock_okta.storage import Storage

__all__ = ["DpopNonces"]

_PERIOD = timedelta(days=1)
_STILL_TAKEN = 3
_SECRET = "DPoP nonces"


class DpopNonces(Struct, frozen=True, kw_only=True):
    """One nonce for each day, derived from the day and a secret; only the secret is stored.

    Okta changes its nonce every 24 hours, and accepts the old one for three more days. Whether
    these three days start with the change, as here, is unverified.
    """

    storage: Storage
    clock: Clock
    ids: Ids

    async def current(self) -> str:
        """Return today's nonce."""
        return _nonce(await self._secret(), self._day())

    async def is_good(self, nonce: str) -> bool:
        """Return whether the nonce is from today or one of the three days before."""
        secret, today = await self._secret(), self._day()
        return any(
            hmac.compare_digest(
                _nonce(secret, day).encode(), nonce.encode("utf-8", "surrogatepass")
            )
            for day in range(today, today - _STILL_TAKEN - 1, -1)
        )

    def _day(self) -> int:
        return self.clock.epoch() // int(_PERIOD.total_seconds())

    async def _secret(self) -> bytes:
        """Return the org's secret; the first call creates it."""
        while (kept := await self.storage.secrets.get(_SECRET)) is None:
            await self.storage.secrets.add(_SECRET, Secret(value=self.ids.opaque()))
        return kept.value.encode()


def _nonce(secret: bytes, day: int) -> str:
    digest = hmac.digest(secret, f"dpop-nonce {day}".encode(), hashlib.sha256)
    return base64url(digest[:24])
