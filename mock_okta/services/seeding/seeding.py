"""Turns a seed into records, by upsert: what it names is made or replaced, the rest stays."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from msgspec import Struct, structs

from mock_okta.clock import Clock
from mock_okta.ids import derived_id, derived_secret
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
    AppUris,
    Client,
    ClientAuthenticationMethod,
    ClientSettings,
    ClientType,
    RefreshTokenSettings,
)
from mock_okta.model.directory import EVERYONE, Assignment, Org, TrustedOrigin, User
from mock_okta.model.records import ApiToken, Login
from mock_okta.model.seed import (
    Known,
    Seed,
    SeedApiToken,
    SeedAuthorizationServer,
    SeedClient,
    SeedPolicy,
    SeedRule,
    SeedUser,
    client_id_of,
    parse_addition,
)
from mock_okta.services.directory.issuers import Issuers
from mock_okta.services.directory.lookup import ORG_KEY, id_for_login, the_org, user_named
from mock_okta.services.seeding.names import Names
from mock_okta.services.seeding.policies import (
    enrollment_policy_of,
    password_policy_of,
    registration_policy_of,
    sign_on_policy_of,
)
from mock_okta.services.seeding.providers import identity_provider_of, routing_rule_of
from mock_okta.services.seeding.users import user_of
from mock_okta.storage import Storage

__all__ = ["BUILT_IN_SCOPES", "Seeded", "Seeding", "client_of"]

BUILT_IN_SCOPES = ("openid", "profile", "email", "address", "phone", "offline_access")
_ORG_SCOPES = ("openid", "email", "profile", "address", "phone", "offline_access", "groups")
_CLIENT_TYPES = {
    "spa": ClientType.SPA,
    "web": ClientType.WEB,
    "native": ClientType.NATIVE,
    "service": ClientType.SERVICE,
}


class Seeded(Struct, frozen=True, kw_only=True):
    """The records that one seed made."""

    users: Sequence[User]
    clients: Sequence[Client]
    authorization_servers: Sequence[AuthorizationServer]


class Seeding(Struct, frozen=True, kw_only=True):
    """Puts seeds into storage."""

    storage: Storage
    clock: Clock
    issuers: Issuers

    async def start(self, seed: Seed) -> None:
        """Fill an empty org: its own authorization server and group, then `seed`."""
        await self.storage.groups.put(EVERYONE.id, EVERYONE)
        await self._keep_server(
            AuthorizationServer(
                id=ORG_SERVER,
                name=seed.org.name,
                issuer=self.issuers.urls[0],
                audience=self.issuers.urls[0],
                scopes={name: Scope(name=name, published=True) for name in _ORG_SCOPES},
            )
        )
        await self.upsert(seed)

    async def addition(self, document: bytes) -> Seed:
        """Return what a JSON document adds to the org that runs: what it names, and nothing else.

        Raises SeedError, and msgspec.DecodeError for what is no JSON.
        """
        return parse_addition(document, await the_org(self.storage), await self._known())

    async def add_server(self, seed: SeedAuthorizationServer) -> None:
        """Make or replace a custom authorization server."""
        await self._keep_server(await self._custom_server(seed))

    @property
    def _names(self) -> Names:
        return Names(self.storage)

    async def upsert(self, seed: Seed) -> Seeded:
        """Make or replace what `seed` names: users first, since others refer to them."""
        await self._keep_org(seed.org)
        users = [await self._keep_user(user) for user in seed.users]
        for given in seed.trusted_origins:
            trusted = TrustedOrigin(origin=given) if isinstance(given, str) else given
            await self.storage.trusted_origins.put(trusted.origin, trusted)
        for api_token in seed.api_tokens:
            token = ApiToken(token=api_token.token, user_id=await self._owner_id(api_token))
            await self.storage.api_tokens.put(token.token, token)
        for limit in seed.rate_limits:
            await self.storage.rate_limits.put(limit.path, limit)
        await self._keep_policies(seed)
        for provider in map(identity_provider_of, seed.identity_providers):
            await self.storage.identity_providers.put(provider.id, provider)
        for seed_rule in seed.routing_rules:
            rule = await routing_rule_of(seed_rule, self._names)
            await self.storage.routing_rules.put(rule.id, rule)
        return Seeded(
            users=users,
            clients=[await self._keep_client(client) for client in seed.clients],
            authorization_servers=[
                await self._keep_server(await self._custom_server(server))
                for server in seed.authorization_servers
            ],
        )

    async def _known(self) -> Known:
        """Return who and what is in the org, by the names that a seed may use."""
        users = await self.storage.users.values()
        providers = await self.storage.identity_providers.values()
        servers = await self.storage.authorization_servers.values()
        registers = bool(await self.storage.registration_policies.values())
        return Known(
            logins=frozenset(user.login for user in users),
            user_ids=frozenset(user.id for user in users),
            clients=frozenset(each.client_id for each in await self.storage.clients.values()),
            servers=frozenset(server.id for server in servers),
            providers=frozenset(name for each in providers for name in (each.id, each.name)),
            gets_users=bool(providers) or registers,
        )

    async def _keep_org(self, seed: Org) -> None:
        """Keep the settings; unless the seed gives an id, it stays when the name changes."""
        earlier = await self.storage.orgs.get(ORG_KEY)
        earlier_id = earlier.id if earlier else derived_id("00o", seed.name)
        org = structs.replace(seed, id=seed.id or earlier_id)
        await self.storage.orgs.put(ORG_KEY, org)
        await self.storage.authorization_servers.update(
            ORG_SERVER, lambda server: structs.replace(server, name=org.name)
        )

    async def _keep_policies(self, seed: Seed) -> None:
        for seed_passwords in seed.password_policies:
            passwords = await password_policy_of(seed_passwords, self._names)
            await self.storage.password_policies.put(passwords.id, passwords)
        for seed_sign_on in seed.sign_on_policies:
            sign_on = await sign_on_policy_of(seed_sign_on, self._names)
            await self.storage.sign_on_policies.put(sign_on.id, sign_on)
        for seed_enrollment in seed.enrollment_policies:
            enrollment = await enrollment_policy_of(seed_enrollment, self._names)
            await self.storage.enrollment_policies.put(enrollment.id, enrollment)
        if seed.registration is not None:
            await self.storage.registration_policies.clear()
            if seed.registration.enabled:
                now = self.clock.now()
                policy = await registration_policy_of(seed.registration, self._names, now)
                await self.storage.registration_policies.put(policy.id, policy)

    async def _owner_id(self, seed: SeedApiToken) -> str | None:
        if seed.user is None:
            return None
        owner = await user_named(self.storage, seed.user)
        return await id_for_login(self.storage, seed.user) if owner is None else owner.id

    async def _keep_user(self, seed: SeedUser) -> User:
        key = seed.login.lower()
        taken = await self.storage.logins.get(key)
        earlier_id = None if taken is None else taken.user_id
        user_id = seed.id or await id_for_login(self.storage, key)
        if earlier_id is not None and earlier_id != user_id:
            await self.storage.users.take(earlier_id)
        earlier = await self.storage.users.get(user_id)
        group_ids = await self._names.group_ids(seed.groups)
        user = user_of(seed, user_id, earlier, self.clock.now(), group_ids)
        if earlier is not None and earlier.login.lower() != key:
            await self.storage.logins.take(earlier.login.lower())
        await self.storage.logins.put(key, Login(user_id=user_id))
        await self.storage.users.put(user_id, user)
        return user

    async def _keep_client(self, seed: SeedClient) -> Client:
        client = client_of(seed)
        for origin in seed.base_uris:
            await self._trust_base_uri(TrustedOrigin(origin=origin))
        await self.storage.clients.put(client.client_id, client)
        await self._keep_assignments(client.client_id, seed)
        return client

    async def _keep_assignments(self, app_id: str, seed: SeedClient) -> None:
        """Assign the app to those whom the seed names, and to nobody else."""
        users = await self._names.user_ids(seed.assigned_users) or ()
        groups = await self._names.group_ids(seed.assigned_groups)
        await self.storage.assignments.remove_by("app_id", app_id)
        for principal_id in (*users, *groups):
            assignment = Assignment(app_id=app_id, principal_id=principal_id)
            await self.storage.assignments.put((app_id, principal_id), assignment)

    async def _trust_base_uri(self, base: TrustedOrigin) -> None:
        """Trust it for what apps need; it keeps the scopes that it has by itself."""

        def widened(known: TrustedOrigin) -> TrustedOrigin:
            scopes = dict.fromkeys((*known.scopes, *base.scopes))
            return structs.replace(known, scopes=tuple(scopes))

        origins = self.storage.trusted_origins
        if not await origins.add(base.origin, base):
            await origins.update(base.origin, widened)

    async def _keep_server(self, server: AuthorizationServer) -> AuthorizationServer:
        await self.storage.authorization_servers.put(server.id, server)
        return server

    async def _custom_server(self, seed: SeedAuthorizationServer) -> AuthorizationServer:
        built_in = [Scope(name=name, published=True) for name in BUILT_IN_SCOPES]
        scopes = [*built_in, *seed.scopes]
        mode = IssuerMode(seed.issuer_mode)
        return AuthorizationServer(
            id=seed.id,
            name=seed.name or seed.id,
            issuer=f"{self.issuers.url(mode)}/oauth2/{seed.id}",
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


def client_of(seed: SeedClient) -> Client:
    """Return the client that the seed describes, id and secret filled in."""
    client_id = client_id_of(seed)
    method = ClientAuthenticationMethod(seed.authentication_method)
    has_secret = seed.authentication_method.startswith("client_secret")
    secret = seed.client_secret or derived_secret(client_id)
    # The console's choice for public clients is ROTATE, for the others STATIC.
    is_public = method is ClientAuthenticationMethod.NONE
    rotation = RefreshTokenSettings(rotation_type="ROTATE" if is_public else "STATIC")
    settings = {name: getattr(seed, name) for name in ClientSettings.__struct_fields__}
    return Client(
        **settings,
        client_id=client_id,
        type=_CLIENT_TYPES[seed.type],
        authentication_method=method,
        client_secret=secret if has_secret else None,
        grant_types=frozenset(seed.allowed_grant_types),
        requires_consent=seed.consent_method == "REQUIRED",
        is_for_everybody=not seed.assigned_users and not seed.assigned_groups,
        okta_scopes=frozenset(seed.okta_scopes),
        refresh_token=seed.refresh_token or rotation,
        requires_pkce=is_public or bool(seed.pkce_required),
        has_wildcards=seed.wildcard_redirect == "SUBDOMAIN",
        uris=AppUris(
            logo=seed.logo_uri,
            home=seed.client_uri,
            terms=seed.tos_uri,
            privacy=seed.policy_uri,
        ),
        issuer_mode=IssuerMode(seed.issuer_mode),
    )


def _any_of(names: Iterable[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)
