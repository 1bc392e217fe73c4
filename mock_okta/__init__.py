"""An Okta org on your own machine.

>>> with MockOkta() as org:
...     print(org.issuer())
"""

from mock_okta.app.minting import Mint, Minted, MintError, mint
from mock_okta.app.settings import Config, ConfigError
from mock_okta.clock import Clock
from mock_okta.model.directory import (
    AssertionIssuer,
    Claim,
    GroupsClaim,
    GroupsFilter,
    Hide,
    Org,
    RecoveryQuestion,
    RefreshTokenSettings,
    Scope,
    TrustedOrigin,
    Visibility,
)
from mock_okta.model.identity_providers import (
    ExternalUser,
)
from mock_okta.model.policies import (
    Age,
    Complexity,
    Lockout,
    Recovery,
)
from mock_okta.model.records import (
    RateLimit,
)
from mock_okta.model.registration import (
    RegistrationField,
)
from mock_okta.model.seed import (
    Seed,
    SeedApiToken,
    SeedAuthorizationServer,
    SeedClient,
    SeedEnrollmentPolicy,
    SeedError,
    SeedFactor,
    SeedIdentityProvider,
    SeedPasswordPolicy,
    SeedPolicy,
    SeedRegistration,
    SeedRoutingRule,
    SeedRule,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from mock_okta.process.proxy import Proxy
from mock_okta.process.server import MockOkta, PortTaken, StartError
from mock_okta.services.tokens.key_ring import KeyPool

__all__ = [
    "Age",
    "AssertionIssuer",
    "Claim",
    "Clock",
    "Complexity",
    "Config",
    "ConfigError",
    "ExternalUser",
    "GroupsClaim",
    "GroupsFilter",
    "Hide",
    "KeyPool",
    "Lockout",
    "Mint",
    "MintError",
    "Minted",
    "MockOkta",
    "Org",
    "PortTaken",
    "Proxy",
    "RateLimit",
    "Recovery",
    "RecoveryQuestion",
    "RefreshTokenSettings",
    "RegistrationField",
    "Scope",
    "Seed",
    "SeedApiToken",
    "SeedAuthorizationServer",
    "SeedClient",
    "SeedEnrollmentPolicy",
    "SeedError",
    "SeedFactor",
    "SeedIdentityProvider",
    "SeedPasswordPolicy",
    "SeedPolicy",
    "SeedRegistration",
    "SeedRoutingRule",
    "SeedRule",
    "SeedSignOnPolicy",
    "SeedSignOnRule",
    "SeedUser",
    "StartError",
    "TrustedOrigin",
    "Visibility",
    "mint",
]

__version__ = "0.1.0"
