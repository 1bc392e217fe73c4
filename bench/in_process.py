"""An org in this process: its start, reset and stop, and minting without HTTP."""

import time
from statistics import mean, median

import aiohttp

from bench.event_loop import run
from bench.reference import signature_seconds
from mock_okta import Clock, Config, KeyPool, MockOkta
from mock_okta.model.authorization_servers import Lifetimes
from mock_okta.model.seed import GivenSeed, default_seed
from mock_okta.services.services import Services
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.world import world_of
from mock_okta.storage import in_memory
from mock_okta.web.hosted_pages import path_to_recover

__all__ = ["life_seconds", "minting"]

_TOKENS = 2000


def life_seconds(repeats: int) -> dict[str, float]:
    """Return medians of start, reset and stop; the keys are there already."""
    return run(_life_seconds(repeats))


async def _life_seconds(repeats: int) -> dict[str, float]:
    pool = KeyPool()
    found: dict[str, list[float]] = {"start": [], "reset": [], "stop": []}
    async with aiohttp.ClientSession() as http:
        for _ in range(repeats):
            started = time.perf_counter()
            async with MockOkta(Config(), key_pool=pool) as org:
                found["start"].append(time.perf_counter() - started)
                started = time.perf_counter()
                async with http.post(f"{org.url}/_mock/reset") as answer:
                    answer.raise_for_status()
                found["reset"].append(time.perf_counter() - started)
                started = time.perf_counter()
            found["stop"].append(time.perf_counter() - started)
    pool.close()
    return {name: median(values) for name, values in found.items()}


def minting() -> dict[str, float]:
    """Return the rate of access tokens, as a share of the rate of bare signatures."""
    return run(_minting())


async def _minting() -> dict[str, float]:
    clock, pool = Clock(), KeyPool()
    storage = in_memory(clock)
    services = Services(world_of(storage, clock, pool), GivenSeed(default_seed()), path_to_recover)
    await services.seeding.start(services.given.whole)
    tokens = services.tokens
    server = await storage.authorization_servers.get("default")
    client = await storage.clients.get("0oa1svc00000000000h7")
    if server is None or client is None:
        raise RuntimeError("the default seed has changed")
    granted = Granted(
        server=server, client=client, user=None, scopes=("messages.read",), lifetimes=Lifetimes()
    )
    await tokens.access_token(granted)
    before = signature_seconds()
    started = time.process_time()
    made = [await tokens.access_token(granted) for _ in range(_TOKENS)]
    each = (time.process_time() - started) / _TOKENS
    reference = mean((before, signature_seconds()))
    if len(set(made)) != _TOKENS:
        raise ValueError("two tokens are the same")
    for token in made:
        if await tokens.verified(token, server) is None:
            raise ValueError("a token is not from the server")
    pool.close()
    return {"per_second": 1 / each, "of_bare_rate": reference / each, "reference": reference}
