"""An Okta org on your own machine.

>>> with MockOkta() as org:
...     print(org.issuer())

Importing the package loads none of it: each name is imported when it is first used (PEP 562). A
test that only talks to `/_mock` does not pay for the server.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_okta.app.minting import Mint, Minted, MintError, mint
    from mock_okta.app.settings import Config, ConfigError
    from mock_okta.clock import Clock
    from mock_okta.model.seed import (
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
    from mock_okta.process.proxy import Proxy
    from mock_okta.process.server import MockOkta, PortTaken, StartError
    from mock_okta.services.tokens.key_ring import KeyPool

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

# Where a name is defined; the names of seeds have one place.
_MODULES = {
    "Clock": "mock_okta.clock",
    "Config": "mock_okta.app.settings",
    "ConfigError": "mock_okta.app.settings",
    "KeyPool": "mock_okta.services.tokens.key_ring",
    "Mint": "mock_okta.app.minting",
    "MintError": "mock_okta.app.minting",
    "Minted": "mock_okta.app.minting",
    "MockOkta": "mock_okta.process.server",
    "PortTaken": "mock_okta.process.server",
    "Proxy": "mock_okta.process.proxy",
    "StartError": "mock_okta.process.server",
    "mint": "mock_okta.app.minting",
}
_SEED_MODULE = "mock_okta.model.seed"


if not TYPE_CHECKING:  # a type checker would take any name for a public one

    def __getattr__(name: str) -> Any:
        """Import a public name and keep it."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = import_module(_MODULES.get(name, _SEED_MODULE))
        found = globals()[name] = getattr(module, name)
        return found


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *__all__})
