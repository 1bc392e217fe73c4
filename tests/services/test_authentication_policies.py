"""Which authentication rule, authenticators and attributes an org has, and for whom."""

import pytest
from msgspec import structs

from mock_okta import (
    AuthenticatorSettings,
    Clock,
    KeyPool,
    ProfileAttribute,
    Seed,
    SeedAuthenticationPolicy,
    SeedAuthenticationRule,
    SeedAuthenticator,
    SeedClient,
    SeedProfileEnrollment,
    SeedUser,
)
from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.seed import GivenSeed
from mock_okta.services.directory.lookup import user_named
from mock_okta.services.services import Services
from mock_okta.services.world import world_of
from mock_okta.storage import in_memory
from mock_okta.web.hosted_pages import path_to_recover

STAFF, OTHER, NAMED = "staff@example.com", "other@example.com", "named@example.com"
STRICT = SeedAuthenticationPolicy(
    name="Strict",
    rules=(
        SeedAuthenticationRule(name="Named", users=(NAMED.upper(),), access="DENY"),
        SeedAuthenticationRule(name="Staff", groups=("STAFF",), factor_mode="2FA"),
    ),
)
SEED = Seed(
    users=(
        SeedUser(login=STAFF, password="x", groups=("Everyone", "Staff")),
        SeedUser(login=NAMED, password="x", groups=("Everyone", "Staff")),
        SeedUser(login=OTHER, password="x"),
    ),
    clients=(
        SeedClient(name="Strict", type="spa", client_id="0oa1", authentication_policy="Strict"),
        SeedClient(name="Usual", type="spa", client_id="0oa2"),
    ),
    authentication_policies=(STRICT,),
)
NOTHING = Seed(users=(), clients=(), authorization_servers=())


@pytest.fixture
async def services(shared_pool: KeyPool) -> Services:
    clock = Clock()
    services = Services(
        world_of(in_memory(clock), clock, shared_pool), GivenSeed(SEED), path_to_recover
    )
    await services.seeding.start(SEED)
    return services


async def _of(services: Services, login: str, client_id: str = "0oa1") -> tuple[str, str, str]:
    """Return name, access and mode of the rule that holds."""
    user = await user_named(services.storage, login)
    client = await services.storage.clients.get(client_id)
    assert isinstance(user, User)
    assert isinstance(client, Client)
    rule = await services.policies.authentication(client, user)
    return rule.name, rule.access, rule.factor_mode


@pytest.mark.parametrize(
    ("login", "client_id", "rule"),
    [
        (STAFF, "0oa1", ("Staff", "ALLOW", "2FA")),
        (NAMED, "0oa1", ("Named", "DENY", "1FA")),
        (OTHER, "0oa1", ("No rule", "DENY", "1FA")),
        (STAFF, "0oa2", ("Default rule", "ALLOW", "1FA")),
    ],
)
async def test_the_first_rule_that_covers_the_user_holds(
    services: Services, login: str, client_id: str, rule: tuple[str, str, str]
) -> None:
    assert await _of(services, login, client_id) == rule


async def test_a_policy_s_id_stays_when_it_is_seeded_again(services: Services) -> None:
    (before,) = await services.storage.authentication_policies.values()
    assert before.id.startswith("rst")
    again = SeedAuthenticationPolicy(name="Strict")
    await services.seeding.upsert(structs.replace(NOTHING, authentication_policies=(again,)))
    (after,) = await services.storage.authentication_policies.values()
    assert after.id == before.id
    assert await _of(services, OTHER) == ("Default rule", "ALLOW", "1FA")


async def test_an_app_that_is_seeded_again_without_a_policy_has_none(services: Services) -> None:
    client = structs.replace(SEED.clients[0], authentication_policy=None)
    await services.seeding.upsert(structs.replace(NOTHING, clients=(client,)))
    assert await _of(services, OTHER) == ("Default rule", "ALLOW", "1FA")


async def test_a_removed_policy_holds_for_no_app_and_does_not_come_back(services: Services) -> None:
    assert await services.removals.remove_authentication_policy("Strict")
    assert not await services.removals.remove_authentication_policy("Strict")
    assert await _of(services, OTHER) == ("Default rule", "ALLOW", "1FA")
    await services.seeding.upsert(structs.replace(NOTHING, authentication_policies=(STRICT,)))
    assert await _of(services, OTHER) == ("Default rule", "ALLOW", "1FA")


async def test_an_org_has_all_authenticators_but_custom_tokens(services: Services) -> None:
    found = await services.policies.authenticators()
    assert {key for key, each in found.items() if each.status == "INACTIVE"} == {"custom_otp"}
    assert len(found) == 8
    assert len({each.id for each in found.values()}) == 8
    assert all(each.id.startswith("aut") for each in found.values())


async def test_a_seed_sets_authenticators_up_one_by_one(services: Services) -> None:
    settings = AuthenticatorSettings(allowed_for="recovery", uses_magic_link=False)
    given = (
        SeedAuthenticator(key="okta_email", settings=settings),
        SeedAuthenticator(key="phone_number", status="INACTIVE"),
        SeedAuthenticator(key="custom_otp", name="Tokens"),
    )
    before = await services.policies.authenticators()
    await services.seeding.upsert(structs.replace(NOTHING, authenticators=given))
    found = await services.policies.authenticators()
    assert [key for key in found if found[key] == before[key]] == [
        key for key in before if key not in {each.key for each in given}
    ]
    email, phone, tokens = (found[each.key] for each in given)
    assert (email.name, email.settings, email.signs_in, email.recovers) == (
        "Email",
        settings,
        False,
        True,
    )
    assert (phone.signs_in, phone.recovers) == (False, False)
    assert (tokens.name, tokens.status) == ("Tokens", "ACTIVE")


async def test_users_are_asked_for_what_their_profile_lacks(services: Services) -> None:
    attributes = (
        ProfileAttribute(name="department", required=True),
        ProfileAttribute(name="nickName"),
        ProfileAttribute(name="email"),
    )
    enrolment = SeedProfileEnrollment(profile_attributes=attributes)
    seed = structs.replace(NOTHING, profile_enrollment=enrolment)
    await services.seeding.upsert(seed)
    (kept,) = await services.storage.profile_enrollments.values()
    assert kept.missing({"email": "a@example.com", "nickName": ""}) == attributes[:2]
    assert kept.missing(dict.fromkeys(("department", "email", "nickName"), "x")) == ()
    await services.seeding.upsert(structs.replace(seed, profile_enrollment=SeedProfileEnrollment()))
    (kept,) = await services.storage.profile_enrollments.values()
    assert kept.missing({}) == ()


async def test_a_snapshot_has_them_too(services: Services) -> None:
    records = await services.storage.records()
    await services.storage.clear()
    assert not await services.storage.authentication_policies.values()
    await services.storage.restore(records)
    assert await _of(services, STAFF) == ("Staff", "ALLOW", "2FA")
