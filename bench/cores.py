"""Which cores a process may run on, where the platform lets us say so."""

import os
from collections.abc import Sequence

__all__ = ["available", "pin"]


def available() -> Sequence[int]:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return range(os.cpu_count() or 1)


def pin(pid: int, cores: Sequence[int]) -> None:
    """Keep a process to some cores; elsewhere than on Linux do nothing."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, cores)
