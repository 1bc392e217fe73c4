"""A process of its own that races others for records: `racing.py STORAGE CALLERS`.

It waits for a line on its standard input, and then prints what it got as JSON.
"""

import asyncio
import json
import sys
from datetime import timedelta

from mock_okta import Clock
from mock_okta.model.directory import Login
from mock_okta.storage import Storage, opened, place_of


async def raced(storage: Storage, callers: int) -> dict[str, int]:
    """Add, take, update and upsert the same keys from many callers at once; count the successes."""

    def one_more(kept: Login | None) -> Login:
        return Login(user_id=(kept.user_id if kept else "") + "x")

    async def caller() -> tuple[int, int]:
        added = taken = 0
        for number in range(20):
            added += await storage.logins.add(f"added {number}", Login(user_id="00u"))
            taken += await storage.logins.take(f"there {number}") is not None
            await storage.logins.update("updated", one_more)
            await storage.logins.upsert("upserted", one_more)
        return added, taken

    results = await asyncio.gather(*(caller() for _ in range(callers)))
    return {"added": sum(a for a, _ in results), "taken": sum(t for _, t in results)}


async def main(where: str, callers: str) -> None:
    """Open the storage, wait, race."""
    async with opened(place_of(where), Clock()) as storage:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        print(json.dumps(await asyncio.wait_for(raced(storage, int(callers)), _PATIENCE)))


_PATIENCE = timedelta(minutes=2).total_seconds()

if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
