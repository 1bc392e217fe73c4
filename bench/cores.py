"""Sets the cores that a process may run on, if the platform can do so."""

import os
from collections.abc import Sequence

__all__ = ["available", "pin"]


def available() -> Sequence[int]:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return range(os.cpu_count() or 1)


def pin(pid: int, cores: Sequence[int]) -> None:
    """Limit a process to some cores; does nothing except on Linux."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, cores)
