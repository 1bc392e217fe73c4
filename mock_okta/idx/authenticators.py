"""Authenticators: how the Identity Engine names and shows the org's factors (facts/identity C)."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct, structs

from mock_okta.ids import derived_id
from mock_okta.idx.ion import Ion, field
from mock_okta.model import authenticators as records
from mock_okta.model.authenticators import AuthenticatorKey
from mock_okta.model.directory import User
from mock_okta.model.factors import APP_ALONE, Factor, FactorKey
from mock_okta.model.policies import PasswordPolicy
from mock_okta.services.factors import password_of
from mock_okta.services.factors.phones import masked_phone_number
from mock_okta.services.factors.push import DEVICE_NAME
from mock_okta.services.factors.question import question_text

__all__ = [
    "AUTHENTICATORS",
    "EMAIL",
    "GOOGLE",
    "OKTA_VERIFY",
    "PASSWORD",
    "PHONE",
    "QUESTION",
    "WEBAUTHN",
    "Authenticator",
    "Enrolled",
    "Method",
    "Records",
    "authenticator_of",
    "auto_challenge",
    "email_of",
    "enrolled_of",
    "named",
    "recovery_authenticators",
    "recovery_question_of",
]

Records = Mapping[AuthenticatorKey, records.Authenticator]
"""How the org has set its authenticators up."""

PASSWORD: AuthenticatorKey = "okta_password"
EMAIL: AuthenticatorKey = "okta_email"
PHONE: AuthenticatorKey = "phone_number"
CUSTOM_OTP: AuthenticatorKey = "custom_otp"
QUESTION: AuthenticatorKey = "security_question"
GOOGLE: AuthenticatorKey = "google_otp"
OKTA_VERIFY: AuthenticatorKey = "okta_verify"
WEBAUTHN: AuthenticatorKey = "webauthn"


class Method(Struct, frozen=True, kw_only=True):
    """One way to use an authenticator: its wire word, the factor behind it, and its label."""

    type: str
    factor: FactorKey
    label: str


class Authenticator(Struct, frozen=True, kw_only=True):
    """An authenticator of the org, for all users; `name`: Okta's, or what the org calls it.

    `stands_as`: the member of the document that the widget reads it from when it is proved.
    """

    key: AuthenticatorKey
    type: str
    name: str
    methods: tuple[Method, ...]
    stands_as: str = "currentAuthenticator"

    @property
    def id(self) -> str:
        """The id by which clients choose it."""
        return derived_id("aut", self.key)

    def body(self, method: str | None = None) -> Ion:
        """Return it as a list of authenticators has it, with that method alone if one is chosen.

        Okta Verify is shown with all that its app has on a phone.
        """
        is_narrow = self.key != OKTA_VERIFY and method is not None
        shown = [
            each
            for each in self.methods
            if each.factor not in APP_ALONE and (not is_narrow or each.type == method)
        ]
        return {
            "type": self.type,
            "key": self.key,
            "id": self.id,
            "displayName": self.name,
            "methods": [{"type": each.type} for each in shown],
        }

    def method(self, name: str | None) -> Method | None:
        """Return the method of that wire word; without one, the only method there is."""
        if name is None:
            return self.methods[0] if len(self.methods) == 1 else None
        return next((each for each in self.methods if each.type == name), None)


_ENROLLMENT = "currentAuthenticatorEnrollment"

AUTHENTICATORS: Mapping[str, Authenticator] = MappingProxyType(
    {
        each.key: each
        for each in (
            Authenticator(
                key=PASSWORD,
                type="password",
                name="Password",
                methods=(Method(type="password", factor=FactorKey.PASSWORD, label="Password"),),
                stands_as=_ENROLLMENT,
            ),
            Authenticator(
                key=EMAIL,
                type="email",
                name="Email",
                methods=(Method(type="email", factor=FactorKey.EMAIL, label="Email"),),
                stands_as=_ENROLLMENT,
            ),
            Authenticator(
                key=PHONE,
                type="phone",
                name="Phone",
                methods=(
                    Method(type="sms", factor=FactorKey.SMS, label="SMS"),
                    Method(type="voice", factor=FactorKey.CALL, label="Voice call"),
                ),
                stands_as=_ENROLLMENT,
            ),
            Authenticator(
                key=QUESTION,
                type="security_question",
                name="Security Question",
                methods=(
                    Method(
                        type="security_question",
                        factor=FactorKey.QUESTION,
                        label="Security Question",
                    ),
                ),
                stands_as=_ENROLLMENT,
            ),
            Authenticator(
                key=GOOGLE,
                type="app",
                name="Google Authenticator",
                methods=(
                    Method(type="otp", factor=FactorKey.GOOGLE_OTP, label="Google Authenticator"),
                ),
            ),
            Authenticator(
                key=OKTA_VERIFY,
                type="app",
                name="Okta Verify",
                methods=(
                    Method(
                        type="push", factor=FactorKey.OKTA_PUSH, label="Get a push notification"
                    ),
                    Method(type="totp", factor=FactorKey.OKTA_OTP, label="Enter a code"),
                    Method(
                        type="signed_nonce",
                        factor=FactorKey.SIGNED_NONCE,
                        label="Use Okta FastPass",
                    ),
                ),
            ),
            Authenticator(
                key=WEBAUTHN,
                type="security_key",
                name="Security Key or Biometric",
                methods=(
                    Method(
                        type="webauthn",
                        factor=FactorKey.WEBAUTHN,
                        label="Security Key or Biometric",
                    ),
                ),
            ),
            Authenticator(
                key=CUSTOM_OTP,
                type="security_key",
                name="Custom OTP",
                methods=(Method(type="otp", factor=FactorKey.CUSTOM_OTP, label="Custom OTP"),),
                stands_as=_ENROLLMENT,
            ),
        )
    }
)
"""All authenticators, in the order in which lists have them."""


def authenticator_of(factor: FactorKey) -> Authenticator:
    """Return the authenticator that a kind of factor belongs to."""
    for authenticator in AUTHENTICATORS.values():
        if any(method.factor is factor for method in authenticator.methods):
            return authenticator
    raise AssertionError(f"no authenticator for {factor}")


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


def named(authenticator: Authenticator, known: Records) -> Authenticator:
    """Return the authenticator by the name that it has in the org."""
    return structs.replace(authenticator, name=known[authenticator.key].name)


def recovery_authenticators(
    user: User, policy: PasswordPolicy, known: Records
) -> tuple[Enrolled, ...]:
    """Return what the user may recover by, as the password policy has it; never the password.

    The address in their profile will do, enrolled or not. Nothing does that the org's own settings
    keep from recovery.
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
    """Return what somebody may see of it who proved less than it proves."""
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


def keys_of(enrolled: Iterable[Enrolled]) -> tuple[str, ...]:
    """Return the keys of the authenticators."""
    return tuple(dict.fromkeys(each.authenticator.key for each in enrolled))
