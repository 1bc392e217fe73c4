"""A start from seed files: they are parsed only if they, or what is made of them, has changed."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from mock_okta import Config, KeyPool, MockOkta
from mock_okta.clock import Clock, ClockState
from mock_okta.model.directory import EngineName
from mock_okta.model.org_state import AppliedSeed
from mock_okta.model.seed import GivenSeed, SeedError, SeedFiles
from mock_okta.services.directory.lookup import ORG_KEY, user_named
from mock_okta.services.seeding.starting import recalled
from mock_okta.services.services import Services
from mock_okta.services.world import world_of
from mock_okta.storage import Storage, in_memory
from tests.storage.counting import counting

URL = "http://localhost:1"
MANY = 250


def text(*names: str) -> bytes:
    logins = [{"login": f"{name}@example.com", "password": "mock-Password-1"} for name in names]
    return json.dumps({"users": logins}).encode()


A, B = ("a.json", text("first")), ("b.json", text("second"))
BOTH = SeedFiles(texts=(A, B))


@pytest.fixture
def storage() -> Storage:
    return in_memory(Clock())


async def start(
    storage: Storage,
    pool: KeyPool,
    files: SeedFiles,
    engine: EngineName | None = None,
    url: str = URL,
) -> Services:
    """Start a process with that storage."""
    world = world_of(storage, Clock(), pool, urls=(url,))
    services = Services(world, await recalled(GivenSeed(files, engine), world), lambda _: "")
    await services.org_state.start()
    return services


async def applied(storage: Storage) -> AppliedSeed:
    found = await storage.applied_seeds.get(ORG_KEY)
    assert found is not None
    return found


async def test_the_same_files_are_not_parsed_again(shared_pool: KeyPool) -> None:
    asked: list[str] = []
    storage = counting(asked)(Clock())
    assert not (await start(storage, shared_pool, BOTH)).given.is_recalled
    before = await storage.records()
    asked.clear()
    again = await start(storage, shared_pool, BOTH)
    assert again.given.is_recalled
    assert "whole" not in vars(again.given)
    assert not [each for each in asked if each.startswith(("users", "logins"))]
    assert await storage.records() == before


OTHERS = {
    "changed": SeedFiles(texts=(A, ("b.json", text("third")))),
    "one more": SeedFiles(texts=(A, B, ("c.json", text("third")))),
    "one less": SeedFiles(texts=(A,)),
    "another order": SeedFiles(texts=(B, A)),
    "another language": SeedFiles(texts=(A, ("b.yaml", B[1]))),  # JSON is YAML too
    "more redirect URIs": structs.replace(BOTH, redirect_uris=("http://more.test/",)),
    "more origins": structs.replace(BOTH, origins=("http://more.test",)),
}


@pytest.mark.parametrize("files", OTHERS.values(), ids=OTHERS)
async def test_other_files_are_parsed(
    storage: Storage, shared_pool: KeyPool, files: SeedFiles
) -> None:
    await start(storage, shared_pool, BOTH)
    assert not (await start(storage, shared_pool, files)).given.is_recalled
    for user in files.parsed().users:
        assert await user_named(storage, user.login) is not None
    assert (await start(storage, shared_pool, files)).given.is_recalled


def test_a_folder_is_its_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    def digest(*paths: str) -> str:
        return SeedFiles.of([tmp_path / path for path in paths]).digest()

    for folder in ("seeds", "moved"):
        (tmp_path / folder).mkdir()
        for name, content in (B, A):
            (tmp_path / folder / name).write_bytes(content)
    assert digest("seeds") == digest("seeds/a.json", "seeds/b.json") == digest("moved")
    assert digest("seeds") != digest("seeds/b.json", "seeds/a.json")
    (tmp_path / "seeds" / "c.json").write_bytes(b"{}")
    assert digest("seeds") != digest("moved")


async def test_files_are_parsed_for_another_url_engine_and_version(
    storage: Storage, shared_pool: KeyPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = (await start(storage, shared_pool, BOTH)).engine
    assert not (await start(storage, shared_pool, BOTH, url="http://localhost:2")).given.is_recalled
    issuers = {server.issuer for server in await storage.authorization_servers.values()}
    assert issuers == {"http://localhost:2", "http://localhost:2/oauth2/default"}
    assert not (await start(storage, shared_pool, BOTH, engine)).given.is_recalled
    assert (await start(storage, shared_pool, BOTH, engine)).given.is_recalled
    monkeypatch.setattr("mock_okta.model.seed.given.__version__", "0.0.0")
    assert not (await start(storage, shared_pool, BOTH, engine)).given.is_recalled


async def test_files_that_say_the_same_in_other_words_change_nothing_and_are_parsed_once(
    storage: Storage, shared_pool: KeyPool
) -> None:
    await start(storage, shared_pool, BOTH)
    user = await user_named(storage, "first@example.com")
    assert user is not None
    await storage.users.put(user.id, structs.replace(user, profile={"nickName": "Changed"}))
    files = SeedFiles(texts=(A, ("b.json", B[1] + b"\n")))
    assert not (await start(storage, shared_pool, files)).given.is_recalled
    assert (await start(storage, shared_pool, files)).given.is_recalled
    kept = await storage.users.get(user.id)
    assert kept is not None
    assert kept.profile == {"nickName": "Changed"}


async def test_a_reset_goes_back_to_all_of_files_that_were_not_parsed(
    storage: Storage, shared_pool: KeyPool
) -> None:
    files = SeedFiles(texts=(("many.json", text(*(f"u{number}" for number in range(MANY)))),))
    await start(storage, shared_pool, files)
    services = await start(storage, shared_pool, files)
    assert services.given.is_recalled
    assert await services.removals.remove_user("u1@example.com")
    await services.org_state.reset()
    assert len(await storage.users.values()) == MANY
    assert services.given.whole == GivenSeed(files, services.engine).whole


async def test_a_restored_snapshot_of_another_seed_gets_the_files_at_the_next_start(
    storage: Storage, shared_pool: KeyPool
) -> None:
    older = await start(storage, shared_pool, SeedFiles(texts=(A,)))
    await older.org_state.take_snapshot("older")
    newer = await start(storage, shared_pool, BOTH)
    await newer.org_state.take_snapshot("newer")
    for name in ("newer", "older"):
        assert await newer.org_state.restore(name)
        again = await start(storage, shared_pool, BOTH)
        assert again.given.is_recalled is (name == "newer")
        assert await user_named(storage, "second@example.com") is not None


async def test_files_are_parsed_while_another_process_applies_a_seed(
    storage: Storage, shared_pool: KeyPool
) -> None:
    await start(storage, shared_pool, BOTH)
    died = {"claimant": "other", "claimed_until": ClockState().now() - timedelta(seconds=1)}
    await storage.applied_seeds.put(ORG_KEY, structs.replace(await applied(storage), **died))
    assert not (await start(storage, shared_pool, BOTH)).given.is_recalled
    assert (await applied(storage)).claimant == ""
    assert (await start(storage, shared_pool, BOTH)).given.is_recalled


async def test_a_seed_with_mistakes_changes_nothing(storage: Storage, shared_pool: KeyPool) -> None:
    await start(storage, shared_pool, BOTH)
    before = await storage.records()
    bad = json.dumps({"users": [{"login": "third@example.com", "passwort": "x"}]}).encode()
    with pytest.raises(SeedError, match="passwort"):
        await start(storage, shared_pool, SeedFiles(texts=(A, ("b.json", bad))))
    assert await storage.records() == before
    assert (await start(storage, shared_pool, BOTH)).given.is_recalled


def test_an_org_says_the_same_of_itself_whether_its_files_are_parsed_or_not(
    tmp_path: Path, shared_pool: KeyPool
) -> None:
    servers = [{"id": "second", "audiences": ["api://second"], "issuer_mode": "ORG_URL"}]
    clients = [{"type": "service", "name": "Job", "client_id": "0oajob", "client_secret": "s" * 40}]
    document = {"clients": clients, "authorization_servers": servers}
    more = json.dumps(document).encode()
    many = text(*(f"u{number}" for number in range(MANY)))
    files = SeedFiles(texts=(("a.json", more), ("b.json", many)))
    storage = f"sqlite:{tmp_path / 'org.sqlite'}"
    said = []
    for _ in range(2):
        config = Config(seed_files=files, storage=storage, public_url=URL)
        with MockOkta(config, key_pool=shared_pool) as org:
            said.append((org.clients, org.issuer("second"), org.seed))
    assert said[0] == said[1]
    (job, *_), _, summary = said[0]
    assert (job.client_id, summary.user_count, len(summary.seed.users)) == ("0oajob", MANY, 100)
