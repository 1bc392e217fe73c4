"""Which authenticators a user has: to sign in with, and to recover with (facts/identity C)."""

from collections.abc import Mapping

from msgspec import Struct

from mock_okta.ids import derived_id
from mock_okta.idx.authenticators import (
    AUTHENTICATORS,
    EMAIL,
    PHONE,
    QUESTION,
    WEBAUTHN,
    Authenticator,
    Method,
    Records,
)
from mock_okta.idx.ion import Ion, field
from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.model.policies import PasswordPolicy
from mock_okta.services.factors import password_of
from mock_okta.services.factors.phones import masked_phone_number
from mock_okta.services.factors.push import DEVICE_NAME
from mock_okta.services.factors.question import question_text

__all__ = [
    "Enrolled",
    "auto_challenge",
    "email_of",
    "enrolled_of",
    "recovery_authenticators",
    "recovery_question_of",
]


class Enrolled(Struct, frozen=True, kw_only=True):
    """An authenticator that a user has: the factors behind it, by method."""

    authenticator: Authenticator
    factors: Mapping[str, Factor]

    @property
    def id(self) -> str:
        """The id of the enrolment: that of its first factor."""
        return next(iter(self.factors.values())).id

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods that the user has, in the authenticator's order."""
        return tuple(m for m in self.authenticator.methods if m.type in self.factors)

    @property
    def push(self) -> Factor | None:
        """The push, if the user has it."""
        return self.factors.get("push")

    def body(self, method: str | None = None) -> Ion:
        """Return it as a document shows it, with that method alone where one is chosen."""
        shown = [each for each in self.methods if method in (None, each.type)]
        factor = self.factors[shown[0].type]
        return {
            "type": self.authenticator.type,
            "key": self.authenticator.key,
            "id": self.id,
            "displayName": self.authenticator.name,
            "methods": [{"type": each.type} for each in shown],
            **_profile(factor),
        }


def auto_challenge(push: Factor) -> Ion:
    """Return the field that asks whether pushes are sent at once, from the next sign-in on."""
    return field(
        "autoChallenge",
        type="boolean",
        label="Send push automatically",
        required=False,
        value=push.auto_push,
        visible=True,
        mutable=True,
    )


def enrolled_of(user: User) -> tuple[Enrolled, ...]:
    """Return what the user has: the password first, then in the order of the table.

    Each security key is an enrolment of its own.
    """
    factors = [*([password_of(user.login)] if user.password else []), *user.factors]
    enrolled = []
    for authenticator in AUTHENTICATORS.values():
        if authenticator.key == WEBAUTHN:
            keys = [f for f in factors if f.key is FactorKey.WEBAUTHN]
            enrolled += [
                Enrolled(authenticator=authenticator, factors={"webauthn": key}) for key in keys
            ]
            continue
        by_method = {
            method.type: factor
            for method in authenticator.methods
            for factor in factors
            if factor.key is method.factor
        }
        if by_method:
            enrolled.append(Enrolled(authenticator=authenticator, factors=by_method))
    return tuple(enrolled)


def email_of(user: User) -> Factor:
    """Return the user's own address as a factor: it recovers accounts without being enrolled."""
    address = str(user.profile.get("email") or user.login)
    return Factor(
        id=derived_id("eae", user.id),
        key=FactorKey.EMAIL,
        created_at=user.created_at,
        profile={"email": address},
    )


def recovery_question_of(user: User, known: Records) -> Enrolled | None:
    """Return the user's recovery question as something to prove, if they have one."""
    question = user.recovery_question
    if question is None or not known["security_question"].recovers:
        return None
    factor = Factor(
        id=derived_id("qae", user.id),
        key=FactorKey.QUESTION,
        created_at=user.created_at,
        profile={"question": question.question},
        secret=question.answer,
    )
    return Enrolled(authenticator=AUTHENTICATORS[QUESTION], factors={"security_question": factor})


def recovery_authenticators(
    user: User, policy: PasswordPolicy, known: Records
) -> tuple[Enrolled, ...]:
    """Return what the user may recover with by the password policy; never the password.

    The address in their profile counts, enrolled or not. Authenticators that the org's settings
    exclude from recovery do not count.
    """
    allowed = policy.recovery.factors
    found = {each.authenticator.key: each for each in enrolled_of(user)}
    recovering = []
    if "EMAIL" in allowed and known["okta_email"].recovers:
        mail = found.get(EMAIL)
        recovering.append(
            mail or Enrolled(authenticator=AUTHENTICATORS[EMAIL], factors={"email": email_of(user)})
        )
    phone = found.get(PHONE)
    methods = {"sms": "SMS", "voice": "CALL"}
    if phone is not None and known["phone_number"].recovers:
        factors = {m: f for m, f in phone.factors.items() if methods[m] in allowed}
        if factors:
            recovering.append(Enrolled(authenticator=phone.authenticator, factors=factors))
    return tuple(recovering)


def masked_email(address: str) -> str:
    """Return `u***r@example.com`: the first and last letter of the name, and the domain."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***{local[-1:]}@{domain}"


def _profile(factor: Factor) -> Ion:
    """Return what may be shown of a factor before it is proved: addresses and numbers masked."""
    profile = factor.profile
    match factor.key:
        case FactorKey.EMAIL:
            return {"profile": {"email": masked_email(str(profile["email"]))}}
        case FactorKey.SMS | FactorKey.CALL:
            return {"profile": {"phoneNumber": masked_phone_number(str(profile["phone_number"]))}}
        case FactorKey.QUESTION:
            asked = {"questionKey": profile["question"], "question": question_text(profile)}
            return {"profile": asked}
        case FactorKey.OKTA_PUSH | FactorKey.OKTA_OTP | FactorKey.SIGNED_NONCE:
            return {"profile": {"deviceName": DEVICE_NAME}}
        case FactorKey.WEBAUTHN:
            return {"credentialId": str(profile.get("credential_id", ""))}
        case FactorKey.PASSWORD | FactorKey.GOOGLE_OTP | FactorKey.CUSTOM_OTP:
            return {}
