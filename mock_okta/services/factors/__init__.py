"""Kinds of factors: one module and one line of the table for each.

Left out: HOTP tokens and factors that redirect to somebody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.services.factors.factor import Enrolment, FactorKind, FactorParts, Given
from mock_okta.services.factors.password import WRONG_PASSWORD, PasswordFactor, password_of
from mock_okta.services.factors.push import PushFactor
from mock_okta.services.factors.question import QuestionFactor
from mock_okta.services.factors.sent import CallFactor, EmailFactor, SmsFactor
from mock_okta.services.factors.totp import GoogleOtpFactor, OktaOtpFactor
from mock_okta.services.factors.webauthn import WebAuthnFactor

__all__ = [
    "FACTORS",
    "WRONG_PASSWORD",
    "Enrolment",
    "FactorKind",
    "FactorParts",
    "Factors",
    "Given",
    "password_of",
]

FACTORS: tuple[type[FactorKind], ...] = (
    PasswordFactor,
    QuestionFactor,
    SmsFactor,
    CallFactor,
    EmailFactor,
    GoogleOtpFactor,
    OktaOtpFactor,
    PushFactor,
    WebAuthnFactor,
)


@dataclass(frozen=True)
class Factors:
    """The kinds of one org, by the key of policies."""

    parts: FactorParts
    by_key: Mapping[FactorKey, FactorKind] = field(init=False)

    def __post_init__(self) -> None:
        kinds = {kind.key: kind(self.parts) for kind in FACTORS}
        object.__setattr__(self, "by_key", kinds)

    def kind(self, key: FactorKey) -> FactorKind:
        """Return the kind that policies call so."""
        return self.by_key[key]

    def to_prove(self, user: User, amr: tuple[str, ...]) -> tuple[Factor, ...]:
        """Return what would prove more than `amr` does: the factor last used first.

        The password is last, and there only for whom nothing else vouches yet: neither it nor an
        identity provider outside the org.
        """
        proved = set(amr)
        more = tuple(each for each in user.factors if proved.isdisjoint(self.kind(each.key).amr))
        return more if proved & {"pwd", "fed"} else (*more, password_of(user.login))
