"""Whether memory stays flat while users come and go."""

from dataclasses import dataclass

from bench.event_loop import run
from bench.loads import offline_flow
from bench.org_process import OrgProcess
from bench.under_load import sent, verified

__all__ = ["Memory", "memory_over"]

_ROUNDS = 10
_LIFETIME_OF_ALL = 8 * 24 * 3600
"""An idle refresh token lives longest: seven days."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Resident bytes by number of flows, and the bytes of one flow while it is live."""

    flows: tuple[int, ...]
    resident: tuple[int, ...]
    live_bytes_each: float

    @property
    def growth(self) -> int:
        """Growth over the second half of the flows, in bytes; negative where memory shrank."""
        return self.resident[-1] - self.resident[len(self.resident) // 2]


def memory_over(org: OrgProcess, flows: int, connections: int) -> Memory:
    """Send code flows in ten parts; after each, the org's clock moves past every lifetime.

    Two more parts at the end measure what one flow takes while it is live: the first fills the
    memory that earlier parts left to the process, and the second needs new memory.
    """
    part = max(1, flows // _ROUNDS)
    load = offline_flow(org)

    def send_part() -> int:
        tokens = run(sent(org, load, connections, lambda count: count < part))
        run(verified(org, (token for each in tokens for token in each)))
        return len(tokens)

    done, resident = [0], [org.resident_bytes()]
    for _ in range(_ROUNDS):
        done.append(done[-1] + send_part())
        resident.append(org.resident_bytes())
        org.control("POST", "/clock/advance", {"seconds": _LIFETIME_OF_ALL})
    send_part()
    before = org.resident_bytes()
    live = send_part()
    live_bytes_each = (org.resident_bytes() - before) / live
    return Memory(flows=tuple(done), resident=tuple(resident), live_bytes_each=live_bytes_each)
