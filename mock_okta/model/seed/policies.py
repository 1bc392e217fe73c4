"""The policies of the seed document, in the terms of Okta's Policies API."""

from typing import Literal, get_args

from msgspec import Struct, field

from mock_okta.model.checks import require, require_distinct
from mock_okta.model.policies import Age, Complexity, Lockout, Recovery, RegistrationField

__all__ = [
    "FactorName",
    "SeedEnrollmentPolicy",
    "SeedPasswordPolicy",
    "SeedRegistration",
    "SeedSignOnPolicy",
    "SeedSignOnRule",
]

FactorName = Literal[
    "okta_password",
    "okta_question",
    "okta_sms",
    "okta_call",
    "okta_email",
    "google_otp",
    "okta_otp",
    "okta_push",
    "fido_webauthn",
    "custom_otp",
    "signed_nonce",
]
_TEN_YEARS_OF_MINUTES = 10 * 365 * 24 * 60


class SeedPasswordPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A password policy, for the users of some groups or for all."""

    name: str = "Default policy"
    groups: tuple[str, ...] | None = None
    complexity: Complexity = Complexity()
    age: Age = Age()
    lockout: Lockout = Lockout()
    recovery: Recovery = Recovery()


class SeedSignOnRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule of a sign-on policy; without users and groups it is for everybody.

    `factor_prompt_mode`: ask for a factor `ALWAYS`, once on a remembered `DEVICE`, or once in
    `factor_lifetime_minutes` on a remembered device (`SESSION`, Okta's default).
    `max_session_lifetime_minutes`: 0 means no limit while the session is used. `primary_factor`:
    `PASSWORD_IDP_ANY_FACTOR` lets users sign in with a factor instead of the password.
    """

    name: str = "Default rule"
    users: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    access: Literal["ALLOW", "DENY"] = "ALLOW"
    primary_factor: Literal["PASSWORD_IDP", "PASSWORD_IDP_ANY_FACTOR"] = "PASSWORD_IDP"
    require_factor: bool = False
    factor_prompt_mode: Literal["ALWAYS", "DEVICE", "SESSION"] = "SESSION"
    factor_lifetime_minutes: int = 15
    remember_device_by_default: bool = False
    max_session_idle_minutes: int = 120
    max_session_lifetime_minutes: int = 0

    def __post_init__(self) -> None:
        for name, least in (
            ("factor_lifetime_minutes", 1),
            ("max_session_idle_minutes", 1),
            ("max_session_lifetime_minutes", 0),
        ):
            value = getattr(self, name)
            require(
                least <= value <= _TEN_YEARS_OF_MINUTES, f"'{name}' is {least} or more, not {value}"
            )


class SeedSignOnPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sign-on policy: the first rule that matches the user applies; else access is denied."""

    name: str = "Default policy"
    groups: tuple[str, ...] | None = None
    rules: tuple[SeedSignOnRule, ...] = field(default_factory=lambda: (SeedSignOnRule(),))

    def __post_init__(self) -> None:
        require(bool(self.rules), "a sign-on policy has at least one rule")
        require_distinct("rules", "name", [rule.name for rule in self.rules])


class SeedEnrollmentPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which factors users must enrol when they sign in, and which they may."""

    name: str = "Default policy"
    groups: tuple[str, ...] | None = None
    required: tuple[FactorName, ...] = ()
    optional: tuple[FactorName, ...] = ()

    def __post_init__(self) -> None:
        names: list[str] = [*self.required, *self.optional]
        require(
            set(names) <= set(get_args(FactorName)), "factors have the names of Okta's policies"
        )
        require_distinct("required and optional", "factor", names)
        require(
            "okta_password" not in names,
            "'okta_password' cannot be enrolled: every user has a password",
        )
        require(
            "custom_otp" not in names,
            "'custom_otp' cannot be enrolled: the seed gives it to users",
        )
        require(
            "signed_nonce" not in names,
            "'signed_nonce' (FastPass) cannot be enrolled: the seed gives it to users",
        )


_NAMES = (
    RegistrationField(name="firstName", title="First name"),
    RegistrationField(name="lastName", title="Last name"),
)


class SeedRegistration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether people may register, and what they fill in besides e-mail address and password.

    The e-mail address is the login, unless there is a field `login`. `activation_email`: they must
    open a link before they can sign in; otherwise they are signed in at once. `asks_password`: the
    password is in the form, as in Classic Engine always; else people enrol it next.
    """

    enabled: bool = True
    fields: tuple[RegistrationField, ...] = _NAMES
    activation_email: bool = False
    asks_password: bool = True
    default_groups: tuple[str, ...] = ("Everyone",)

    def __post_init__(self) -> None:
        require_distinct("fields", "name", [field.name for field in self.fields])
