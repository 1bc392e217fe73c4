"""Identity providers and routing rules of a seed as records."""

from mock_okta.model.identity_providers import IdentityProvider, RoutingRule
from mock_okta.model.seed import SeedIdentityProvider, SeedRoutingRule, provider_id_of
from mock_okta.services.seeding.names import Names

__all__ = ["identity_provider_of", "routing_rule_of"]


def identity_provider_of(seed: SeedIdentityProvider) -> IdentityProvider:
    """Return the record, its id filled in."""
    return IdentityProvider(
        id=provider_id_of(seed),
        name=seed.name,
        type=seed.type,
        users=seed.users,
    )


async def routing_rule_of(seed: SeedRoutingRule, names: Names) -> RoutingRule:
    """Return the record, with domains and logins in lower case."""
    name = seed.name or f"Route to {seed.idp}"
    return RoutingRule(
        id=await names.policy_id(names.storage.routing_rules, "routing", name),
        name=name,
        provider_id=await names.provider_id(seed.idp),
        domains=frozenset(domain.lower() for domain in seed.domains),
        logins=frozenset(login.lower() for login in seed.logins),
    )
