"""An Okta org on your own machine.

>>> with MockOkta() as org:
...     print(org.issuer())
"""

from mock_okta.clock import Clock
from mock_okta.config import Config, ConfigError
from mock_okta.seed import (
    Seed,
    SeedApiToken,
    SeedAssertionIssuer,
    SeedAuthorizationServer,
    SeedClaim,
    SeedClient,
    SeedError,
    SeedGroups,
    SeedOrg,
    SeedPolicy,
    SeedRateLimit,
    SeedRule,
    SeedScope,
    SeedUser,
)
from mock_okta.server import MockOkta, PortTaken, StartError
from mock_okta.services.key_ring import KeyPool

__all__ = [
    "Clock",
    "Config",
    "ConfigError",
    "KeyPool",
    "MockOkta",
    "PortTaken",
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
    "StartError",
]

__version__ = "0.1.0"
