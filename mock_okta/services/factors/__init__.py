"""Kinds of factors: one module for each, and one line in `Services.factors`.

Left out: tokens that count by event (HOTP), and factors that redirect to somebody else.
"""

from mock_okta.model.directory import User
from mock_okta.model.factors import APP_ALONE, Factor, FactorKey
from mock_okta.services.factors.custom_otp import CustomOtpFactor
from mock_okta.services.factors.factor import Enrolment, FactorKind, Given
from mock_okta.services.factors.password import WRONG_PASSWORD, PasswordFactor, password_of
from mock_okta.services.factors.push import FastPassFactor, PushFactor
from mock_okta.services.factors.question import QuestionFactor
from mock_okta.services.factors.sent import CallFactor, EmailFactor, SmsFactor
from mock_okta.services.factors.totp import GoogleOtpFactor, OktaOtpFactor
from mock_okta.services.factors.webauthn import WebAuthnFactor

__all__ = [
    "WRONG_PASSWORD",
    "CallFactor",
    "CustomOtpFactor",
    "EmailFactor",
    "Enrolment",
    "FactorKind",
    "Factors",
    "FastPassFactor",
    "Given",
    "GoogleOtpFactor",
    "OktaOtpFactor",
    "PasswordFactor",
    "PushFactor",
    "QuestionFactor",
    "SmsFactor",
    "WebAuthnFactor",
    "password_of",
]


class Factors:
    """The kinds of factors of one org."""

    def __init__(self, *kinds: FactorKind) -> None:
        self.by_key = {kind.key: kind for kind in kinds}

    def kind(self, key: FactorKey) -> FactorKind:
        """Return the kind with that key, which policies use too."""
        return self.by_key[key]

    def to_prove(self, user: User, amr: tuple[str, ...]) -> tuple[Factor, ...]:
        """Return the user's factors that prove more than `amr` does, the last used first.

        The password is the last of them, unless it or an external identity provider was used. What
        an app alone proves is left out: pages of the Classic Engine fail at it.
        """
        proved = set(amr)
        known = (each for each in user.factors if each.key not in APP_ALONE)
        more = tuple(each for each in known if proved.isdisjoint(self.kind(each.key).amr))
        return more if proved & {"pwd", "fed"} else (*more, password_of(user.login))
