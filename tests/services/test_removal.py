"""What is removed takes with it all that is its own, and nothing of others."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from mock_okta import Clock, KeyPool
from mock_okta.model.authorization_servers import Lifetimes
from mock_okta.model.directory import EVERYONE, ApiToken
from mock_okta.model.failures import NotAssigned
from mock_okta.model.grants import (
    AuthorizationCode,
    ConsentGiven,
    DeviceAuthorization,
    ParkedAuthorization,
    PushedAuthorization,
    RefreshToken,
)
from mock_okta.model.interactions import IdentityTransaction, Interaction, InteractionCode
from mock_okta.model.seed import (
    GivenSeed,
    Seed,
    SeedApiToken,
    SeedAuthorizationServer,
    SeedClient,
    SeedUser,
)
from mock_okta.model.sessions import (
    AskedDevice,
    KnownDevice,
    RememberedDevice,
    Session,
    SessionToken,
)
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.seeding.removal import Removals
from mock_okta.services.services import Services
from mock_okta.services.tokens.access import user_is_assigned
from mock_okta.services.world import world_of
from mock_okta.storage import Storage, in_memory
from mock_okta.web.hosted_pages import path_to_recover

USERS, CLIENTS, SERVERS = ("00u1", "00u2"), ("0oa1", "0oa2"), ("one", "two")
LOGINS = tuple(f"{n}@example.com" for n in USERS)
SEED = Seed(
    users=tuple(
        SeedUser(login=n, password="x", groups=("Everyone", "Testers"), id=user_id)
        for n, user_id in zip(LOGINS, USERS, strict=True)
    ),
    clients=tuple(
        SeedClient(name=n, type="native", client_id=n, assigned_users=(login,))
        for n, login in zip(CLIENTS, LOGINS, strict=True)
    ),
    authorization_servers=tuple(SeedAuthorizationServer(id=n) for n in SERVERS),
    api_tokens=tuple(SeedApiToken(token=n, user=f"{n}@example.com") for n in USERS),
)
OF_USERS = {
    "sessions",
    "session_tokens",
    "transactions",
    "remembered_devices",
    "asked_devices",
    "known_devices",
    "consents",
    "authorization_codes",
    "interaction_codes",
    "identity_transactions",
    "device_authorizations",
    "refresh_tokens",
    "api_tokens",
    "assignments",
    "users",
    "logins",
}
OF_CLIENTS = {
    "consents",
    "pushed_authorizations",
    "authorization_codes",
    "interactions",
    "interaction_codes",
    "device_authorizations",
    "refresh_tokens",
    "assignments",
    "clients",
}
OF_SERVERS = {
    "consents",
    "parked_authorizations",
    "pushed_authorizations",
    "authorization_codes",
    "interactions",
    "interaction_codes",
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
    interaction = Interaction(
        server_id=server_id, client_id=client_id, redirect_uri="", scopes=(), **lives
    )
    state: Any = {"handle": "00s", "status": Status.MFA_REQUIRED}
    kept: dict[str, Any] = {
        "sessions": Session(id="102", created_at=at, **user),
        "session_tokens": SessionToken(**user),
        "transactions": Transaction(user_id=user_id, **state, **lives),
        "remembered_devices": RememberedDevice(user_id=user_id, **lives),
        "asked_devices": AskedDevice(user_id=user_id, **lives),
        "known_devices": KnownDevice(user_id=user_id, **lives),
        "consents": ConsentGiven(
            user_id=user_id, client_id=client_id, server_id=server_id, scope="notes"
        ),
        "authorization_codes": AuthorizationCode(**granted, **unsaid, **code),
        "interactions": interaction,
        "interaction_codes": InteractionCode(interaction=interaction, **user),
        "identity_transactions": IdentityTransaction(handle="02.id.s", user_id=user_id, **lives),
        "refresh_tokens": RefreshToken(family="oar", ends_at=None, **granted, **unsaid),
        "device_authorizations": DeviceAuthorization(ends_at=at, **granted),
        "parked_authorizations": ParkedAuthorization(**asked),
        "pushed_authorizations": PushedAuthorization(client_id=client_id, **asked),
    }
    for name, record in kept.items():
        await getattr(storage, name).put(str(number), record)


@pytest.fixture
async def services(shared_pool: KeyPool) -> Services:
    """Two of everything."""
    clock = Clock()
    services = Services(
        world_of(in_memory(clock), clock, shared_pool), GivenSeed(SEED), path_to_recover
    )
    await services.seeding.start(SEED)
    for number in range(2):
        await _fill(services.storage, clock.now() + timedelta(hours=1), number)
    return services


@pytest.fixture
def storage(services: Services) -> Storage:
    return services.storage


@pytest.fixture
def removals(services: Services) -> Removals:
    return services.removals


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


async def test_a_user_who_is_seeded_again_has_neither_the_apps_nor_the_groups_of_before(
    services: Services, storage: Storage
) -> None:
    assert await services.removals.remove_user("00u1")
    again = SeedUser(login=LOGINS[0], password="x", id="00u1")
    await services.seeding.upsert(Seed(users=(again,), clients=(), authorization_servers=()))
    user, app = await storage.users.get("00u1"), await storage.clients.get("0oa1")
    assert user is not None
    assert app is not None
    assert user.group_ids == (EVERYONE.id,)
    with pytest.raises(NotAssigned):
        await user_is_assigned(storage, app, user)
