"""An Okta org on your own machine.

>>> with MockOkta() as org:
...     print(org.issuer())
"""

from mock_okta.clock import Clock
from mock_okta.config import Config, ConfigError
from mock_okta.minting import Mint, Minted, MintError, mint
from mock_okta.proxy import Proxy
from mock_okta.seed import (
    Seed,
    SeedAge,
    SeedApiToken,
    SeedAssertionIssuer,
    SeedAuthorizationServer,
    SeedClaim,
    SeedClient,
    SeedComplexity,
    SeedEnrollmentPolicy,
    SeedError,
    SeedExternalUser,
    SeedFactor,
    SeedGroups,
    SeedGroupsClaim,
    SeedHide,
    SeedIdentityProvider,
    SeedLockout,
    SeedOrg,
    SeedPasswordPolicy,
    SeedPolicy,
    SeedRateLimit,
    SeedRecovery,
    SeedRecoveryQuestion,
    SeedRefreshToken,
    SeedRegistration,
    SeedRegistrationField,
    SeedRoutingRule,
    SeedRule,
    SeedScope,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedTrustedOrigin,
    SeedUser,
    SeedVisibility,
)
from mock_okta.server import MockOkta, PortTaken, StartError
from mock_okta.services.key_ring import KeyPool

__all__ = [
    "Clock",
    "Config",
    "ConfigError",
    "KeyPool",
    "Mint",
    "MintError",
    "Minted",
    "MockOkta",
    "PortTaken",
    "Proxy",
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
    "StartError",
    "mint",
]

__version__ = "0.1.0"
