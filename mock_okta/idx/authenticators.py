"""Authenticators: how the Identity Engine names and shows the org's factors (facts/identity C)."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct, structs

from mock_okta.ids import derived_id
from mock_okta.idx.ion import Ion
from mock_okta.model import authenticators as records
from mock_okta.model.authenticators import AuthenticatorKey
from mock_okta.model.factors import APP_ALONE, FactorKey

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
    "Method",
    "Records",
    "authenticator_of",
    "named",
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


def named(authenticator: Authenticator, known: Records) -> Authenticator:
    """Return the authenticator by the name that it has in the org."""
    return structs.replace(authenticator, name=known[authenticator.key].name)
