"""Names in a seed must exist: in the seed itself, or in the org that it is added to."""

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from typing import Self

from msgspec import Struct, structs

from mock_okta.ids import derived_id
from mock_okta.model.seed.authentication import SeedAuthenticationRule
from mock_okta.model.seed.identity_providers import SeedIdentityProvider
from mock_okta.model.seed.mistakes import Finding, Path, suggestion
from mock_okta.model.seed.policies import SeedSignOnRule
from mock_okta.model.seed.types import Seed, SeedClient, SeedRule

__all__ = ["Known", "client_id_of", "provider_id_of", "unknown_names"]

_Check = Callable[[Path, str], Iterator[Finding]]


class Known(Struct, frozen=True, kw_only=True):
    """Who and what exists, by the names that a seed may use; logins are case-insensitive.

    `gets_users`: users are added without a seed, by registration or an identity provider.
    """

    logins: frozenset[str] = frozenset()
    user_ids: frozenset[str] = frozenset()
    clients: frozenset[str] = frozenset()
    servers: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    authentication_policies: frozenset[str] = frozenset()
    gets_users: bool = False

    @classmethod
    def of(cls, seed: Seed) -> Self:
        """Return what the seed defines."""
        providers = [(p.name, provider_id_of(p)) for p in seed.identity_providers]
        return cls(
            logins=frozenset(user.login for user in seed.users),
            user_ids=frozenset(user.id for user in seed.users if user.id),
            clients=frozenset(map(client_id_of, seed.clients)),
            servers=frozenset(server.id for server in seed.authorization_servers),
            providers=frozenset(name for names in providers for name in names),
            authentication_policies=frozenset(each.name for each in seed.authentication_policies),
            gets_users=bool(providers)
            or (seed.registration is not None and seed.registration.enabled),
        )

    def __or__(self, other: Self) -> Self:
        return type(self)(**{k: getattr(self, k) | v for k, v in structs.asdict(other).items()})


def client_id_of(seed: SeedClient) -> str:
    """Return the client's id; without one, it is derived from the name."""
    return seed.client_id or derived_id("0oa", seed.name)


def provider_id_of(seed: SeedIdentityProvider) -> str:
    """Return the identity provider's id; without one, it is derived from the name."""
    return seed.id or derived_id("0oa", f"idp:{seed.name}")


def unknown_names(seed: Seed, known: Known, incomplete: Collection[str] = ()) -> Iterator[Finding]:
    """Return the names in the seed that are not `known`.

    Not checked are names of a list that is `incomplete`, users if `known.gets_users`, and groups: a
    group may have no members.
    """
    unsure = {*incomplete, *(["users"] if known.gets_users else [])}

    def check(collection: str, kind: str, names: frozenset[str]) -> _Check:
        return _anything if collection in unsure else partial(_is_in, kind, names)

    logins = frozenset(map(str.lower, known.logins))
    check_login = check("users", "user", known.logins)

    def is_login(path: Path, login: str) -> Iterator[Finding]:
        return iter(()) if login.lower() in logins else check_login(path, login)

    is_client = check("clients", "client", known.clients)
    is_server = check("authorization_servers", "authorization server", known.servers | {"org"})
    is_provider = check("identity_providers", "identity provider", known.providers | {"OKTA"})
    is_policy = check(
        "authentication_policies", "authentication policy", known.authentication_policies
    )
    yield from _of_clients(is_login, is_policy, seed.clients)
    for at, server in enumerate(seed.authorization_servers):
        here: Path = ("authorization_servers", at)
        yield from _each(is_server, (*here, "trusted_servers"), server.trusted_servers)
        for number, policy in enumerate(server.policies):
            there = (*here, "policies", number)
            yield from _each(is_client, (*there, "clients"), policy.clients)
            yield from _of_rules(is_login, there, policy.rules)
    for kind in ("sign_on_policies", "authentication_policies"):
        for at, asked in enumerate(getattr(seed, kind)):
            yield from _of_rules(is_login, (kind, at), asked.rules)
    for at, token in enumerate(seed.api_tokens):
        if token.user is not None and token.user not in known.user_ids:
            yield from is_login(("api_tokens", at, "user"), token.user)
    for at, route in enumerate(seed.routing_rules):
        yield from is_provider(("routing_rules", at, "idp"), route.idp)


def _of_clients(
    check_login: _Check, check_policy: _Check, clients: Iterable[SeedClient]
) -> Iterator[Finding]:
    for at, client in enumerate(clients):
        yield from _each(check_login, ("clients", at, "assigned_users"), client.assigned_users)
        if client.authentication_policy is not None:
            path: Path = ("clients", at, "authentication_policy")
            yield from check_policy(path, client.authentication_policy)


def _of_rules(
    check: _Check, path: Path, rules: Iterable[SeedRule | SeedSignOnRule | SeedAuthenticationRule]
) -> Iterator[Finding]:
    for index, rule in enumerate(rules):
        yield from _each(check, (*path, "rules", index, "users"), rule.users)


def _each(check: _Check, path: Path, names: Iterable[str] | None) -> Iterator[Finding]:
    for index, name in enumerate(names or ()):
        yield from check((*path, index), name)


def _anything(_path: Path, _name: str) -> Iterator[Finding]:
    return iter(())


def _is_in(kind: str, known: frozenset[str], path: Path, name: str) -> Iterator[Finding]:
    if name not in known:
        yield Finding(
            path=path, message=f"there is no {kind} '{name}'{suggestion(name, sorted(known))}"
        )
