"""Rates and CPU time of an org under a load; all tokens are verified afterwards."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

import jwt

from bench.event_loop import run
from bench.loads import Load, keys
from bench.org_process import OrgProcess
from bench.reference import signature_seconds
from bench.wire import Connection

__all__ = ["Rate", "measured", "sent", "verified"]

_WARM_UP_SECONDS = 1.0
_SLICES = 6
_MOST_ROUNDS = 100_000


@dataclass(frozen=True, kw_only=True)
class Rate:
    """The result of one load; `reference` is the CPU time of a bare signature at the same time.

    `beside_seconds`: the CPU time of another server, which the org asks.
    """

    rounds: int
    seconds: float
    cpu_seconds: float
    reference: float
    beside_seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Rounds in a second of wall time."""
        return self.rounds / self.seconds

    @property
    def cpu_each(self) -> float:
        """The org's CPU seconds for a round."""
        return self.cpu_seconds / self.rounds

    @property
    def beside_each(self) -> float:
        """The other server's CPU seconds for a round."""
        return self.beside_seconds / self.rounds


def measured(  # noqa: PLR0913 -- a load, how much of it, and what is done with its tokens
    org: OrgProcess,
    load: Load,
    seconds: float,
    connections: int,
    *,
    most_rounds: int = _MOST_ROUNDS,
    verifies: bool = True,
    beside: Callable[[], float] = float,
) -> Rate:
    """Send the load for some seconds over some connections; verify the tokens.

    `most_rounds`: in the warm-up and in each slice. `beside`: the CPU time of another server.

    The load is sent in slices, with bare signatures between them: other work of the machine then
    slows both in the same way.
    """
    run(sent(org, load, connections, _until(_WARM_UP_SECONDS, most_rounds)))
    references = [signature_seconds()]
    rounds, elapsed, cpu, other = 0, 0.0, 0.0, 0.0
    for _ in range(_SLICES):
        cpu -= org.cpu_seconds()
        other -= beside()
        elapsed -= time.perf_counter()
        tokens = run(sent(org, load, connections, _until(seconds / _SLICES, most_rounds)))
        elapsed += time.perf_counter()
        cpu += org.cpu_seconds()
        other += beside()
        rounds += len(tokens)
        references.append(signature_seconds())
        if verifies:
            run(verified(org, (token for each in tokens for token in each)))
    return Rate(
        rounds=rounds,
        seconds=elapsed,
        cpu_seconds=cpu,
        reference=mean(references),
        beside_seconds=other,
    )


def _until(seconds: float, most_rounds: int) -> Callable[[int], bool]:
    deadline = time.perf_counter() + seconds
    return lambda done: done < most_rounds and time.perf_counter() < deadline


async def sent(
    org: OrgProcess, load: Load, connections: int, goes_on: Callable[[int], bool]
) -> list[Sequence[str]]:
    """Send rounds while `goes_on(number of rounds done)`; return each round's tokens."""
    found: list[Sequence[str]] = []
    opened = [await Connection.to(org.port) for _ in range(connections)]

    async def rounds(connection: Connection) -> None:
        while goes_on(len(found)):
            found.append(await load.once(connection))

    gc.freeze()  # the client's garbage collection is not measured
    try:
        await asyncio.gather(*(rounds(connection) for connection in opened))
    finally:
        gc.unfreeze()
        for connection in opened:
            connection.close()
    return found


async def verified(org: OrgProcess, tokens: Iterable[str]) -> int:
    """Verify every token by the published keys; return how many. No `jti` may come twice."""
    connection = await Connection.to(org.port)
    found = {jwk["kid"]: jwt.PyJWK(jwk) for jwk in await keys(connection)}
    connection.close()
    seen: set[str] = set()
    for token in tokens:
        kid = jwt.get_unverified_header(token)["kid"]
        claims = jwt.decode(
            token,
            found[kid],
            algorithms=["RS256"],
            # the org's clock may be ahead
            options={"verify_aud": False, "verify_iat": False},
        )
        if claims["jti"] in seen:
            raise ValueError(f"two tokens have the jti {claims['jti']}")
        seen.add(claims["jti"])
    return len(seen)
