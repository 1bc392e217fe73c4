"""Turns a seed into records: what it names is made or replaced, everything else stays."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta

from msgspec import Struct, structs

from mock_okta.clock import Clock
from mock_okta.ids import derived_id
from mock_okta.model.authorization_servers import (
    ORG_SERVER,
    AccessPolicy,
    AuthorizationServer,
    IssuerMode,
    Lifetimes,
    PolicyRule,
    Scope,
)
from mock_okta.model.clients import (
    Client,
)
from mock_okta.model.directory import (
    DEFAULT_ENGINE,
    EVERYONE,
    ApiToken,
    Assignment,
    Org,
    TrustedOrigin,
    User,
)
from mock_okta.model.seed import (
    Known,
    Seed,
    SeedApiToken,
    SeedAuthorizationServer,
    SeedClient,
    SeedError,
    SeedPolicy,
    SeedRule,
    parse_addition,
)
from mock_okta.services.directory.lookup import ORG_KEY, id_for_login, the_org, user_named
from mock_okta.services.seeding.clients import client_of
from mock_okta.services.seeding.keeping_users import UserKeeping
from mock_okta.services.seeding.names import Names
from mock_okta.services.seeding.policies import (
    authentication_policy_of,
    authenticator_of,
    enrollment_policy_of,
    identity_provider_of,
    password_policy_of,
    profile_enrollment_of,
    registration_policy_of,
    routing_rule_of,
    sign_on_policy_of,
)
from mock_okta.services.world import World
from mock_okta.storage import StoredRecords, in_memory

__all__ = ["BUILT_IN_SCOPES", "Seeded", "Seeding"]

BUILT_IN_SCOPES = ("openid", "profile", "email", "address", "phone", "offline_access")
_ORG_SCOPES = ("openid", "email", "profile", "address", "phone", "offline_access", "groups")


class Seeded(Struct, frozen=True, kw_only=True):
    """The records that one seed made."""

    users: Sequence[User]
    clients: Sequence[Client]
    authorization_servers: Sequence[AuthorizationServer]


class Seeding(Struct, frozen=True, kw_only=True):
    """Stores the records that seeds describe."""

    world: World

    async def start(self, seed: Seed, *, keeps_users: bool = False) -> None:
        """Fill an org: the org authorization server, the group Everyone, then `seed`.

        `keeps_users`: users who are there keep their credentials and their status.
        """
        await self.world.storage.groups.put(EVERYONE.id, EVERYONE)
        await self._keep_server(
            AuthorizationServer(
                id=ORG_SERVER,
                name=seed.org.name,
                issuer=self.world.issuers.urls[0],
                audience=self.world.issuers.urls[0],
                scopes={name: Scope(name=name, published=True) for name in _ORG_SCOPES},
            )
        )
        await self.upsert(seed, keeps_users=keeps_users)

    async def records_of(self, seed: Seed) -> StoredRecords:
        """Return the records of an org that starts with `seed`; this one stays as it is."""
        clock = Clock()
        world = structs.replace(self.world, storage=in_memory(clock), clock=clock)
        await Seeding(world=world).start(seed)
        return await world.storage.records()

    async def addition(self, document: bytes, *, is_yaml: bool = False) -> Seed:
        """Return the seed in a document, JSON or YAML, that is added to a running org.

        Raises SeedError, also for another engine than the org was started with, and
        msgspec.DecodeError if it is not JSON.
        """
        org = await the_org(self.world.storage)
        known = await self._known()
        try:
            seed = await _parsed(document, org, known, is_yaml=is_yaml)
        except SeedError:  # perhaps it refers to users: to read them all may take seconds
            known |= await self._known_users()
            seed = await _parsed(document, org, known, is_yaml=is_yaml)
        if seed.org.engine not in (None, org.engine):
            raise SeedError(f"org.engine: the org was started with {org.engine!r} and keeps it")
        return seed

    async def add_server(self, seed: SeedAuthorizationServer) -> None:
        """Make or replace a custom authorization server."""
        await self._keep_server(await self._custom_server(seed))

    @property
    def _names(self) -> Names:
        return Names(self.world.storage)

    async def upsert(self, seed: Seed, *, keeps_users: bool = False) -> Seeded:
        """Make or replace what `seed` names; users first, since other records refer to them.

        `keeps_users`: of users who are there, only profile and groups change.
        """
        storage = self.world.storage
        await self._keep_org(seed.org)
        users = await UserKeeping(world=self.world, keeps=keeps_users).all_of(seed.users)
        for given in seed.trusted_origins:
            trusted = TrustedOrigin(origin=given) if isinstance(given, str) else given
            await storage.trusted_origins.put(trusted.origin, trusted)
        for api_token in seed.api_tokens:
            token = ApiToken(token=api_token.token, user_id=await self._owner_id(api_token))
            await storage.api_tokens.put(token.token, token)
        for limit in seed.rate_limits:
            await storage.rate_limits.put(limit.path, limit)
        await self._keep_policies(seed)
        for provider in map(identity_provider_of, seed.identity_providers):
            await storage.identity_providers.put(provider.id, provider)
        for seed_rule in seed.routing_rules:
            rule = await routing_rule_of(seed_rule, self._names)
            await storage.routing_rules.put(rule.id, rule)
        return Seeded(
            users=users,
            clients=[await self._keep_client(client) for client in seed.clients],
            authorization_servers=[
                await self._keep_server(await self._custom_server(server))
                for server in seed.authorization_servers
            ],
        )

    async def _known_users(self) -> Known:
        users = await self.world.storage.users.values()
        return Known(
            logins=frozenset(user.login for user in users),
            user_ids=frozenset(user.id for user in users),
        )

    async def _known(self) -> Known:
        """Return the names in the org that a seed may refer to, but those of users."""
        storage = self.world.storage
        providers = await storage.identity_providers.values()
        servers = await storage.authorization_servers.values()
        asked = await storage.authentication_policies.values()
        registers = bool(await storage.registration_policies.values())
        return Known(
            clients=frozenset(each.client_id for each in await storage.clients.values()),
            servers=frozenset(server.id for server in servers),
            providers=frozenset(name for each in providers for name in (each.id, each.name)),
            authentication_policies=frozenset(each.name for each in asked),
            gets_users=bool(providers) or registers,
        )

    async def _keep_org(self, seed: Org) -> None:
        """Store the settings; the org keeps its id unless the seed gives one."""
        earlier = await self.world.storage.orgs.get(ORG_KEY)
        earlier_id = earlier.id if earlier else derived_id("00o", seed.name)
        engine = seed.engine or (earlier.engine if earlier else DEFAULT_ENGINE)
        org = structs.replace(seed, id=seed.id or earlier_id, engine=engine)
        await self.world.storage.orgs.put(ORG_KEY, org)
        await self.world.storage.authorization_servers.update(
            ORG_SERVER, lambda server: structs.replace(server, name=org.name)
        )

    async def _keep_policies(self, seed: Seed) -> None:
        storage = self.world.storage
        for seed_passwords in seed.password_policies:
            passwords = await password_policy_of(seed_passwords, self._names)
            await storage.password_policies.put(passwords.id, passwords)
        for seed_sign_on in seed.sign_on_policies:
            sign_on = await sign_on_policy_of(seed_sign_on, self._names)
            await storage.sign_on_policies.put(sign_on.id, sign_on)
        for seed_enrollment in seed.enrollment_policies:
            enrollment = await enrollment_policy_of(seed_enrollment, self._names)
            await storage.enrollment_policies.put(enrollment.id, enrollment)
        for seed_asked in seed.authentication_policies:
            asked = await authentication_policy_of(seed_asked, self._names)
            await storage.authentication_policies.put(asked.id, asked)
        for authenticator in map(authenticator_of, seed.authenticators):
            await storage.authenticators.put(authenticator.key, authenticator)
        if seed.profile_enrollment is not None:
            enrolment = profile_enrollment_of(seed.profile_enrollment)
            await storage.profile_enrollments.put(enrolment.id, enrolment)
        if seed.registration is not None:
            await storage.registration_policies.clear()
            if seed.registration.enabled:
                now = self.world.clock.now()
                policy = await registration_policy_of(seed.registration, self._names, now)
                await storage.registration_policies.put(policy.id, policy)

    async def _owner_id(self, seed: SeedApiToken) -> str | None:
        if seed.user is None:
            return None
        owner = await user_named(self.world.storage, seed.user)
        return await id_for_login(self.world.storage, seed.user) if owner is None else owner.id

    async def _keep_client(self, seed: SeedClient) -> Client:
        client = client_of(seed)
        if seed.authentication_policy is not None:
            policy_id = await self._names.authentication_policy_id(seed.authentication_policy)
            client = structs.replace(client, authentication_policy_id=policy_id)
        for origin in seed.base_uris:
            await self._trust_base_uri(TrustedOrigin(origin=origin))
        await self.world.storage.clients.put(client.client_id, client)
        await self._keep_assignments(client.client_id, seed)
        return client

    async def _keep_assignments(self, app_id: str, seed: SeedClient) -> None:
        """Assign the app to the users and groups in the seed, and to no others."""
        users = await self._names.user_ids(seed.assigned_users) or ()
        groups = await self._names.group_ids(seed.assigned_groups)
        await self.world.storage.assignments.remove_by("app_id", app_id)
        for principal_id in (*users, *groups):
            assignment = Assignment(app_id=app_id, principal_id=principal_id)
            await self.world.storage.assignments.put((app_id, principal_id), assignment)

    async def _trust_base_uri(self, base: TrustedOrigin) -> None:
        """Trust the origin for what apps need; scopes that it has already stay."""

        def widened(known: TrustedOrigin) -> TrustedOrigin:
            scopes = dict.fromkeys((*known.scopes, *base.scopes))
            return structs.replace(known, scopes=tuple(scopes))

        origins = self.world.storage.trusted_origins
        if not await origins.add(base.origin, base):
            await origins.update(base.origin, widened)

    async def _keep_server(self, server: AuthorizationServer) -> AuthorizationServer:
        await self.world.storage.authorization_servers.put(server.id, server)
        return server

    async def _custom_server(self, seed: SeedAuthorizationServer) -> AuthorizationServer:
        built_in = [Scope(name=name, published=True) for name in BUILT_IN_SCOPES]
        scopes = [*built_in, *seed.scopes]
        mode = IssuerMode(seed.issuer_mode)
        return AuthorizationServer(
            id=seed.id,
            name=seed.name or seed.id,
            issuer=f"{self.world.issuers.url(mode)}/oauth2/{seed.id}",
            issuer_mode=mode,
            audience=seed.audiences[0],
            scopes={scope.name: scope for scope in scopes},
            claims=seed.claims,
            policies=tuple([await self._policy(seed.id, each) for each in seed.policies]),
            trusted_servers=frozenset(seed.trusted_servers),
            assertion_issuers=seed.trusted_assertion_issuers,
        )

    async def _policy(self, server_id: str, seed: SeedPolicy) -> AccessPolicy:
        return AccessPolicy(
            id=derived_id("00p", f"{server_id}:{seed.name}"),
            name=seed.name,
            client_ids=_any_of(seed.clients),
            rules=tuple([await self._rule(rule) for rule in seed.rules]),
        )

    async def _rule(self, seed: SeedRule) -> PolicyRule:
        lifetime = seed.refresh_token_lifetime_minutes
        return PolicyRule(
            name=seed.name,
            grant_types=_any_of(seed.grant_types),
            user_ids=await self._names.user_ids(seed.users),
            group_ids=await self._names.any_group_ids(seed.groups),
            scopes=_any_of(seed.scopes),
            lifetimes=Lifetimes(
                access_token=timedelta(minutes=seed.access_token_lifetime_minutes),
                refresh_token=timedelta(minutes=lifetime) if lifetime else None,
                refresh_token_idle=timedelta(minutes=seed.refresh_token_window_minutes),
            ),
        )


async def _parsed(document: bytes, org: Org, known: Known, *, is_yaml: bool) -> Seed:
    if is_yaml:  # its parser is imported when it is needed, which a thread must do
        return await asyncio.to_thread(parse_addition, document, org, known, is_yaml=True)
    return parse_addition(document, org, known)


def _any_of(names: Iterable[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)
