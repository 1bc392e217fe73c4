"""What is removed takes with it all that is its own, and nothing of others."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from mock_okta import Clock
from mock_okta.ids import Ids
from mock_okta.model.authorization_servers import Lifetimes
from mock_okta.model.records import (
    ApiToken,
    AuthorizationCode,
    ConsentGiven,
    DeviceAuthorization,
    KnownDevice,
    ParkedAuthorization,
    PushedAuthorization,
    RefreshToken,
    RememberedDevice,
    Session,
    SessionToken,
)
from mock_okta.model.seed import Seed, SeedApiToken, SeedAuthorizationServer, SeedClient, SeedUser
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.directory.issuers import Issuers
from mock_okta.services.seeding.removal import Removals
from mock_okta.services.seeding.seeding import Seeding
from mock_okta.services.tokens.revocation import Revocations
from mock_okta.services.users.user_revocation import UserRevocations
from mock_okta.storage import Storage, in_memory

USERS, CLIENTS, SERVERS = ("00u1", "00u2"), ("0oa1", "0oa2"), ("one", "two")
SEED = Seed(
    users=tuple(SeedUser(login=f"{n}@example.com", password="x", id=n) for n in USERS),
    clients=tuple(SeedClient(name=n, type="native", client_id=n) for n in CLIENTS),
    authorization_servers=tuple(SeedAuthorizationServer(id=n) for n in SERVERS),
    api_tokens=tuple(SeedApiToken(token=n, user=f"{n}@example.com") for n in USERS),
)
OF_USERS = {
    "sessions",
    "session_tokens",
    "transactions",
    "remembered_devices",
    "known_devices",
    "consents",
    "authorization_codes",
    "device_authorizations",
    "refresh_tokens",
    "api_tokens",
    "users",
    "logins",
}
OF_CLIENTS = {
    "consents",
    "pushed_authorizations",
    "authorization_codes",
    "device_authorizations",
    "refresh_tokens",
    "clients",
}
OF_SERVERS = {
    "consents",
    "parked_authorizations",
    "pushed_authorizations",
    "authorization_codes",
    "device_authorizations",
    "refresh_tokens",
    "authorization_servers",
}


async def _fill(storage: Storage, at: datetime, number: int) -> None:
    """Keep one record of each kind, of the user, client and server of that number."""
    user_id, client_id, server_id = USERS[number], CLIENTS[number], SERVERS[number]
    lives: Any = {"expires_at": at}
    user: Any = lives | {"user_id": user_id, "amr": ("pwd",), "authenticated_at": at}
    granted: Any = user | {"server_id": server_id, "client_id": client_id, "scopes": ("openid",)}
    asked: Any = lives | {"server_id": server_id, "parameters": ()}
    unsaid: Any = {"nonce": None, "acr": None}
    code: Any = {"redirect_uri": "", "lifetimes": Lifetimes(), "code_challenge": None}
    state: Any = {"handle": "00s", "status": Status.MFA_REQUIRED}
    kept: dict[str, Any] = {
        "sessions": Session(id="102", created_at=at, **user),
        "session_tokens": SessionToken(**user),
        "transactions": Transaction(user_id=user_id, **state, **lives),
        "remembered_devices": RememberedDevice(user_id=user_id, **lives),
        "known_devices": KnownDevice(user_id=user_id, **lives),
        "consents": ConsentGiven(
            user_id=user_id, client_id=client_id, server_id=server_id, scope="notes"
        ),
        "authorization_codes": AuthorizationCode(**granted, **unsaid, **code),
        "refresh_tokens": RefreshToken(family="oar", ends_at=None, **granted, **unsaid),
        "device_authorizations": DeviceAuthorization(ends_at=at, **granted),
        "parked_authorizations": ParkedAuthorization(**asked),
        "pushed_authorizations": PushedAuthorization(client_id=client_id, **asked),
    }
    for name, record in kept.items():
        await getattr(storage, name).put(str(number), record)


@pytest.fixture
async def storage() -> Storage:
    """Two of everything."""
    clock = Clock()
    storage = in_memory(clock)
    await Seeding(storage=storage, clock=clock, issuers=Issuers(("http://localhost",))).start(SEED)
    for number in range(2):
        await _fill(storage, clock.now() + timedelta(hours=1), number)
    return storage


@pytest.fixture
def removals(storage: Storage) -> Removals:
    revocations = Revocations(storage=storage, clock=Clock(), ids=Ids())
    users = UserRevocations(storage=storage, revocations=revocations)
    return Removals(storage=storage, revocations=revocations, user_revocations=users)


async def _lost(storage: Storage, before: Any) -> dict[str, int]:
    """How many records each collection has fewer; what is new in it is not counted."""
    after = await storage.records()
    lost = {name: len(set(kept) - set(after[name])) for name, kept in before.items()}
    return {name: number for name, number in lost.items() if number}


async def test_a_user_takes_along_what_is_theirs(storage: Storage, removals: Removals) -> None:
    before = await storage.records()
    assert await removals.remove_user("00u1@example.com")
    assert await _lost(storage, before) == dict.fromkeys(OF_USERS, 1)
    assert [user.id for user in await storage.users.values()] == ["00u2"]
    assert [each.user_id for each in await storage.transactions.values()] == ["00u2"]


async def test_a_client_takes_along_what_is_its(storage: Storage, removals: Removals) -> None:
    before = await storage.records()
    assert await removals.remove_client("0oa1")
    assert await _lost(storage, before) == dict.fromkeys(OF_CLIENTS, 1)
    assert [each.client_id for each in await storage.pushed_authorizations.values()] == ["0oa2"]
    assert [each.client_id for each in await storage.consents.values()] == ["0oa2"]


async def test_an_authorization_server_takes_along_what_is_its(
    storage: Storage, removals: Removals
) -> None:
    before = await storage.records()
    assert await removals.remove_authorization_server("one")
    assert await _lost(storage, before) == dict.fromkeys(OF_SERVERS, 1)
    assert [each.server_id for each in await storage.refresh_tokens.values()] == ["two"]
    assert [each.server_id for each in await storage.consents.values()] == ["two"]


async def test_an_api_token_of_nobody_stays(storage: Storage, removals: Removals) -> None:
    await storage.api_tokens.put("free", ApiToken(token="free", user_id=None))
    assert await removals.remove_user("00u1")
    assert [each.token for each in await storage.api_tokens.values()] == ["00u2", "free"]
