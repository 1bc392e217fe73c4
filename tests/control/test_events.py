"""`/_mock/events` says what changed, also to a listener who comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession

from mock_okta import Clock, Config, MockOkta
from mock_okta.control.events import Looks
from tests.storage.counting import counting
from tests.visiting import LOGIN, SEED, Visitor


class Listener:
    """Reads events: name and id."""

    def __init__(self, lines: AsyncIterator[bytes]) -> None:
        self._lines = lines

    async def next(self) -> tuple[str, str]:
        found: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                name, _, value = line.decode().rstrip().partition(": ")
                if name:
                    found[name] = value
                elif found:
                    return found["event"], found["id"]
        raise AssertionError("the stream has ended")


@asynccontextmanager
async def listening(
    http: ClientSession, org: MockOkta, last: str | None = None
) -> AsyncIterator[Listener]:
    headers = {} if last is None else {"Last-Event-ID": last}
    async with http.get(f"{org.url}/_mock/events", headers=headers) as response:
        assert response.content_type == "text/event-stream"
        yield Listener(aiter(response.content))


@pytest.mark.parametrize(
    ("kind", "method", "path", "body"),
    [
        ("requests", "GET", "/api/v1/sessions/me", None),
        ("clock", "POST", "/_mock/clock/advance", {"seconds": 60}),
        ("users", "POST", f"/_mock/users/{LOGIN}/lifecycle/suspend", None),
        ("sessions", "POST", "/_mock/sessions", {"user": LOGIN}),
        ("faults", "POST", "/_mock/faults", {"kind": "status", "status": 503}),
        ("setup", "PUT", "/_mock/seed", {"trusted_origins": ["https://new.example"]}),
        ("outbox", "POST", f"/_mock/users/{LOGIN}/lifecycle/reset_password", None),
    ],
)
async def test_a_change_is_reported(
    org: MockOkta, visitor: Visitor, kind: str, method: str, path: str, body: object
) -> None:
    async with listening(visitor.http, org) as listener:
        assert (await listener.next())[0] == "hello"
        await visitor.ask(method, path, json=body)
        told: set[str] = set()
        while kind not in told:
            told.add((await listener.next())[0])
        assert "hello" not in told


async def test_who_comes_back_hears_what_changed_meanwhile(org: MockOkta, visitor: Visitor) -> None:
    async with listening(visitor.http, org) as listener:
        _, last = await listener.next()
    await visitor.ask("POST", "/_mock/clock/advance", json={"seconds": 60})
    async with listening(visitor.http, org, last) as listener:
        assert (await listener.next())[0] == "hello"
        assert (await listener.next())[0] == "clock"


@pytest.mark.parametrize("last", ["", "7", "a=b&c", "%", "x" * 5000])
async def test_a_foreign_id_does_no_harm(org: MockOkta, visitor: Visitor, last: str) -> None:
    async with listening(visitor.http, org, last) as listener:
        assert (await listener.next())[0] == "hello"


async def test_the_org_stops_though_somebody_listens(visitor: Visitor) -> None:
    async with asyncio.timeout(20):
        async with MockOkta(Config(seed=SEED)) as org:
            response = await visitor.http.get(f"{org.url}/_mock/events")
        await response.read()


async def test_all_who_listen_share_one_look_and_nobody_looks_without_them() -> None:
    asked: list[str] = []
    looks = Looks(counting(asked)(Clock()))
    leaves, *stay = [asyncio.create_task(looks.next()) for _ in range(8)]
    await asyncio.sleep(0)
    leaves.cancel()
    states = await asyncio.gather(*stay)
    assert asked.count("users.values") == 1
    assert all(state == states[0] for state in states)
    assert asyncio.all_tasks() == {asyncio.current_task()}
