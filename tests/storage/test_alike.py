"""Storages that last answer every sequence of operations as memory does."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from mock_okta import Clock
from mock_okta.model.grants import RefreshToken
from mock_okta.model.org_state import Secret
from mock_okta.storage import Storage, in_memory, opened, place_of
from tests.storage.conforming import exchange, granted
from tests.storage.redis_server import RedisServer

START = datetime(2031, 1, 1, tzinfo=UTC)
KEYS = st.sampled_from(["a", "b", "ä"])
USERS = st.sampled_from(["00u1", "00u2"])
CLIENTS = st.sampled_from(["0oa1", "0oa2"])
LIVES = st.sampled_from([1, 2, 30, 500])
QUESTIONS = [
    *(("user_id", user) for user in ("00u1", "00u2")),
    *(("client_id", client) for client in ("0oa1", "0oa2")),
    *(("user_at_client", (u, c)) for u in ("00u1", "00u2") for c in ("0oa1", "0oa2")),
]
Act = Callable[[Storage], Awaitable[Any]]
_numbers = count()


class Alike(RuleBasedStateMachine):
    """Does the same to a storage in memory and to another one, and compares each answer.

    `where`: names the storage that an example gets.
    """

    where: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = Clock()
        self.clock.freeze(START)
        self.stack = AsyncExitStack()
        self.snapshots: list[Sequence[Any]] = []
        self.storages = self.runner.run(self.opened())

    async def opened(self) -> tuple[Storage, Storage]:
        place = place_of(self.where())
        other = await self.stack.enter_async_context(opened(place, self.clock))
        return in_memory(self.clock), other

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()

    def both(self, act: Act) -> Any:
        """Do it to both; return what both answer."""

        async def acted() -> list[Any]:
            return [await act(storage) for storage in self.storages]

        of_memory, of_other = self.runner.run(acted())
        assert of_other == of_memory
        return of_memory

    def token(self, user: str, client: str, lives: int) -> RefreshToken:
        at = self.clock.now() + timedelta(seconds=lives - 300)
        return granted(f"oar {user} {client} {lives}", user, client, at=at)

    @rule(key=KEYS, user=USERS, client=CLIENTS, lives=LIVES)
    def put(self, key: str, user: str, client: str, lives: int) -> None:
        record = self.token(user, client, lives)
        self.both(lambda storage: storage.refresh_tokens.put(key, record))

    @rule(key=KEYS, user=USERS, client=CLIENTS, lives=LIVES)
    def add(self, key: str, user: str, client: str, lives: int) -> None:
        record = self.token(user, client, lives)
        self.both(lambda storage: storage.refresh_tokens.add(key, record))

    @rule(key=KEYS)
    def take(self, key: str) -> None:
        self.both(lambda storage: storage.refresh_tokens.take(key))

    @rule(key=KEYS, user=USERS, client=CLIENTS, lives=LIVES)
    def update(self, key: str, user: str, client: str, lives: int) -> None:
        record = self.token(user, client, lives)
        self.both(lambda storage: storage.refresh_tokens.update(key, lambda _: record))

    @rule(key=KEYS, user=USERS, client=CLIENTS, lives=LIVES)
    def upsert(self, key: str, user: str, client: str, lives: int) -> None:
        record = self.token(user, client, lives)
        self.both(lambda storage: storage.refresh_tokens.upsert(key, lambda kept: kept or record))

    @rule(user=USERS)
    def remove_by_user(self, user: str) -> None:
        self.both(lambda storage: storage.refresh_tokens.remove_by("user_id", user))

    @rule(user=USERS, client=CLIENTS)
    def remove_by_both(self, user: str, client: str) -> None:
        name = (user, client)
        self.both(lambda storage: storage.refresh_tokens.remove_by("user_at_client", name))

    @rule()
    def clear(self) -> None:
        self.both(lambda storage: storage.refresh_tokens.clear())

    @rule(seconds=st.sampled_from([1, 2, 40]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    @rule(seconds=st.sampled_from([1, 3]))
    def time_goes_back(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=-seconds))

    @rule(key=KEYS, value=KEYS)
    def set_up(self, key: str, value: str) -> None:
        self.both(lambda storage: storage.secrets.put(key, Secret(value=value)))

    @rule()
    def take_snapshot(self) -> None:
        async def taken() -> list[Any]:
            return [await storage.records() for storage in self.storages]

        records = self.runner.run(taken())
        self.snapshots.append(records)
        in_order = [{name: list(kept.items()) for name, kept in each.items()} for each in records]
        assert in_order[0] == in_order[1]

    @rule(data=st.data())
    def go_back(self, data: st.DataObject) -> None:
        async def gone_back() -> None:
            for storage, records in zip(self.storages, snapshot, strict=True):
                await storage.restore(records)

        snapshot = data.draw(st.sampled_from([({}, {}), *self.snapshots]))
        self.runner.run(gone_back())

    @rule(name=KEYS)
    def log(self, name: str) -> None:
        self.both(lambda storage: storage.recorded_requests.append(exchange(name), 1))

    @rule(keys=st.lists(KEYS, max_size=3))
    def get_many(self, keys: list[str]) -> None:
        async def got(storage: Storage) -> Any:
            return list(await storage.refresh_tokens.get_many(keys))

        self.both(got)

    @invariant()
    def all_is_alike(self) -> None:
        self.both(_everything)


async def _everything(storage: Storage) -> list[Any]:
    tokens = storage.refresh_tokens
    found: list[Any] = [list(await tokens.values()), list(await storage.secrets.values())]
    found.append([each.id for each in await storage.recorded_requests.values()])
    for index, value in QUESTIONS:
        found.append(list(await tokens.all_by(index, value)))
        found.append(await tokens.one_by(index, value))
    return found


def _runs(where: Callable[[], str], examples: int) -> None:
    class Machine(Alike):
        pass

    Machine.where = staticmethod(where)  # type: ignore[assignment]
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_sqlite_answers_as_memory_does(tmp_path: Path) -> None:
    _runs(lambda: f"sqlite:{tmp_path / str(next(_numbers))}", 25)


@pytest.mark.process
def test_redis_answers_as_memory_does(redis: RedisServer) -> None:
    _runs(lambda: redis.url(f"alike{next(_numbers)}"), 50)
