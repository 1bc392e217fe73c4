"""A process that serves the tests' org until it is killed: `serving_org.py PORT STORAGE`."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mock_okta import Config, MockOkta
from tests.visiting import SEED


async def main(port: str, storage: str) -> None:
    """Serve, and say so."""
    async with MockOkta(Config(seed=SEED, port=int(port), storage=storage)):
        print("serves", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
