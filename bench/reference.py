"""What one bare RSA-2048 signature costs on this machine, now."""

import time
from functools import cache
from statistics import median

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

__all__ = ["signature_seconds"]

_INPUT = b"x" * 600
_BATCHES = 7


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signature_seconds(batch: int = 60) -> float:
    """Return the CPU seconds of one signature: the median of a few batches."""
    key, scheme, digest = _key(), padding.PKCS1v15(), SHA256()
    found = []
    for _ in range(_BATCHES):
        started = time.process_time()
        for _ in range(batch):
            key.sign(_INPUT, scheme, digest)
        found.append((time.process_time() - started) / batch)
    return median(found)
