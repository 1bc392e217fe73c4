"""What a start does to a storage that has an org: the same seed, and one that has changed."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from mock_okta import KeyPool
from mock_okta.clock import Clock, ClockState
from mock_okta.model.directory import UserStatus
from mock_okta.model.org_state import AppliedSeed
from mock_okta.model.seed import GivenSeed, Seed, parse_seed
from mock_okta.services.directory.lookup import ORG_KEY, user_named
from mock_okta.services.seeding.starting import Starting
from mock_okta.services.services import Services
from mock_okta.services.world import world_of
from mock_okta.storage import Collection, Kept, Key, Storage, StorageError, in_memory
from tests.storage.counting import CountingBackend, counting

FIRST: dict[str, Any] = {
    "users": [{"login": "first@example.com", "password": "mock-Password-1"}],
    "clients": [
        {
            "type": "spa",
            "name": "App",
            "client_id": "0oaapp",
            "login_redirect_uris": ["http://a.test/"],
        }
    ],
}


def seed_of(**changes: Any) -> Seed:
    return parse_seed({**FIRST, **changes})


@pytest.fixture
def storage() -> Storage:
    return in_memory(Clock())


def services(
    storage: Storage, pool: KeyPool, seed: Seed, url: str = "http://localhost:1"
) -> Services:
    """A process that starts with that storage."""
    world = world_of(storage, Clock(), pool, urls=(url,))
    return Services(world, GivenSeed(seed), lambda _: "")


class GatedBackend(CountingBackend):
    """A backend in which users are stored only when a gate is open, if there is one."""

    def __init__(self, clock: Clock, asked: list[str]) -> None:
        super().__init__(clock, asked)
        self.is_reached = asyncio.Event()
        self.until_open: asyncio.Event | None = None

    def open(self, name: str, kept: Kept) -> Collection[Any]:
        collection = super().open(name, kept)
        if name == "users":
            put_many = collection.put_many

            async def gated(records: Sequence[tuple[Key, Any]]) -> None:
                self.is_reached.set()
                if self.until_open is not None:
                    await self.until_open.wait()
                await put_many(records)

            collection.put_many = gated  # type: ignore[method-assign] -- of this one object
        return collection


def _starting(storage: Storage, pool: KeyPool) -> Starting:
    """A start that counts as dead after two seconds."""
    one = services(storage, pool, seed_of())
    lasts = timedelta(seconds=2)
    return Starting(world=one.world, seeding=one.seeding, given=one.given, claim_lasts=lasts)


async def start(storage: Storage, pool: KeyPool, seed: Seed, **options: str) -> None:
    await services(storage, pool, seed, **options).org_state.start()


async def test_the_same_seed_changes_nothing(storage: Storage, shared_pool: KeyPool) -> None:
    await start(storage, shared_pool, seed_of())
    await storage.clients.take("0oaapp")
    user = await user_named(storage, "first@example.com")
    assert user is not None
    await storage.users.put(user.id, structs.replace(user, profile={"nickName": "Changed"}))
    before = await storage.records()
    await start(storage, shared_pool, seed_of())
    assert await storage.records() == before


async def test_a_changed_seed_adds_users_and_keeps_what_those_there_have(
    storage: Storage, shared_pool: KeyPool, caplog: pytest.LogCaptureFixture
) -> None:
    await start(storage, shared_pool, seed_of())
    user = await user_named(storage, "first@example.com")
    assert user is not None
    changed = structs.replace(user, password="their-Own-2", status=UserStatus.SUSPENDED)
    await storage.users.put(user.id, changed)
    again = {"login": "First@example.com", "password": "mock-Password-1", "groups": ["Staff"]}
    new = {"login": "second@example.com", "password": "mock-Password-1"}
    with caplog.at_level(logging.INFO, "mock_okta.seed"):
        await start(storage, shared_pool, seed_of(users=[again, new]))
    kept = await user_named(storage, "first@example.com")
    assert kept is not None
    assert (kept.id, kept.password, kept.status) == (user.id, "their-Own-2", UserStatus.SUSPENDED)
    groups = await storage.groups.get_many(kept.group_ids)
    assert "Staff" in {group.name for group in groups if group}
    added = await user_named(storage, "second@example.com")
    assert added is not None
    assert added.password == "mock-Password-1"
    assert "seed: new user: second@example.com" in caplog.messages
    about_first = [line for line in caplog.messages if "first@" in line.lower()]
    assert about_first == ["seed: changed user: first@example.com"]


async def test_a_changed_seed_replaces_apps_and_servers_and_keeps_what_it_does_not_name(
    storage: Storage, shared_pool: KeyPool, caplog: pytest.LogCaptureFixture
) -> None:
    await start(storage, shared_pool, seed_of())
    uris = {
        "type": "spa",
        "name": "App",
        "client_id": "0oaapp",
        "login_redirect_uris": ["http://b.test/"],
    }
    other = {
        "type": "spa",
        "name": "Other",
        "client_id": "0oaother",
        "login_redirect_uris": ["http://c.test/"],
    }
    servers = [{"id": "second", "audiences": ["api://second"]}]
    with caplog.at_level(logging.INFO, "mock_okta.seed"):
        await start(
            storage, shared_pool, seed_of(clients=[uris, other], authorization_servers=servers)
        )
    app = await storage.clients.get("0oaapp")
    assert app is not None
    assert app.login_redirect_uris == ("http://b.test/",)
    assert await storage.clients.get("0oaother") is not None
    assert await storage.authorization_servers.get("second") is not None
    assert await storage.authorization_servers.get("default") is not None
    assert {"seed: changed app: App", "seed: new app: Other"} <= set(caplog.messages)
    assert "seed: new authorization server: second" in caplog.messages


async def test_a_reset_is_one_step(shared_pool: KeyPool) -> None:
    asked: list[str] = []
    storage = counting(asked)(Clock())
    org = services(storage, shared_pool, seed_of())
    await org.org_state.start()
    before = await storage.records()
    await storage.clients.take("0oaapp")
    asked.clear()
    await org.org_state.reset()
    written = [each for each in asked if each.partition(".")[2] not in ("get", "values")]
    assert written == ["records key_rotations", "restore"]
    after = await storage.records()
    assert after["clients"] == before["clients"]
    assert after["users"].keys() == before["users"].keys()


async def test_issuers_follow_a_new_url(storage: Storage, shared_pool: KeyPool) -> None:
    await start(storage, shared_pool, seed_of(), url="http://localhost:1")
    await start(storage, shared_pool, seed_of(), url="http://localhost:2")
    issuers = {server.issuer for server in await storage.authorization_servers.values()}
    assert issuers == {"http://localhost:2", "http://localhost:2/oauth2/default"}


async def test_processes_that_start_at_the_same_time_fill_the_org_once(
    shared_pool: KeyPool,
) -> None:
    asked: list[str] = []
    storage = counting(asked)(Clock())
    logins = [f"u{number}@example.com" for number in range(20)]
    seed = seed_of(users=[{"login": login, "password": "mock-Password-1"} for login in logins])
    await asyncio.gather(*(start(storage, shared_pool, seed) for _ in range(8)))
    assert len(await storage.users.values()) == 20
    assert asked.count("orgs.put") == 1


async def test_a_start_waits_for_another_process_that_fills_the_org(
    storage: Storage, shared_pool: KeyPool
) -> None:
    await start(storage, shared_pool, seed_of())
    done = await storage.applied_seeds.get(ORG_KEY)
    assert done is not None
    soon = ClockState().now() + timedelta(minutes=1)
    at_work = AppliedSeed(digest="", claimant="another process", claimed_until=soon)
    await storage.applied_seeds.put(ORG_KEY, at_work)
    starting = asyncio.create_task(start(storage, shared_pool, seed_of()))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not starting.done()
    await storage.applied_seeds.put(ORG_KEY, done)
    await starting


async def test_a_start_takes_over_from_a_process_that_died(
    storage: Storage, shared_pool: KeyPool
) -> None:
    past = ClockState().now() - timedelta(seconds=1)
    died = AppliedSeed(digest="", claimant="another process", claimed_until=past)
    await storage.applied_seeds.put(ORG_KEY, died)
    await start(storage, shared_pool, seed_of())
    assert await user_named(storage, "first@example.com") is not None


async def test_a_process_that_fills_the_org_for_long_is_waited_for(
    shared_pool: KeyPool, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []
    storage = Storage(gated := GatedBackend(Clock(), asked))
    one, other = (_starting(storage, shared_pool) for _ in range(2))
    gated.until_open = asyncio.Event()
    with caplog.at_level(logging.INFO, "mock_okta.seed"):
        filling = asyncio.create_task(one.apply())
        await gated.is_reached.wait()
        waiting = asyncio.create_task(other.apply())
        _, still = await asyncio.wait((waiting,), timeout=3)
        assert still == {waiting}
        gated.until_open.set()
        await asyncio.gather(filling, waiting)
    assert asked.count("groups.put") == 1
    assert caplog.messages == ["another process fills the org: this one waits for it"]


async def test_a_process_that_was_halted_for_long_leaves_the_org_to_the_one_that_took_over(
    shared_pool: KeyPool,
) -> None:
    storage = Storage(gated := GatedBackend(Clock(), []))
    one, other = (_starting(storage, shared_pool) for _ in range(2))
    gated.until_open = asyncio.Event()
    filling = asyncio.create_task(one.apply())
    await gated.is_reached.wait()
    claim = await storage.applied_seeds.get(ORG_KEY)
    assert claim is not None
    past = structs.replace(claim, claimant="gone", claimed_until=ClockState().now())
    await storage.applied_seeds.put(ORG_KEY, past)
    opened, gated.until_open = gated.until_open, None
    await other.apply()
    done = await storage.applied_seeds.get(ORG_KEY)
    await filling
    assert not opened.is_set()
    assert await storage.applied_seeds.get(ORG_KEY) == done
    assert await user_named(storage, "first@example.com") is not None


@pytest.mark.parametrize(("runs", "asked"), [("classic", "identity"), ("identity", "classic")])
async def test_another_engine_is_refused_and_the_next_start_does_not_wait(
    storage: Storage, shared_pool: KeyPool, runs: str, asked: str
) -> None:
    await start(storage, shared_pool, seed_of(org={"engine": runs}))
    with pytest.raises(StorageError, match=f"runs the engine {runs}, not {asked}"):
        await start(storage, shared_pool, seed_of(org={"engine": asked}))
    async with asyncio.timeout(5):
        await start(storage, shared_pool, seed_of(org={"engine": runs}))


async def test_a_reset_goes_back_to_the_seed(storage: Storage, shared_pool: KeyPool) -> None:
    await start(storage, shared_pool, seed_of())
    await storage.clients.take("0oaapp")
    one = services(storage, shared_pool, seed_of())
    await one.org_state.start()
    assert await storage.clients.get("0oaapp") is None
    await one.org_state.reset()
    assert await storage.clients.get("0oaapp") is not None


async def test_a_restored_snapshot_gets_a_newer_seed_at_the_next_start(
    storage: Storage, shared_pool: KeyPool
) -> None:
    older, newer = seed_of(), seed_of(users=[{"login": "new@example.com", "password": "new"}])
    await start(storage, shared_pool, older)
    await services(storage, shared_pool, older).org_state.take_snapshot("older")
    one = services(storage, shared_pool, newer)
    await one.org_state.start()
    await one.org_state.take_snapshot("newer")
    for name in ("older", "newer"):
        assert await one.org_state.restore(name)
        known = await user_named(storage, "new@example.com")
        assert (known is not None) is (name == "newer")
        await services(storage, shared_pool, newer).org_state.start()
        assert await user_named(storage, "new@example.com") is not None


async def test_a_reset_reads_no_records_but_those_of_key_rotations(shared_pool: KeyPool) -> None:
    asked: list[str] = []
    storage = counting(asked)(Clock())
    one = services(storage, shared_pool, seed_of())
    await one.org_state.start()
    asked.clear()
    await one.org_state.reset()
    assert [each for each in asked if each.startswith("records")] == ["records key_rotations"]


async def test_revocations_within_a_minute_change_what_processes_remember_once(
    shared_pool: KeyPool,
) -> None:
    asked: list[str] = []
    clock = Clock()
    clock.freeze()
    storage = counting(asked)(clock)
    one = Services(world_of(storage, clock, shared_pool), GivenSeed(seed_of()), lambda _: "")
    for _ in range(5):
        await one.revocations.end_tokens(user_id="00uone")
    assert asked.count("last_revocations.upsert") == 1
    clock.advance(timedelta(minutes=1, seconds=1))
    await one.revocations.end_tokens(user_id="00uone")
    assert asked.count("last_revocations.upsert") == 2
