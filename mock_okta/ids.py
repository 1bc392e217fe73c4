"""Ids, codes and tokens in Okta's shapes: the only source of randomness.

The shapes are in facts/oauth F.8, from recorded traffic and Okta's references.
"""

import hashlib
import random
import string

from mock_okta.jose import base64url

__all__ = ["Ids", "derived_id", "derived_secret"]

_BASE62 = string.digits + string.ascii_letters
_CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ"


class Ids:
    """Makes the ids, codes and tokens of an org; with a seed, the same ones in every run."""

    def __init__(self, seed: int | None = None) -> None:
        self._random: random.Random = (
            random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 -- asked for
        )

    def object_id(self, prefix: str) -> str:
        """Return `prefix` and 17 letters and digits: `00u…`, `0oa…`, `oar…`."""
        return prefix + "".join(self._random.choices(_BASE62, k=17))

    def opaque(self, size: int = 32) -> str:
        """Return `size` random bytes as base64url: 43 characters for the usual 32 bytes."""
        return base64url(self._random.randbytes(size))

    def error_id(self) -> str:
        """Return `oae` and 22 characters."""
        return "oae" + self.opaque(17)[:22]

    def request_id(self) -> str:
        """Return 32 lower-case hexadecimal digits."""
        return self._random.randbytes(16).hex()

    def session_id(self) -> str:
        """Return `102` and 22 characters."""
        return "102" + self.opaque(17)[:22]

    def session_token(self) -> str:
        """Return `20111` and 50 characters."""
        return "20111" + self.opaque(38)[:50]

    def octets(self, size: int) -> bytes:
        """Return `size` random bytes."""
        return self._random.randbytes(size)

    def state_token(self) -> str:
        """Return `00` and 40 characters: a Classic state token (facts/classic C.0, 7)."""
        return "00" + self.opaque(30)

    def state_handle(self) -> str:
        """Return `02.id.` and 43 characters: the Identity Engine's state handle."""
        return "02.id." + self.opaque()

    def passcode(self, digits: int = 6) -> str:
        """Return decimal digits with leading zeros, for codes by SMS, call and e-mail."""
        return f"{self._random.randrange(10**digits):0{digits}d}"

    def link_token(self) -> str:
        """Return 20 characters: a recovery or activation token, as in links."""
        return self.opaque(15)

    def user_code(self) -> str:
        """Return 8 capital letters without vowels, so that they form no words (RFC 8628 6.1)."""
        return "".join(self._random.choices(_CONSONANTS, k=8))

    def device_code(self) -> str:
        """Return a random UUID (RFC 9562 5.4)."""
        octets = bytearray(self._random.randbytes(16))
        octets[6], octets[8] = octets[6] & 0x0F | 0x40, octets[8] & 0x3F | 0x80
        digits = octets.hex()
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def device_token(self) -> str:
        """Return `DI0` and 22 characters: the cookie `DT`."""
        return "DI0" + self.opaque(17)[:22]


def derived_id(prefix: str, name: str) -> str:
    """Return an object id that is the same in every run for the same name."""
    number = int.from_bytes(hashlib.sha256(f"{prefix}:{name}".encode()).digest())
    letters = []
    for _ in range(17):
        number, digit = divmod(number, 62)
        letters.append(_BASE62[digit])
    return prefix + "".join(letters)


def derived_secret(name: str) -> str:
    """Return a client secret (64 characters) that is the same in every run: test data."""
    digest = hashlib.sha384(f"client_secret:{name}".encode()).digest()
    return base64url(digest)
