"""The policies of the seed document, by the words of Okta's policy API."""

from typing import Literal, get_args

from msgspec import Struct, field

from mock_okta.model.seed.checks import require, require_distinct

__all__ = [
    "FactorName",
    "SeedAge",
    "SeedComplexity",
    "SeedEnrollmentPolicy",
    "SeedLockout",
    "SeedPasswordPolicy",
    "SeedRecovery",
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
]
_LONGEST_PASSWORD = 72
_TEN_YEARS_OF_MINUTES = 10 * 365 * 24 * 60


class SeedComplexity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a password needs; the defaults are Okta's."""

    min_length: int = 8
    min_lower_case: int = 1
    min_upper_case: int = 1
    min_number: int = 1
    min_symbol: int = 0
    exclude_username: bool = True
    exclude_attributes: tuple[Literal["firstName", "lastName"], ...] = ()

    def __post_init__(self) -> None:
        require(
            4 <= self.min_length <= _LONGEST_PASSWORD, "'min_length' is from 4 to 72 characters"
        )
        for name in ("min_lower_case", "min_upper_case", "min_number", "min_symbol"):
            require(getattr(self, name) in (0, 1), f"'{name}' is 0 or 1")


class SeedAge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How old passwords may become; 0 means no limit."""

    max_age_days: int = 0
    expire_warn_days: int = 0
    min_age_minutes: int = 0
    history_count: int = 0

    def __post_init__(self) -> None:
        require(0 <= self.max_age_days <= 999, "'max_age_days' is from 0 to 999")
        require(0 <= self.expire_warn_days <= 999, "'expire_warn_days' is from 0 to 999")
        require(0 <= self.min_age_minutes <= 999 * 24 * 60, "'min_age_minutes' is up to 999 days")
        require(0 <= self.history_count <= 30, "'history_count' is from 0 to 30")


class SeedLockout(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """After how many wrong passwords in a row a user is locked out; 0 means never."""

    max_attempts: int = 10
    auto_unlock_minutes: int = 0
    show_lockout_failures: bool = False

    def __post_init__(self) -> None:
        require(0 <= self.max_attempts <= 100, "'max_attempts' is from 0 to 100")
        require(
            0 <= self.auto_unlock_minutes <= _TEN_YEARS_OF_MINUTES,
            "'auto_unlock_minutes' is 0 or more",
        )


class SeedRecovery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How users help themselves; `asks_question`: their recovery question comes before the rest."""

    factors: tuple[Literal["EMAIL", "SMS", "CALL"], ...] = ("EMAIL", "SMS", "CALL")
    token_lifetime_minutes: int = 60
    asks_question: bool = False
    password_reset: bool = True
    unlock: bool = True

    def __post_init__(self) -> None:
        require(
            1 <= self.token_lifetime_minutes <= _TEN_YEARS_OF_MINUTES,
            "'token_lifetime_minutes' is 1 or more",
        )


class SeedPasswordPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A password policy, for the users of some groups or for all."""

    name: str = "Default policy"
    groups: tuple[str, ...] | None = None
    complexity: SeedComplexity = SeedComplexity()
    age: SeedAge = SeedAge()
    lockout: SeedLockout = SeedLockout()
    recovery: SeedRecovery = SeedRecovery()


class SeedSignOnRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule of a sign-on policy; without users and groups it is for everybody.

    `factor_prompt_mode`: `ALWAYS`, once for a remembered `DEVICE`, or once in
    `factor_lifetime_minutes` on a remembered device (`SESSION`, Okta's default).
    `max_session_lifetime_minutes` 0 means without end, as long as it is used. `primary_factor`:
    `PASSWORD_IDP_ANY_FACTOR` lets users sign in by a factor in the password's place.
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
    """A sign-on policy: the first rule that fits the user counts; none, and access is denied."""

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
        require(set(names) <= set(get_args(FactorName)), "factors are named as in Okta's policies")
        require_distinct("required and optional", "factor", names)
        require("okta_password" not in names, "nobody enrols 'okta_password': every user has one")
