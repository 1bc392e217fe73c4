"""The seed document: what an org starts with, and how a mistake in it is told."""

from mock_okta.seed.defaults import default_seed, with_addresses
from mock_okta.seed.operations import SeedApiToken, SeedRateLimit
from mock_okta.seed.reading import SeedError, parse_seed, read_seed
from mock_okta.seed.types import (
    Seed,
    SeedAssertionIssuer,
    SeedAuthorizationServer,
    SeedClaim,
    SeedClient,
    SeedGroups,
    SeedOrg,
    SeedPolicy,
    SeedRule,
    SeedScope,
    SeedUser,
)

__all__ = [
    "Seed",
    "SeedApiToken",
    "SeedAssertionIssuer",
    "SeedAuthorizationServer",
    "SeedClaim",
    "SeedClient",
    "SeedError",
    "SeedGroups",
    "SeedOrg",
    "SeedPolicy",
    "SeedRateLimit",
    "SeedRule",
    "SeedScope",
    "SeedUser",
    "default_seed",
    "parse_seed",
    "read_seed",
    "with_addresses",
]
