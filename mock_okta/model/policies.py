"""What an org requires: sign-on, passwords, factors, and the form to register with."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from mock_okta.model.checks import require
from mock_okta.model.directory import User
from mock_okta.model.factors import FactorKey

__all__ = [
    "Age",
    "Complexity",
    "EnrollmentPolicy",
    "Lockout",
    "PasswordPolicy",
    "ProfileAttribute",
    "ProfileEnrollment",
    "Recovery",
    "RegistrationField",
    "RegistrationPolicy",
    "SignOnPolicy",
    "SignOnRule",
    "covers",
]

_LONGEST_PASSWORD = 72
_TEN_YEARS_OF_MINUTES = 10 * 365 * 24 * 60


class Complexity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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


class Age(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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


class Lockout(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many wrong passwords in a row lock a user out; 0 means never."""

    max_attempts: int = 10
    auto_unlock_minutes: int = 0
    show_lockout_failures: bool = False

    def __post_init__(self) -> None:
        require(0 <= self.max_attempts <= 100, "'max_attempts' is from 0 to 100")
        require(
            0 <= self.auto_unlock_minutes <= _TEN_YEARS_OF_MINUTES,
            "'auto_unlock_minutes' is 0 or more",
        )


class Recovery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How users recover their accounts; `asks_question`: ask the recovery question first.

    `unlock_asks_name_first`: with the Identity Engine, users who unlock an account first give their
    name, then choose from what they have; else they choose from what the policy allows, beside the
    name.
    """

    factors: tuple[Literal["EMAIL", "SMS", "CALL"], ...] = ("EMAIL", "SMS", "CALL")
    token_lifetime_minutes: int = 60
    asks_question: bool = False
    password_reset: bool = True
    unlock: bool = True
    unlock_asks_name_first: bool = False

    def __post_init__(self) -> None:
        require(
            1 <= self.token_lifetime_minutes <= _TEN_YEARS_OF_MINUTES,
            "'token_lifetime_minutes' is 1 or more",
        )


class PasswordPolicy(Struct, frozen=True, kw_only=True):
    """The password policy for some groups (None: for everyone)."""

    id: str
    name: str
    group_ids: frozenset[str] | None = None
    complexity: Complexity = Complexity()
    age: Age = Age()
    lockout: Lockout = Lockout()
    recovery: Recovery = Recovery()


class SignOnRule(Struct, frozen=True, kw_only=True):
    """What a sign-in requires; None as users and groups means everyone.

    `prompt`: when a required factor is asked for: `ALWAYS`, once on each `DEVICE` (again after
    `factor_lifetime`, if there is one), or once in `factor_lifetime` (`SESSION`).
    `primary_factor`: a sign-in begins with the password, or with any of the user's factors.
    """

    name: str
    user_ids: frozenset[str] | None = None
    group_ids: frozenset[str] | None = None
    access: Literal["ALLOW", "DENY"] = "ALLOW"
    primary_factor: Literal["PASSWORD_IDP", "PASSWORD_IDP_ANY_FACTOR"] = "PASSWORD_IDP"
    require_factor: bool = False
    prompt: Literal["ALWAYS", "DEVICE", "SESSION"] = "SESSION"
    factor_lifetime: timedelta = timedelta(minutes=15)
    remember_device_by_default: bool = False
    session_idle: timedelta = timedelta(hours=2)
    session_lifetime: timedelta | None = None

    @property
    def is_passwordless(self) -> bool:
        """True if users may sign in with a factor instead of the password."""
        return self.access == "ALLOW" and self.primary_factor == "PASSWORD_IDP_ANY_FACTOR"


class SignOnPolicy(Struct, frozen=True, kw_only=True):
    """A sign-on policy for some groups; its first rule that matches applies."""

    id: str
    name: str
    group_ids: frozenset[str] | None = None
    rules: tuple[SignOnRule, ...] = ()


class EnrollmentPolicy(Struct, frozen=True, kw_only=True):
    """Which factors the users of some groups must enrol, and which they may."""

    id: str
    name: str
    group_ids: frozenset[str] | None = None
    required: tuple[FactorKey, ...] = ()
    optional: tuple[FactorKey, ...] = ()


def covers(
    user: User,
    *,
    user_ids: frozenset[str] | None = None,
    group_ids: frozenset[str] | None = None,
) -> bool:
    """Return whether a policy or rule for those users and groups applies to the user."""
    in_groups = group_ids is None or not group_ids.isdisjoint(user.group_ids)
    return in_groups and (user_ids is None or user.id in user_ids)


class RegistrationField(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A profile attribute that people fill in as text; `title`: its label in the form."""

    name: str
    title: str
    required: bool = True

    def __post_init__(self) -> None:
        require(self.name.isidentifier(), "a field's 'name' is the name of a profile attribute")
        require(
            self.name not in ("email", "password"), f"'{self.name}' is in every form: leave it out"
        )


class RegistrationPolicy(Struct, frozen=True, kw_only=True):
    """The form, the groups of users who register, and whether they must confirm their address.

    `asks_password`: the password is in the form; else it is enrolled next.
    """

    id: str
    fields: tuple[RegistrationField, ...]
    activation_email: bool
    asks_password: bool
    group_ids: tuple[str, ...]
    updated_at: datetime

    @property
    def login_field(self) -> str:
        """The field that becomes the login: `login`, or else the e-mail address."""
        return "login" if any(field.name == "login" for field in self.fields) else "email"

    def title_of(self, name: str) -> str:
        """Return the label of a field."""
        titles = (field.title for field in self.fields if field.name == name)
        return next(titles, "Email" if name == "email" else name)


class ProfileAttribute(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An attribute that users are asked for; `label`: its label in the form, else its name.

    Okta's `ProfileEnrollmentPolicyRuleProfileAttribute`.
    """

    name: str
    label: str = ""
    required: bool = False

    def __post_init__(self) -> None:
        require(
            self.name.isidentifier(), "an attribute's 'name' is the name of a profile attribute"
        )
        require(
            self.name not in ("login", "password"), f"'{self.name}' cannot be added at a sign-in"
        )


class ProfileEnrollment(Struct, frozen=True, kw_only=True):
    """What users are asked for at a sign-in if their profile lacks it (progressive profiling)."""

    id: str
    attributes: tuple[ProfileAttribute, ...]

    def missing(self, profile: Mapping[str, Any]) -> tuple[ProfileAttribute, ...]:
        """Return what the profile lacks; a user may skip it if none of it is required."""
        return tuple(each for each in self.attributes if profile.get(each.name) in (None, ""))
