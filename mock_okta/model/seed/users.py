"""The users of the seed document: their status, factors and API tokens, and changes of them."""

import re
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from mock_okta.model.checks import require, require_profile
from mock_okta.model.directory import RecoveryQuestion
from mock_okta.model.seed.policies import FactorName

__all__ = ["SeedApiToken", "SeedFactor", "SeedUser", "StatusName", "UserChange"]

StatusName = Literal[
    "STAGED",
    "PROVISIONED",
    "ACTIVE",
    "PASSWORD_EXPIRED",
    "LOCKED_OUT",
    "RECOVERY",
    "SUSPENDED",
    "DEPROVISIONED",
]
"""A user's status, in Okta's words."""

_PHONES = ("okta_sms", "okta_call")
_SEEDED_OTP = ("google_otp", "okta_otp", "custom_otp")


class SeedFactor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A factor that the user has enrolled.

    `phone_number` for `okta_sms` and `okta_call`; `question` (one of Okta's keys, such as
    `disliked_food`) and `answer` for `okta_question`; `secret` (base32) for the one-time passwords
    (`google_otp`, `okta_otp`, `custom_otp`), so that a test can compute them; without one, it is
    derived, and `/_mock` shows it. `signed_nonce` is FastPass: Okta Verify on the user's computer.
    `email`: the default is the profile's. `number_challenge`: the user approves a push of
    `okta_push` by picking the number that the sign-in shows. `auto_push`: the push is sent without
    asking the user first. WebAuthn keys cannot be seeded: they are in the browser.
    """

    factor: FactorName
    phone_number: str | None = None
    email: str | None = None
    question: str | None = None
    answer: str | None = None
    secret: str | None = None
    number_challenge: bool = False
    auto_push: bool = False

    def __post_init__(self) -> None:
        require(
            self.factor not in ("fido_webauthn", "okta_password"),
            f"'{self.factor}' cannot be seeded",
        )
        require(
            (self.factor in _PHONES) == (self.phone_number is not None),
            "'phone_number' and a factor of 'okta_sms' or 'okta_call' go together",
        )
        is_question = self.factor == "okta_question"
        require(
            is_question == (self.answer is not None) and is_question == (self.question is not None),
            "'question' and 'answer' go with 'okta_question'",
        )
        require(self.email is None or self.factor == "okta_email", "'email' goes with 'okta_email'")
        require(
            self.factor == "okta_push" or not (self.number_challenge or self.auto_push),
            "'number_challenge' and 'auto_push' go with 'okta_push'",
        )
        if self.secret is not None:
            require(
                self.factor in _SEEDED_OTP,
                "'secret' goes with 'google_otp', 'okta_otp' and 'custom_otp'",
            )
            require(
                re.fullmatch(r"(?:[A-Z2-7]{8}){3,}", self.secret) is not None,
                "'secret' is base32: A to Z and 2 to 7, a multiple of 8, at least 24 characters",
            )


class SeedUser(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A user; `profile` has Okta's attribute names, `login` and `email` are filled in.

    `password_age_days`: how long ago the password was set. `password` may be empty for a user who
    is STAGED or PROVISIONED, and then sets one on activation.
    """

    login: str
    password: str = ""
    id: str | None = None
    status: StatusName = "ACTIVE"
    profile: dict[str, Any] = field(default_factory=dict)
    groups: tuple[str, ...] = ("Everyone",)
    factors: tuple[SeedFactor, ...] = ()
    recovery_question: RecoveryQuestion | None = None
    password_age_days: float = 0

    def __post_init__(self) -> None:
        require(self.login.strip() != "", "'login' must not be empty")
        require(
            self.password != "" or self.status in ("STAGED", "PROVISIONED"),
            "'password' must not be empty",
        )
        require(
            self.profile.get("login", self.login) == self.login,
            "'profile.login' must be the user's 'login', or left out",
        )
        require(0 <= self.password_age_days <= 36500, "'password_age_days' is from 0 to 36500")
        names = [each.factor for each in self.factors]
        for name in names:
            require(names.count(name) == 1, f"factors: '{name}' is given twice")
        require_profile(self.profile)


class SeedApiToken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An API token, to be sent as `Authorization: SSWS …`; `user` is its owner's login."""

    token: str
    user: str | None = None

    def __post_init__(self) -> None:
        is_word = self.token.isascii() and self.token.isprintable() and " " not in self.token
        require(self.token != "" and is_word, "an API token is one word of ASCII characters")


class UserChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change about a user; the rest stays as it is.

    `profile`: attributes to set; null removes one. `groups`: the names of all the user's groups.
    `factors`: to enroll, in place of an earlier one of the same kind. `remove_factors`: their ids.
    """

    password: Annotated[str, Meta(min_length=1)] | None = None
    profile: dict[str, Any] | None = None
    groups: tuple[str, ...] | None = None
    factors: tuple[SeedFactor, ...] = ()
    remove_factors: tuple[str, ...] = ()
