"""An org that runs the Identity Engine, and somebody who signs in there."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import msgspec
import pytest

from mock_okta import Config, MockOkta, Seed
from mock_okta.clock import Clock
from mock_okta.storage import Storage, in_memory
from tests.distant import DistantBackend
from tests.idx.enrolling import Enrolling
from tests.idx.following import Following
from tests.idx.recovering import Recovering
from tests.visiting import SEED, Visitor


def identity(seed: Seed = SEED) -> Seed:
    """Return the seed of an org on the Identity Engine, whose app may use interaction codes."""
    clients = tuple(
        msgspec.structs.replace(
            client, grant_types=(*client.allowed_grant_types, "interaction_code")
        )
        if client.type == "spa"
        else client
        for client in seed.clients
    )
    org = msgspec.structs.replace(seed.org, engine="identity")
    return msgspec.structs.replace(seed, org=org, clients=clients)


@pytest.fixture
def config() -> Config:
    return Config(seed=identity())


@pytest.fixture
def hosted_config(tmp_path: Path) -> Config:
    """An org whose own pages have a widget that signs in by the Identity Engine."""
    script = tmp_path / "7.49.0" / "js" / "okta-sign-in.min.js"
    script.parent.mkdir(parents=True)
    script.write_text("/* nothing */")
    return Config(seed=identity(), widget_version="7.49.0", widget_dir=tmp_path)


@pytest.fixture
def following(visitor: Visitor) -> Following:
    """Somebody who follows forms."""
    return Following(visitor)


@pytest.fixture
def recovering(visitor: Visitor) -> Recovering:
    """Somebody who recovers."""
    return Recovering(visitor)


@pytest.fixture
def distant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what the org keeps far away: others get their turn around each operation."""
    opening = "mock_okta.process.server.in_memory"
    monkeypatch.setattr(opening, lambda clock: Storage(DistantBackend(clock)))


@pytest.fixture
async def many(distant: None, org: MockOkta) -> AsyncIterator[Recovering]:  # noqa: ARG001 -- before the org
    """Somebody with as many connections as there are requests under way."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as http:
        yield Recovering(Visitor(org, http))


@pytest.fixture
def enrolling(visitor: Visitor) -> Enrolling:
    """Somebody who enrols authenticators."""
    return Enrolling(visitor)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Storage]:
    """The storages of orgs that start after this, for what no request brings about."""
    made: list[Storage] = []

    def in_memory_and_kept(clock: Clock) -> Storage:
        made.append(in_memory(clock))
        return made[-1]

    monkeypatch.setattr("mock_okta.process.server.in_memory", in_memory_and_kept)
    return made
