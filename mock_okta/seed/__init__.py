"""The seed document: what an org starts with, and how a mistake in it is told."""

from mock_okta.seed.defaults import default_seed, with_addresses
from mock_okta.seed.identity_providers import (
    SeedExternalUser,
    SeedIdentityProvider,
    SeedRoutingRule,
)
from mock_okta.seed.mistakes import Mistake, SeedError
from mock_okta.seed.operations import SeedApiToken, SeedRateLimit
from mock_okta.seed.policies import (
    SeedAge,
    SeedComplexity,
    SeedEnrollmentPolicy,
    SeedLockout,
    SeedPasswordPolicy,
    SeedRecovery,
    SeedSignOnPolicy,
    SeedSignOnRule,
)
from mock_okta.seed.reading import (
    parse_addition,
    parse_seed,
    read_seed,
    require_known_names,
)
from mock_okta.seed.references import Known, client_id_of, provider_id_of
from mock_okta.seed.registration import SeedRegistration, SeedRegistrationField
from mock_okta.seed.trusted_origins import SeedTrustedOrigin
from mock_okta.seed.types import (
    Seed,
    SeedAssertionIssuer,
    SeedAuthorizationServer,
    SeedClaim,
    SeedClient,
    SeedGroups,
    SeedGroupsClaim,
    SeedHide,
    SeedOrg,
    SeedPolicy,
    SeedRefreshToken,
    SeedRule,
    SeedScope,
    SeedVisibility,
)
from mock_okta.seed.users import SeedFactor, SeedRecoveryQuestion, SeedUser

__all__ = [
    "Known",
    "Mistake",
    "Seed",
    "SeedAge",
    "SeedApiToken",
    "SeedAssertionIssuer",
    "SeedAuthorizationServer",
    "SeedClaim",
    "SeedClient",
    "SeedComplexity",
    "SeedEnrollmentPolicy",
    "SeedError",
    "SeedExternalUser",
    "SeedFactor",
    "SeedGroups",
    "SeedGroupsClaim",
    "SeedHide",
    "SeedIdentityProvider",
    "SeedLockout",
    "SeedOrg",
    "SeedPasswordPolicy",
    "SeedPolicy",
    "SeedRateLimit",
    "SeedRecovery",
    "SeedRecoveryQuestion",
    "SeedRefreshToken",
    "SeedRegistration",
    "SeedRegistrationField",
    "SeedRoutingRule",
    "SeedRule",
    "SeedScope",
    "SeedSignOnPolicy",
    "SeedSignOnRule",
    "SeedTrustedOrigin",
    "SeedUser",
    "SeedVisibility",
    "client_id_of",
    "default_seed",
    "parse_addition",
    "parse_seed",
    "provider_id_of",
    "read_seed",
    "require_known_names",
    "with_addresses",
]
