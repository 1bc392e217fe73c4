"""The time of one bare RSA-2048 signature on this machine, now."""

import subprocess
import sys
import time
from functools import cache
from statistics import median

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

__all__ = ["signature_scaling", "signature_seconds"]

_INPUT = b"x" * 600
_BATCHES = 7
_SCALING_SECONDS = 1.0
_COUNT = f"""
import time
from bench.reference import signatures_until
print(signatures_until(time.perf_counter() + {_SCALING_SECONDS}))
"""


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


def signatures_until(deadline: float) -> int:
    """Return how many signatures this process makes until `deadline`, by the monotonic clock."""
    key, scheme, digest = _key(), padding.PKCS1v15(), SHA256()
    done = 0
    while time.perf_counter() < deadline:
        key.sign(_INPUT, scheme, digest)
        done += 1
    return done


def signature_scaling() -> float:
    """Return how many times as many signatures two processes make as one.

    A server that signs cannot gain more from a second core.
    """
    (one,) = _counted_at_once(1)
    return sum(_counted_at_once(2)) / one


def _counted_at_once(processes: int) -> list[int]:
    command = (sys.executable, "-c", _COUNT)
    children = [
        subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603 -- our own command
        for _ in range(processes)
    ]
    return [int(child.communicate()[0]) for child in children]
