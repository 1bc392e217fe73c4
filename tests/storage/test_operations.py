"""How many storage operations a sign-in takes: on a remote backend each is a round trip."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta
from tests.storage.counting import counting
from tests.visiting import SEED, Visitor

MOST = {"authn": 10, "authorize": 10, "token": 11}
"""Two of each are for the rate limit: which there are, and the count."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the org asks of its storage, in order."""
    asked: list[str] = []
    monkeypatch.setattr("mock_okta.process.server.in_memory", counting(asked))
    return asked


@pytest.fixture
async def browser(asked: list[str], shared_pool: KeyPool) -> AsyncIterator[Visitor]:
    """A browser that nobody has signed in with; what came before counts for nothing."""
    async with (
        MockOkta(Config(seed=SEED), key_pool=shared_pool) as org,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        asked.clear()
        yield Visitor(org, http)


def _taken(asked: list[str]) -> list[str]:
    taken = list(asked)
    asked.clear()
    return taken


async def test_a_code_flow_takes_no_more_storage_operations_than_it_may(
    browser: Visitor, asked: list[str]
) -> None:
    token = await browser.session_token()
    taken = {"authn": _taken(asked)}
    answer = await browser.authorize({"sessionToken": token})
    taken["authorize"] = _taken(asked)
    redeemed = await browser.redeem(answer.returned["code"])
    taken["token"] = _taken(asked)
    assert redeemed.status == 200
    for request, operations in taken.items():
        assert 0 < len(operations) <= MOST[request], (request, operations)
