"""What is good once is good once, however many ask at the same time; and a storage that leaks."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import pytest

from mock_okta import Config, KeyPool
from mock_okta.clock import Clock
from mock_okta.storage import Key, Storage
from mock_okta.storage.memory import MemoryBackend, MemoryCollection
from mock_okta.storage.ports import Collection, Kept
from tests.idx.enrolling import Enrolling
from tests.idx.following import Following
from tests.oauth.racing import CALLERS, racing
from tests.visiting import CALLBACK, CHALLENGE, LOGIN, PASSWORD, SPA, VERIFIER, Answer, Visitor

_LEAKY = ("interactions", "interaction_codes", "identity_transactions")


class ReadThenWrite(MemoryCollection):  # type: ignore[type-arg] -- of any record
    """What `take` and `update` must not be: two steps, with an await between."""

    async def take(self, key: Key) -> object:
        record = await self.get(key)
        await asyncio.sleep(0)
        self._forget(key)
        return record

    async def update(self, key: Key, change: Callable[[Any], Any]) -> Any:
        record = await self.get(key)
        if record is None:
            return None
        changed = change(record)
        await asyncio.sleep(0)
        self._keep(key, changed)
        return changed


class LeakyBackend(MemoryBackend):
    """A backend whose single-use records may be had by several callers."""

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        opened = super().open(name, kept)
        if name in _LEAKY:
            opened.__class__ = ReadThenWrite
        return opened


class Yielding(MemoryCollection):  # type: ignore[type-arg] -- of any record
    """Atomic, but others come in between, as with a database."""

    async def get(self, key: Key) -> Any:
        await asyncio.sleep(0)
        return await super().get(key)

    async def put(self, key: Key, record: Any) -> None:
        await asyncio.sleep(0)
        await super().put(key, record)

    async def update(self, key: Key, change: Callable[[Any], Any]) -> Any:
        await asyncio.sleep(0)
        return await super().update(key, change)


class YieldingBackend(MemoryBackend):
    """A backend where every step of two requests may alternate."""

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        opened = super().open(name, kept)
        opened.__class__ = Yielding
        return opened


async def posted(visitor: Visitor, path: str, body: Mapping[str, Any]) -> list[Answer]:
    """What came back to all who posted the same thing."""
    return list(
        await asyncio.gather(*(visitor.ask("POST", path, json=body) for _ in range(CALLERS)))
    )


def codes_in(answers: list[Answer]) -> set[str]:
    """The interaction codes that the documents show."""
    bodies = [json.loads(answer.body) for answer in answers]
    forms = [b["successWithInteractionCode"] for b in bodies if "successWithInteractionCode" in b]
    return {f["value"] for form in forms for f in form["value"] if f["name"] == "interaction_code"}


async def of_interaction_handles(visitor: Visitor) -> int:
    """How many transactions began, of all who introspected one handle."""
    asked = {
        "client_id": SPA,
        "scope": "openid",
        "redirect_uri": CALLBACK,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "state": "state-1",
    }
    handle = (await visitor.post("interact", asked)).json()["interaction_handle"]
    answers = await posted(visitor, "/idp/idx/introspect", {"interactionHandle": handle})
    assert {answer.status for answer in answers} == {200}
    return len({json.loads(answer.body)["stateHandle"] for answer in answers})


async def of_interaction_codes(visitor: Visitor) -> int:
    """How many got tokens, of all who redeemed one code."""
    following = Following(visitor)
    await following.begin()
    code = (await following.sign_in(LOGIN, PASSWORD)).interaction_code
    form = {
        "grant_type": "interaction_code",
        "interaction_code": code,
        "client_id": SPA,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    answers = await asyncio.gather(*(visitor.post("token", form) for _ in range(CALLERS)))
    assert {answer.json().get("error") for answer in answers} <= {None, "invalid_grant"}
    return sum(answer.status == 200 for answer in answers)


async def of_success(visitor: Visitor) -> int:
    """How many codes there are, of all tabs that finished one sign-in."""
    following = Following(visitor)
    document = await following.begin()
    handle = document.body["stateHandle"]
    body = {"stateHandle": handle, "identifier": LOGIN, "credentials": {"passcode": PASSWORD}}
    answers = await posted(visitor, "/idp/idx/identify", body)
    assert {answer.status for answer in answers} <= {200, 400, 401}
    return len(codes_in(answers))


async def of_sessions(visitor: Visitor) -> int:
    """How many sessions began, of all who followed the way out of one sign-in."""
    following = Following(visitor)
    await following.begin()
    document = await following.sign_in(LOGIN, PASSWORD)
    token = document.body["stateHandle"].partition("~")[0]
    path = f"/login/token/redirect?stateToken={token}"
    answers = await asyncio.gather(*(visitor.ask("GET", path) for _ in range(CALLERS)))
    assert {answer.status for answer in answers} <= {302, 400}
    return len({answer.set_cookies().get("idx") for answer in answers} - {None})


async def of_magic_links(visitor: Visitor) -> int:
    """How many proved the address, of all tabs of one browser that opened the link."""
    enrolling = Enrolling(visitor)
    await enrolling.seed({"factor": "okta_email"}, primary_factor="PASSWORD_IDP_ANY_FACTOR")
    document = await enrolling.begin()
    handle = {"stateHandle": document.body["stateHandle"]}
    first = await visitor.ask("POST", "/idp/idx/identify", json=handle | {"identifier": LOGIN})
    browser = {"Cookie": first.set_cookies()["DT"].partition(";")[0]}
    await enrolling.introspect(**handle)
    await enrolling.choose("okta_email", methodType="email")
    link = (await enrolling.outbox())[-1]["link"]

    async def opened() -> bool:
        answer = await visitor.ask("GET", link, headers=browser)
        told = re.search(r"02\.id\.[\w-]+", answer.location)
        assert told is not None, answer.location
        shown = await visitor.ask("POST", "/idp/idx/introspect", json={"stateToken": told[0]})
        return "idx.return.to.original.tab" in shown.text

    proved = await asyncio.gather(*(opened() for _ in range(CALLERS)))
    assert (await enrolling.introspect(**handle)).interaction_code
    return sum(proved)


RACES = pytest.mark.parametrize(
    "race",
    [of_interaction_handles, of_interaction_codes, of_success, of_sessions, of_magic_links],
)
Race = Callable[[Visitor], Awaitable[int]]


@RACES
async def test_of_64_at_once_exactly_one_succeeds(
    config: Config, shared_pool: KeyPool, race: Race
) -> None:
    async with racing(config, shared_pool, aiohttp.DummyCookieJar()) as visitor:
        assert await race(visitor) == 1


@RACES
async def test_more_would_if_changes_were_a_read_and_a_write(
    config: Config, shared_pool: KeyPool, monkeypatch: pytest.MonkeyPatch, race: Race
) -> None:
    def leaky(clock: Clock) -> Storage:
        return Storage(LeakyBackend(clock))

    monkeypatch.setattr("mock_okta.process.server.in_memory", leaky)
    async with racing(config, shared_pool, aiohttp.DummyCookieJar()) as visitor:
        assert await race(visitor) > 1


async def test_one_sign_in_makes_one_code_and_no_other_that_nobody_sees(
    config: Config, shared_pool: KeyPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Storage] = []

    def yielding(clock: Clock) -> Storage:
        kept.append(Storage(YieldingBackend(clock)))
        return kept[-1]

    monkeypatch.setattr("mock_okta.process.server.in_memory", yielding)
    async with racing(config, shared_pool, aiohttp.DummyCookieJar()) as visitor:
        assert await of_success(visitor) == 1
    [storage] = kept
    assert len(await storage.interaction_codes.values()) == 1
