"""Whether memory stays flat while users come and go."""

from dataclasses import dataclass

from bench.event_loop import run
from bench.loads import code_flow
from bench.org_process import OrgProcess
from bench.under_load import sent, verified

__all__ = ["Memory", "memory_over"]

_ROUNDS = 10
_LIFETIME_OF_ALL = 3 * 3600
_LIVE_ROUNDS = 2


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Resident bytes by number of flows: everything still live, then as time goes on."""

    flows: tuple[int, ...]
    resident: tuple[int, ...]
    live_bytes_each: float

    @property
    def growth(self) -> float:
        """Growth over the second half of the flows, as a part of what was there."""
        half = self.resident[len(self.resident) // 2]
        return self.resident[-1] / half - 1


def memory_over(org: OrgProcess, flows: int, connections: int) -> Memory:
    """Send code flows in ten parts; after each, the org's clock goes beyond every lifetime."""
    part = max(1, flows // _ROUNDS)
    load = code_flow(org)
    done, resident = [0], [org.resident_bytes()]
    live = 0.0
    for number in range(1, _ROUNDS + 1):
        before = org.resident_bytes()
        tokens = run(sent(org, load, connections, lambda count: count < part))
        if number == _LIVE_ROUNDS:  # the first one still warms up
            live = (org.resident_bytes() - before) / len(tokens)
        run(verified(org, (token for each in tokens for token in each)))
        done.append(done[-1] + len(tokens))
        resident.append(org.resident_bytes())
        org.control("POST", "/clock/advance", {"seconds": _LIFETIME_OF_ALL})
    return Memory(flows=tuple(done), resident=tuple(resident), live_bytes_each=live)
