"""What a seed names is resolved once: records refer to one another by id."""

import pytest
from msgspec import structs

from mock_okta import (
    Clock,
    KeyPool,
    Seed,
    SeedAuthorizationServer,
    SeedClient,
    SeedPolicy,
    SeedRule,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from mock_okta.model.clients import Client
from mock_okta.model.directory import EVERYONE, Login, User
from mock_okta.model.seed import GivenSeed
from mock_okta.services.directory.lookup import group_names, id_for_login, user_named
from mock_okta.services.services import Services
from mock_okta.services.tokens.access import lifetimes_for, user_is_assigned
from mock_okta.services.world import world_of
from mock_okta.storage import Storage, in_memory
from mock_okta.web.hosted_pages import path_to_recover
from tests.storage.counting import counting

LOGIN, RENAMED = "Tester@Example.com", "renamed@example.com"
SEED = Seed(
    users=(SeedUser(login=LOGIN, password="x", groups=("Everyone", "Testers")),),
    clients=(
        SeedClient(name="One", type="spa", client_id="0oa1", assigned_users=(LOGIN.lower(),)),
        SeedClient(name="Two", type="spa", client_id="0oa2", assigned_groups=("testers",)),
    ),
    authorization_servers=(
        SeedAuthorizationServer(
            id="default", policies=(SeedPolicy(rules=(SeedRule(users=(LOGIN.upper(),)),)),)
        ),
    ),
    sign_on_policies=(
        SeedSignOnPolicy(
            groups=("TESTERS",), rules=(SeedSignOnRule(name="Mine", users=(LOGIN.lower(),)),)
        ),
    ),
)


@pytest.fixture
async def services(shared_pool: KeyPool) -> Services:
    clock = Clock()
    services = Services(
        world_of(in_memory(clock), clock, shared_pool), GivenSeed(SEED), path_to_recover
    )
    await services.seeding.start(SEED)
    return services


@pytest.fixture
def storage(services: Services) -> Storage:
    return services.storage


async def _user(storage: Storage, login: str = LOGIN) -> User:
    user = await user_named(storage, login)
    assert user is not None
    return user


async def _rename_all(storage: Storage) -> None:
    """Give the user and the group another name, as an administrator may."""
    user = await _user(storage)
    await storage.logins.take(LOGIN.lower())
    await storage.logins.put(RENAMED, Login(user_id=user.id))
    await storage.users.update(user.id, lambda kept: structs.replace(kept, login=RENAMED))
    await storage.groups.update(user.group_ids[1], lambda kept: structs.replace(kept, name="Staff"))


async def test_no_reference_is_lost_when_a_user_and_a_group_get_another_name(
    services: Services, storage: Storage
) -> None:
    await _rename_all(storage)
    user = await _user(storage, RENAMED)
    for client_id in ("0oa1", "0oa2"):
        client = await storage.clients.get(client_id)
        assert isinstance(client, Client)
        await user_is_assigned(storage, client, user)
    server = await storage.authorization_servers.get("default")
    assert server is not None
    lifetimes_for(server, client, "implicit", user, ("openid",))
    assert (await services.policies.sign_on(user)).name == "Mine"
    assert await group_names(storage, user) == ("Everyone", "Staff")


async def test_groups_of_one_name_in_any_case_are_one_group(storage: Storage) -> None:
    user = await _user(storage)
    assert user.group_ids[0] == EVERYONE.id
    assert [group.name for group in await storage.groups.values()] == ["Everyone", "Testers"]


async def test_a_name_that_is_free_again_is_another_user_s_and_another_group_s(
    services: Services, storage: Storage
) -> None:
    before = await _user(storage)
    await _rename_all(storage)
    other = SeedUser(login=LOGIN, password="x", groups=("Testers",))
    await services.seeding.upsert(Seed(users=(other,), clients=(), authorization_servers=()))
    user = await _user(storage)
    assert user.id != before.id
    assert user.group_ids[0] not in before.group_ids
    assert (await _user(storage, RENAMED)).id == before.id


async def test_a_policy_of_the_same_name_takes_the_place_of_the_first(
    services: Services, storage: Storage
) -> None:
    (before,) = await storage.sign_on_policies.values()
    again = Seed(
        users=(), clients=(), authorization_servers=(), sign_on_policies=(SeedSignOnPolicy(),)
    )
    await services.seeding.upsert(again)
    (after,) = await storage.sign_on_policies.values()
    assert (after.id, after.group_ids) == (before.id, None)


async def test_an_app_may_be_for_a_user_who_is_yet_to_come(
    services: Services, storage: Storage
) -> None:
    app = SeedClient(name="Three", type="spa", client_id="0oa3", assigned_users=("a@example.com",))
    seed = Seed(users=(), clients=(app,), authorization_servers=())
    await services.seeding.upsert(seed)
    (assignment,) = await storage.assignments.all_by("app_id", "0oa3")
    assert assignment.principal_id == await id_for_login(storage, "A@Example.com")


async def test_many_users_are_stored_with_few_calls(shared_pool: KeyPool) -> None:
    asked: list[str] = []
    storage = counting(asked)(Clock())
    world = world_of(storage, Clock(), shared_pool)
    logins = [f"user{number}@example.com" for number in range(2500)]
    seed = Seed(users=tuple(SeedUser(login=login, password="x") for login in logins))
    services = Services(world, GivenSeed(seed), path_to_recover)
    for keeps in (False, True):
        asked.clear()
        await services.seeding.start(seed, keeps_users=keeps)
        assert [user.login for user in await storage.users.values()] == logins
        about_users = [each for each in asked if each.startswith(("users.", "logins."))]
        assert len(about_users) <= 13  # four for each thousand


async def test_users_who_swap_their_logins_keep_their_ids(
    services: Services, storage: Storage
) -> None:
    ids = ("00u1", "00u2")
    for logins in (("one@example.com", "two@example.com"), ("two@example.com", "one@example.com")):
        swapped = [
            SeedUser(login=login, id=user_id, password="x")
            for login, user_id in zip(logins, ids, strict=True)
        ]
        await services.seeding.upsert(Seed(users=tuple(swapped)))
        for login, user_id in zip(logins, ids, strict=True):
            found = await user_named(storage, login)
            assert found is not None
            assert found.id == user_id
            assert await storage.logins.get(login) == Login(user_id=user_id)
