"""Of many who do the same at once, one comes through, whatever the backend, if it is atomic."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.storage import Key, Storage
from mock_okta.storage.memory import MemoryBackend
from tests.authn.proving import Proving
from tests.authn.races import RACES, Race, all_of, wrong_passcodes, wrong_passwords
from tests.authn.reaching import TOTP, challenged_by_phone, seeded
from tests.distant import Distant, DistantBackend
from tests.visiting import SEED, Visitor

ATTEMPTS = 20
# How often others get their turn between a leaky read and its write: enough for a second request
# to come in, however fast the machine is.
TURNS = 200


class Leaky(Distant):
    """What `update` must not be: a read and a write, with an await between."""

    async def update(self, key: Key, change: Callable[[object], object]) -> object:
        record = await self.get(key)
        if record is None:
            return None
        changed = change(record)
        for _ in range(TURNS):
            await asyncio.sleep(0)
        self._keep(key, changed)
        return changed


class LeakyBackend(DistantBackend):
    """All that the org keeps may be changed by two at once."""

    kind = Leaky


@asynccontextmanager
async def somebody(pool: KeyPool) -> AsyncIterator[Proving]:
    """A caller of an org, with as many connections as there are requests under way."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    jar = aiohttp.DummyCookieJar()
    async with (
        MockOkta(Config(seed=SEED), key_pool=pool) as org,
        aiohttp.ClientSession(connector=connector, cookie_jar=jar) as http,
    ):
        yield Proving(Visitor(org, http))


def _keep_in(monkeypatch: pytest.MonkeyPatch, backend: type[MemoryBackend]) -> None:
    opening = "mock_okta.process.server.in_memory"
    monkeypatch.setattr(opening, lambda clock: Storage(backend(clock)))


@pytest.fixture
def distant(monkeypatch: pytest.MonkeyPatch) -> None:
    _keep_in(monkeypatch, DistantBackend)


@pytest.fixture
def leaky(monkeypatch: pytest.MonkeyPatch) -> None:
    _keep_in(monkeypatch, LeakyBackend)


EACH_RACE = pytest.mark.parametrize("race", RACES, ids=[race.__name__ for race in RACES])


@EACH_RACE
@pytest.mark.usefixtures("distant")
async def test_of_64_at_once_exactly_one_comes_through(shared_pool: KeyPool, race: Race) -> None:
    async with somebody(shared_pool) as proving:
        assert sum(await race(proving)) == 1


@EACH_RACE
@pytest.mark.usefixtures("leaky")
async def test_more_would_if_an_update_were_a_read_and_a_write(
    shared_pool: KeyPool, race: Race
) -> None:
    async with somebody(shared_pool) as proving:
        assert sum(await race(proving)) > 1


@pytest.mark.usefixtures("distant")
async def test_of_two_verifies_one_signs_in(shared_pool: KeyPool) -> None:
    async with somebody(shared_pool) as proving:
        state = await challenged_by_phone(proving)
        proof = {"passCode": await proving.passcode()}
        answers = await all_of(proving.follow(state, **proof), proving.follow(state, **proof))
        assert sorted(answer.status for answer in answers) == [200, 401]


@pytest.mark.usefixtures("distant")
async def test_who_goes_back_and_who_verifies_come_out_one_way_or_the_other(
    shared_pool: KeyPool,
) -> None:
    async with somebody(shared_pool) as proving:
        state = await challenged_by_phone(proving)
        proof = {"passCode": await proving.passcode()}
        back, *verified = await all_of(
            proving.follow(state, "prev"), *(proving.follow(state, **proof) for _ in range(3))
        )
        is_back = back.status == 200
        tokens = ["sessionToken" in answer.json() for answer in verified]
        assert sum(tokens) == (0 if is_back else 1)


async def _attempts(proving: Proving, act: Callable[[Proving, int], Awaitable[None]]) -> list[str]:
    """The user's status after all attempts but one at once, and after one more."""
    lockout = {"lockout": {"max_attempts": ATTEMPTS}}
    await seeded(proving, TOTP, asks_factor=True, passwords=lockout)
    found = []
    for count in (ATTEMPTS - 1, 1):
        await act(proving, count)
        found.append(await proving.status())
    return found


async def one_more_passcode(proving: Proving, count: int) -> None:
    """As `wrong_passcodes`; what was wrong before is forgotten by the right password."""
    if count > 1:
        await wrong_passcodes(proving, count)
    else:
        await wrong_passwords(proving, count)


EACH_ACT = pytest.mark.parametrize("act", [wrong_passwords, one_more_passcode])


@EACH_ACT
@pytest.mark.usefixtures("distant")
async def test_every_wrong_attempt_counts(
    shared_pool: KeyPool, act: Callable[[Proving, int], Awaitable[None]]
) -> None:
    async with somebody(shared_pool) as proving:
        assert await _attempts(proving, act) == ["ACTIVE", "LOCKED_OUT"]


@EACH_ACT
@pytest.mark.usefixtures("leaky")
async def test_attempts_would_be_lost_if_an_update_were_a_read_and_a_write(
    shared_pool: KeyPool, act: Callable[[Proving, int], Awaitable[None]]
) -> None:
    async with somebody(shared_pool) as proving:
        assert await _attempts(proving, act) == ["ACTIVE", "ACTIVE"]
