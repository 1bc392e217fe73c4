"""An Okta org on your own machine.

>>> with MockOkta() as org:
...     print(org.issuer())

Importing the package loads nothing: each name is imported at its first use (PEP 562), so a test
that only uses `/_mock` does not load the server.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

# The module of each name; all names that begin with Seed are in one module.
_MODULES = {
    "Age": "mock_okta.model.policies",
    "AssertionIssuer": "mock_okta.model.directory",
    "Claim": "mock_okta.model.directory",
    "Clock": "mock_okta.clock",
    "Complexity": "mock_okta.model.policies",
    "Config": "mock_okta.app.settings",
    "ConfigError": "mock_okta.app.settings",
    "ExternalUser": "mock_okta.model.identity_providers",
    "GroupsClaim": "mock_okta.model.directory",
    "GroupsFilter": "mock_okta.model.directory",
    "Hide": "mock_okta.model.directory",
    "KeyPool": "mock_okta.services.tokens.key_ring",
    "Lockout": "mock_okta.model.policies",
    "Mint": "mock_okta.app.minting",
    "MintError": "mock_okta.app.minting",
    "Minted": "mock_okta.app.minting",
    "MockOkta": "mock_okta.process.server",
    "Org": "mock_okta.model.directory",
    "PortTaken": "mock_okta.process.server",
    "Proxy": "mock_okta.process.proxy",
    "RateLimit": "mock_okta.model.records",
    "Recovery": "mock_okta.model.policies",
    "RecoveryQuestion": "mock_okta.model.directory",
    "RefreshTokenSettings": "mock_okta.model.directory",
    "RegistrationField": "mock_okta.model.registration",
    "Scope": "mock_okta.model.directory",
    "StartError": "mock_okta.process.server",
    "TrustedOrigin": "mock_okta.model.directory",
    "Visibility": "mock_okta.model.directory",
    "mint": "mock_okta.app.minting",
}
_SEED_MODULE = "mock_okta.model.seed"


if not TYPE_CHECKING:  # with __getattr__ a type checker would accept any name

    def __getattr__(name: str) -> Any:
        """Import a public name, and cache it."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = import_module(_MODULES.get(name, _SEED_MODULE))
        found = globals()[name] = getattr(module, name)
        return found


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *__all__})
