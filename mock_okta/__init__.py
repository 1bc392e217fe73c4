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
    from mock_okta.model.assurance import (
        AuthenticationMethod,
        Constraint,
        FactorConstraint,
        KeepMeSignedIn,
        PossessionConstraint,
    )
    from mock_okta.model.authenticators import (
        AuthenticatorSettings,
        OtpSettings,
    )
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
        ProfileAttribute,
        RegistrationField,
    )
    from mock_okta.model.seed import (
        Seed,
        SeedApiToken,
        SeedAuthenticationPolicy,
        SeedAuthenticationRule,
        SeedAuthenticator,
        SeedAuthorizationServer,
        SeedClient,
        SeedEnrollmentPolicy,
        SeedError,
        SeedFactor,
        SeedIdentityProvider,
        SeedPasswordPolicy,
        SeedPolicy,
        SeedProfileEnrollment,
        SeedRegistration,
        SeedRoutingRule,
        SeedRule,
        SeedSignOnPolicy,
        SeedSignOnRule,
        SeedUser,
    )
    from mock_okta.process.proxy import Proxy
    from mock_okta.process.server import MockOkta, PortTaken, StartError
    from mock_okta.services.world.key_ring import KeyPool

__all__ = [
    "Age",
    "AssertionIssuer",
    "AuthenticationMethod",
    "AuthenticatorSettings",
    "Claim",
    "Clock",
    "Complexity",
    "Config",
    "ConfigError",
    "Constraint",
    "ExternalUser",
    "FactorConstraint",
    "GroupsClaim",
    "GroupsFilter",
    "Hide",
    "KeepMeSignedIn",
    "KeyPool",
    "Lockout",
    "Mint",
    "MintError",
    "Minted",
    "MockOkta",
    "Org",
    "OtpSettings",
    "PortTaken",
    "PossessionConstraint",
    "ProfileAttribute",
    "Proxy",
    "RateLimit",
    "Recovery",
    "RecoveryQuestion",
    "RefreshTokenSettings",
    "RegistrationField",
    "Scope",
    "Seed",
    "SeedApiToken",
    "SeedAuthenticationPolicy",
    "SeedAuthenticationRule",
    "SeedAuthenticator",
    "SeedAuthorizationServer",
    "SeedClient",
    "SeedEnrollmentPolicy",
    "SeedError",
    "SeedFactor",
    "SeedIdentityProvider",
    "SeedPasswordPolicy",
    "SeedPolicy",
    "SeedProfileEnrollment",
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

# Where a name is defined; the names that begin with Seed have one place.
_MODULES = {
    "Age": "mock_okta.model.policies",
    "AssertionIssuer": "mock_okta.model.directory",
    "AuthenticationMethod": "mock_okta.model.assurance",
    "AuthenticatorSettings": "mock_okta.model.authenticators",
    "Claim": "mock_okta.model.directory",
    "Clock": "mock_okta.clock",
    "Complexity": "mock_okta.model.policies",
    "Config": "mock_okta.app.settings",
    "ConfigError": "mock_okta.app.settings",
    "Constraint": "mock_okta.model.assurance",
    "ExternalUser": "mock_okta.model.identity_providers",
    "FactorConstraint": "mock_okta.model.assurance",
    "GroupsClaim": "mock_okta.model.directory",
    "GroupsFilter": "mock_okta.model.directory",
    "Hide": "mock_okta.model.directory",
    "KeepMeSignedIn": "mock_okta.model.assurance",
    "KeyPool": "mock_okta.services.world.key_ring",
    "Lockout": "mock_okta.model.policies",
    "Mint": "mock_okta.app.minting",
    "MintError": "mock_okta.app.minting",
    "Minted": "mock_okta.app.minting",
    "MockOkta": "mock_okta.process.server",
    "Org": "mock_okta.model.directory",
    "OtpSettings": "mock_okta.model.authenticators",
    "PortTaken": "mock_okta.process.server",
    "PossessionConstraint": "mock_okta.model.assurance",
    "ProfileAttribute": "mock_okta.model.registration",
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
