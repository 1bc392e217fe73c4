"""What a process remembers of set-up, and when it sees what others changed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from mock_okta import Clock
from mock_okta.model.directory import ApiToken
from mock_okta.model.org_state import Secret
from mock_okta.storage import COLLECTIONS, Storage, opened, place_of
from mock_okta.storage.cached import CachedBackend
from mock_okta.storage.memory import MemoryBackend


@pytest.fixture
async def two(shared: str) -> AsyncIterator[tuple[Storage, Storage]]:
    """One storage, as two processes have it."""
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(opened(place_of(shared), Clock())) for _ in range(2)
        ]
        yield one, other


def token(user_id: str) -> ApiToken:
    return ApiToken(token="t", user_id=user_id)


READS: list[Callable[[Storage], Any]] = [
    lambda storage: storage.api_tokens.get("t"),
    lambda storage: storage.api_tokens.get_many(["t", "none", "t"]),
    lambda storage: storage.api_tokens.values(),
    lambda storage: storage.api_tokens.all_by("user_id", "00u2"),
    lambda storage: storage.api_tokens.one_by("user_id", "00u2"),
]
WRITES: list[Callable[[Storage], Any]] = [
    lambda storage: storage.api_tokens.put("t", token("00u2")),
    lambda storage: storage.api_tokens.update("t", lambda _: token("00u2")),
    lambda storage: storage.api_tokens.upsert("t", lambda _: token("00u2")),
]
REMOVALS: list[Callable[[Storage], Any]] = [
    lambda storage: storage.api_tokens.take("t"),
    lambda storage: storage.api_tokens.remove_by("user_id", "00u1"),
    lambda storage: storage.api_tokens.clear(),
    lambda storage: storage.clear(),
    lambda storage: storage.restore({}),
]


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("write", WRITES)
async def test_a_change_of_this_process_is_seen_by_its_next_read(
    two: tuple[Storage, Storage], read: Callable[[Storage], Any], write: Callable[[Storage], Any]
) -> None:
    one, other = two
    await one.api_tokens.put("t", token("00u1"))
    before = await read(one)
    await write(one)
    await other.refresh()
    assert await read(one) == await read(other) != before


@pytest.mark.parametrize("change", [*WRITES, *REMOVALS])
async def test_a_change_of_another_process_is_seen_by_the_next_request(
    two: tuple[Storage, Storage], change: Callable[[Storage], Any]
) -> None:
    one, other = two
    await one.api_tokens.put("t", token("00u1"))
    await one.refresh()
    assert await one.api_tokens.get("t") == token("00u1")
    await change(other)
    await one.refresh()
    assert await one.api_tokens.get("t") == await other.api_tokens.get("t") != token("00u1")


async def test_an_addition_of_another_process_is_seen_by_the_next_request(
    two: tuple[Storage, Storage],
) -> None:
    one, other = two
    await one.refresh()
    assert await one.secrets.get("s") is None
    assert await other.secrets.add("s", Secret(value="theirs"))
    assert not await one.secrets.add("s", Secret(value="ours"))
    assert await one.secrets.get("s") == Secret(value="theirs")


class Watched(MemoryBackend):
    """Counts what is asked of it, and says when set-up changed."""

    version = 0
    asked = 0

    async def setup_version(self) -> int:
        return self.version

    def open(self, name: str, kept: Any) -> Any:
        collection: Any = super().open(name, kept)
        if name != "api_tokens":
            return collection
        for read in ("get", "get_many", "values", "all_by", "one_by"):
            setattr(collection, read, self._counting(getattr(collection, read)))
        return collection

    def _counting(self, read: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:
            self.asked += 1
            return read(*arguments)

        return counted


@pytest.mark.parametrize("read", READS)
async def test_what_was_read_is_not_asked_again_until_the_version_changes(
    read: Callable[[Storage], Any],
) -> None:
    backend: Any = Watched(Clock())
    storage = Storage(CachedBackend(backend))
    asked = [0]
    for version in range(2):
        backend.version = version
        await storage.refresh()
        await read(storage)
        assert backend.asked > asked[-1]
        asked.append(backend.asked)
        await storage.refresh()
        await read(storage)
        assert backend.asked == asked[-1]


async def test_an_answer_that_was_on_its_way_during_a_change_is_not_remembered() -> None:
    class Slow(Watched):
        """Answers what was true when it was asked, but only when it may."""

        def _counting(self, read: Callable[..., Any]) -> Callable[..., Any]:
            async def slow(*arguments: Any) -> Any:
                answer = await read(*arguments)
                await may_answer.wait()
                return answer

            return slow

    may_answer = asyncio.Event()
    backend: Any = Slow(Clock())
    storage = Storage(CachedBackend(backend))
    reading = asyncio.create_task(storage.api_tokens.get("t"))
    await asyncio.sleep(0)
    await storage.api_tokens.put("t", token("00u1"))
    may_answer.set()
    assert await reading is None
    assert await storage.api_tokens.get("t") == token("00u1")


def test_what_every_request_asks_is_set_up() -> None:
    asked = ("clocks", "planned_faults", "rate_limits", "key_rotations", "signing_keys", "secrets")
    assert [name for name in asked if not COLLECTIONS[name].is_setup] == []
