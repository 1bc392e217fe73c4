"""What the Identity Engine has: authentication policies, authenticators, profile enrolment."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from msgspec import Struct, field

from mock_okta.model.assurance import Constraint, KeepMeSignedIn
from mock_okta.model.authenticators import AuthenticatorKey, AuthenticatorSettings
from mock_okta.model.checks import require, require_distinct, require_duration
from mock_okta.model.policies import ProfileAttribute

__all__ = [
    "SeedAuthenticationPolicy",
    "SeedAuthenticationRule",
    "SeedAuthenticator",
    "SeedProfileEnrollment",
]

_SETTINGS: Mapping[AuthenticatorKey, frozenset[str]] = MappingProxyType(
    {
        "okta_email": frozenset({"allowed_for", "uses_magic_link", "link_asks_consent"}),
        "phone_number": frozenset({"allowed_for"}),
        "security_question": frozenset({"allowed_for"}),
        "okta_verify": frozenset({"number_challenge", "user_verification", "show_sign_in_with_ov"}),
        "webauthn": frozenset({"user_verification", "enable_autofill_ui"}),
        "custom_otp": frozenset({"otp"}),
    }
)
"""Which authenticators have which settings."""


class SeedAuthenticationRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule of an authentication policy; without users and groups it is for everybody.

    `factor_mode` 2FA: factors of two types, such as something that the user knows and something
    that they have. `constraints`: what the factors must be like, by any one of them.
    `reauthenticate_in`: how old a proof may be, as an ISO 8601 duration such as `PT2H`; `PT0S` asks
    at every sign-in to the app, and what is left out asks once a session.
    """

    name: str = "Default rule"
    users: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    access: Literal["ALLOW", "DENY"] = "ALLOW"
    factor_mode: Literal["1FA", "2FA"] = "1FA"
    reauthenticate_in: timedelta | None = None
    constraints: tuple[Constraint, ...] = ()
    keep_me_signed_in: KeepMeSignedIn = KeepMeSignedIn()

    def __post_init__(self) -> None:
        require_duration("reauthenticate_in", self.reauthenticate_in)


class SeedAuthenticationPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An authentication policy, for the apps that name it: Okta's type ACCESS_POLICY.

    The first rule that fits the user counts; none, and they are denied access.
    """

    name: str
    rules: tuple[SeedAuthenticationRule, ...] = field(
        default_factory=lambda: (SeedAuthenticationRule(),)
    )

    def __post_init__(self) -> None:
        require(self.name.strip() != "", "'name' must not be empty")
        require(bool(self.rules), "an authentication policy has at least one rule")
        require_distinct("rules", "name", [rule.name for rule in self.rules])


class SeedAuthenticator(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an authenticator of the org is set up; those that a seed leaves out are as Okta has them.

    All are ACTIVE then but `custom_otp`.
    """

    key: AuthenticatorKey
    name: str | None = None
    status: Literal["ACTIVE", "INACTIVE"] = "ACTIVE"
    settings: AuthenticatorSettings = AuthenticatorSettings()

    def __post_init__(self) -> None:
        own, usual = _SETTINGS.get(self.key, frozenset()), AuthenticatorSettings()
        for name in AuthenticatorSettings.__struct_fields__:
            require(
                name in own or getattr(self.settings, name) == getattr(usual, name),
                f"'{self.key}' has no setting '{name}'",
                "settings",
            )


class SeedProfileEnrollment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What users are asked for when they sign in, if their profile lacks it: up to ten attributes.

    Okta's progressive profiling. What no attribute requires, users may skip.
    """

    profile_attributes: tuple[ProfileAttribute, ...] = ()

    def __post_init__(self) -> None:
        names = [attribute.name for attribute in self.profile_attributes]
        require_distinct("profile_attributes", "name", names)
        require(len(names) <= 10, "there may be up to ten attributes", "profile_attributes")
