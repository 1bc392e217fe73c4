"""The generations of an org's records in Redis: one is valid, others are drafts or are removed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from mock_okta.clock import ClockState
from mock_okta.storage.ports import StorageError
from mock_okta.storage.redis_collections import RedisOrg
from mock_okta.storage.redis_scripts import CLEAR, RENEW, SWITCH
from mock_okta.storage.rows import instant

__all__ = ["Generations"]

_DRAFT_STAYS = timedelta(minutes=1)
"""So long after the last part came: then its process counts as dead."""
_FORMER_STAYS = timedelta(seconds=10)
"""As long as a request may take that began before a reset."""


class Draft:
    """A generation that is being written."""

    def __init__(self, name: str, org: RedisOrg, others: str) -> None:
        self.name = name
        self._org = org
        self._others = others

    async def renew(self) -> None:
        """Say that its process lives; raise StorageError if somebody may have removed it."""
        now, until = _from_now(timedelta()), _from_now(_DRAFT_STAYS)
        if not await self._org.link.run(RENEW, [self._others], self.name, now, until):
            raise _too_late()


class Generations:
    """Makes the next generation, and removes those that are no longer needed.

    Times are the machine's: the org's clock may stand still.
    """

    def __init__(self, org: RedisOrg, hashes: Callable[[str], Sequence[str]]) -> None:
        self._org = org
        self._hashes = hashes
        self._others = org.key("#generations")
        self._removing: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def next(self, begin_again: Sequence[str]) -> AsyncIterator[Draft]:
        """Return a new generation, which is valid from the end of the block on, in one step.

        `begin_again`: keys of logs and counts that are emptied in the same step.
        """
        link, state = self._org.link, self._org.state_key
        name = str(await link.ask("HINCRBY", state, "last", 1))
        await link.ask("ZADD", self._others, _from_now(_DRAFT_STAYS), name)
        try:
            yield Draft(name, self._org, self._others)
            now, until = _from_now(timedelta()), _from_now(_FORMER_STAYS)
            keys = [state, self._others, *begin_again]
            if not await link.run(SWITCH, keys, name, now, until):
                raise _too_late()
        finally:
            self.remove_old()

    def remove_old(self) -> None:
        """Begin to remove what is no longer needed, as soon as that is so."""
        if self._removing is None or self._removing.done():
            self._removing = asyncio.create_task(self._remove_all())

    async def close(self) -> None:
        """Leave the rest to the next start."""
        if self._removing is not None:
            self._removing.cancel()
            await asyncio.wait((self._removing,))

    async def _remove_all(self) -> None:
        with suppress(StorageError):  # the next reset or start does it
            while found := await self._org.link.ask("ZRANGE", self._others, 0, 0, "WITHSCORES"):
                generation, ends = found
                left = int(float(ends)) - _from_now(timedelta())
                if left > 0:
                    await asyncio.sleep(left / 1_000_000)
                    continue
                await asyncio.gather(*map(self._remove, self._hashes(generation.decode())))
                await self._org.link.ask("ZREM", self._others, generation)

    async def _remove(self, key: str) -> None:
        place = b"0"
        while (place := await self._org.link.run(CLEAR, [key], place)) != b"0":
            pass


def _too_late() -> StorageError:
    return StorageError("to write the org's records took too long: try again")


def _from_now(length: timedelta) -> int:
    return instant(ClockState().now() + length)
