"""What an org keeps stays bounded, however long it runs."""

from datetime import timedelta

import aiohttp
import pytest

from mock_okta import Clock, Config, KeyPool, MockOkta
from mock_okta.services.directory.outbox import MOST_MESSAGES, Outbox
from mock_okta.services.world import world_of
from mock_okta.storage import COLLECTIONS, Storage, in_memory
from tests.visiting import SEED, Visitor

FLOWS = 12
LIFETIMES = 6
LONGEST = timedelta(days=8)
"""Longer than anything lives that a flow leaves: an idle refresh token lives seven days."""


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Storage]:
    """The storages of the orgs that the test starts."""
    opened: list[Storage] = []

    def opening(clock: Clock) -> Storage:
        opened.append(in_memory(clock))
        return opened[-1]

    monkeypatch.setattr("mock_okta.process.server.in_memory", opening)
    return opened


async def _counts(kept: list[Storage]) -> dict[str, int]:
    return {
        name: len(records)
        for name, records in (await kept[0].records()).items()
        if not COLLECTIONS[name].is_setup
    }


async def test_what_flows_leave_is_gone_within_a_minute_of_its_end(
    kept: list[Storage], shared_pool: KeyPool
) -> None:
    async with (
        MockOkta(Config(seed=SEED), key_pool=shared_pool) as org,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        org.clock.freeze()
        visitor = Visitor(org, http)
        seen = []
        for _ in range(LIFETIMES):
            for _ in range(FLOWS):
                tokens = await visitor.tokens()
                await visitor.refresh(tokens["refresh_token"])
                await visitor.post("revoke", {"token": tokens["access_token"]})
            seen.append(await _counts(kept))
            org.clock.advance(LONGEST)
        await visitor.tokens()
        org.clock.advance(timedelta(minutes=1))
        last = await visitor.tokens()
    assert (seen[0]["sessions"], seen[0]["refresh_tokens"]) == (FLOWS, 2 * FLOWS)
    assert seen[1:] == seen[:-1]
    assert last["access_token"]
    assert (await _counts(kept))["refresh_tokens"] == 2


async def test_what_lives_is_kept_however_much_comes(shared_pool: KeyPool) -> None:
    async with (
        MockOkta(Config(seed=SEED), key_pool=shared_pool) as org,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        org.clock.freeze()
        visitor = Visitor(org, http)
        first = (await visitor.tokens())["refresh_token"]
        for _ in range(6):
            org.clock.advance(timedelta(days=1))
            await visitor.tokens()
        assert (await visitor.refresh(first)).status == 200


async def test_the_outbox_keeps_the_last_thousand_messages(shared_pool: KeyPool) -> None:
    clock = Clock()
    outbox = Outbox(world=world_of(in_memory(clock), clock, shared_pool))
    for number in range(MOST_MESSAGES + 5):
        await outbox.send_push("phone", f"text {number}")
    texts = [message.text for message in await outbox.messages()]
    assert (texts[0], len(texts)) == ("text 5", MOST_MESSAGES)
