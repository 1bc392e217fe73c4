"""Identity providers and routing rules of a seed as records."""

from mock_okta.model.identity_providers import IdentityProvider, RoutingRule
from mock_okta.model.seed import SeedIdentityProvider, SeedRoutingRule, provider_id_of

__all__ = ["identity_provider_of", "routing_rule_of"]


def identity_provider_of(seed: SeedIdentityProvider) -> IdentityProvider:
    """Return the record, its id filled in."""
    return IdentityProvider(
        id=provider_id_of(seed),
        name=seed.name,
        type=seed.type,
        users=seed.users,
    )


def routing_rule_of(seed: SeedRoutingRule) -> RoutingRule:
    """Return the record; domains and logins count in any case."""
    return RoutingRule(
        name=seed.name or f"Route to {seed.idp}",
        provider=seed.idp,
        domains=frozenset(domain.lower() for domain in seed.domains),
        logins=frozenset(login.lower() for login in seed.logins),
    )
