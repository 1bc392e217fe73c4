"""An org as in a test: in its own thread, controlled by the harness over HTTP."""

import time
from statistics import median

from mock_okta import Config, KeyPool
from mock_okta_harness.running import org_in_a_thread

__all__ = ["org_seconds"]


def org_seconds(repeats: int) -> dict[str, float]:
    """Return medians of an org's start (without the first), and of its reset with users in it."""
    pool = KeyPool()
    starts, resets = [], []
    for _ in range(repeats + 1):
        started = time.perf_counter()
        with org_in_a_thread(Config(), pool) as org:
            starts.append(time.perf_counter() - started)
            org.control.is_ready()  # the first request of all is slower
            started = time.perf_counter()
            org.control.reset()
            resets.append(time.perf_counter() - started)
    pool.close()
    return {"ready": median(starts[1:]), "reset": median(resets[1:])}
