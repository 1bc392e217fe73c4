"""An Okta org on your own machine.

>>> with MockOkta() as org:
...     print(org.issuer())

Importing the package loads nothing: each name is imported at its first use (PEP 562), so a test
that only uses `/_mock` does not load the server.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mock_okta.version import __version__ as __version__

if TYPE_CHECKING:
    from mock_okta.app.minting import Mint, MintError, mint
    from mock_okta.app.settings import Config, ConfigError
    from mock_okta.clock import Clock
    from mock_okta.model.assurance import (
        AuthenticationMethod,
        Constraint,
        FactorConstraint,
        KeepMeSignedIn,
        PossessionConstraint,
    )
    from mock_okta.model.authenticators import AuthenticatorSettings, OtpSettings
    from mock_okta.model.authorization_servers import AssertionIssuer, Claim, GroupsFilter, Scope
    from mock_okta.model.clients import GroupsClaim, Hide, RefreshTokenSettings, Visibility
    from mock_okta.model.directory import Org, RateLimit, RecoveryQuestion, TrustedOrigin
    from mock_okta.model.identity_providers import ExternalUser
    from mock_okta.model.minting import Minted
    from mock_okta.model.policies import (
        Age,
        Complexity,
        Lockout,
        ProfileAttribute,
        Recovery,
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
        read_seed,
    )
    from mock_okta.process.proxy import Proxy
    from mock_okta.process.server import MockOkta, PortTaken, StartError
    from mock_okta.services.world.key_pool import KeyPool

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
    "read_seed",
]

# Where a name is defined; the names of seeds have one place.
_NAMES = {
    "mock_okta.app.minting": ("Mint", "MintError", "mint"),
    "mock_okta.app.settings": ("Config", "ConfigError"),
    "mock_okta.clock": ("Clock",),
    "mock_okta.model.assurance": (
        "AuthenticationMethod",
        "Constraint",
        "FactorConstraint",
        "KeepMeSignedIn",
        "PossessionConstraint",
    ),
    "mock_okta.model.authenticators": ("AuthenticatorSettings", "OtpSettings"),
    "mock_okta.model.authorization_servers": ("AssertionIssuer", "Claim", "GroupsFilter", "Scope"),
    "mock_okta.model.clients": ("GroupsClaim", "Hide", "RefreshTokenSettings", "Visibility"),
    "mock_okta.model.directory": ("Org", "RateLimit", "RecoveryQuestion", "TrustedOrigin"),
    "mock_okta.model.identity_providers": ("ExternalUser",),
    "mock_okta.model.minting": ("Minted",),
    "mock_okta.model.policies": (
        "Age",
        "Complexity",
        "Lockout",
        "ProfileAttribute",
        "Recovery",
        "RegistrationField",
    ),
    "mock_okta.process.proxy": ("Proxy",),
    "mock_okta.process.server": ("MockOkta", "PortTaken", "StartError"),
    "mock_okta.services.world.key_pool": ("KeyPool",),
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names}
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
