"""Nonces that the org hands out for DPoP proofs (RFC 9449 8; facts/oauth E.8)."""

import hashlib
import hmac
from datetime import timedelta

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.jose import base64url

__all__ = ["DpopNonces"]

_PERIOD = timedelta(days=1)
_STILL_TAKEN = 3


class DpopNonces(Struct, frozen=True, kw_only=True):
    """A nonce a day, derived from the day and a secret: nothing is stored.

    Okta's is renewed every 24 hours, and the old one is still taken for three days. Unverified is
    whether these three days start with the renewal, as here.
    """

    clock: Clock
    secret: str

    def current(self) -> str:
        """Return the nonce of today."""
        return self._of(self._day())

    def is_good(self, nonce: str) -> bool:
        """Tell whether the nonce is today's or that of one of the three days before."""
        today = self._day()
        return any(
            hmac.compare_digest(self._of(day).encode(), nonce.encode("utf-8", "surrogatepass"))
            for day in range(today, today - _STILL_TAKEN - 1, -1)
        )

    def _day(self) -> int:
        return self.clock.epoch() // int(_PERIOD.total_seconds())

    def _of(self, day: int) -> str:
        digest = hmac.digest(self.secret.encode(), f"dpop-nonce {day}".encode(), hashlib.sha256)
        return base64url(digest[:24])
