"""How many storage operations a sign-in takes: on a remote backend each is a round trip."""

from collections.abc import AsyncIterator
from operator import le

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.storage import COLLECTIONS
from tests.storage.counting import counting
from tests.visiting import SEED, Visitor

MOST = {"authn": (5, 7), "authorize": (6, 6), "token": (6, 11)}
"""Those of what comes and goes, and those of set-up, which a process may keep.

Of the first, one of each is the rate limit's count and one the recorded request; authn notes when
the user last signed in. Of the second, one
each is for the clock, the planned faults and the rate limits; token has four for keys, two of them
the first time only.
"""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the org asks of its storage, in order."""
    asked: list[str] = []
    monkeypatch.setattr("mock_okta.process.server.in_memory", counting(asked))
    return asked


@pytest.fixture
async def newcomer(asked: list[str], shared_pool: KeyPool) -> AsyncIterator[Visitor]:
    """A browser that nobody has signed in with; what came before counts for nothing."""
    async with (
        MockOkta(Config(seed=SEED), key_pool=shared_pool) as org,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        asked.clear()
        yield Visitor(org, http)


def _is_of_setup(operation: str) -> bool:
    kept = COLLECTIONS.get(operation.partition(".")[0])
    return kept is not None and kept.is_setup


def _taken(asked: list[str]) -> list[str]:
    taken = list(asked)
    asked.clear()
    return taken


async def test_a_code_flow_takes_no_more_storage_operations_than_it_may(
    newcomer: Visitor, asked: list[str]
) -> None:
    token = await newcomer.session_token()
    taken = {"authn": _taken(asked)}
    answer = await newcomer.authorize({"sessionToken": token})
    taken["authorize"] = _taken(asked)
    redeemed = await newcomer.redeem(answer.returned["code"])
    taken["token"] = _taken(asked)
    assert redeemed.status == 200
    for request, operations in taken.items():
        lasting = [each for each in operations if not _is_of_setup(each)]
        found = (len(lasting), len(operations) - len(lasting))
        assert lasting
        assert all(map(le, found, MOST[request])), (request, operations)
