"""Authenticators of an org: how the Identity Engine groups factors, and how each is set up."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from mock_okta.ids import derived_id
from mock_okta.model.checks import require
from mock_okta.model.factors import FactorKey

__all__ = [
    "DEFAULT_AUTHENTICATORS",
    "METHODS",
    "Authenticator",
    "AuthenticatorKey",
    "AuthenticatorSettings",
    "AuthenticatorType",
    "FactorType",
    "Method",
    "MethodName",
    "OtpSettings",
    "authenticator_id",
]

AuthenticatorKey = Literal[
    "okta_password",
    "okta_email",
    "phone_number",
    "security_question",
    "google_otp",
    "okta_verify",
    "webauthn",
    "custom_otp",
]
AuthenticatorType = Literal[
    "password", "email", "phone", "security_question", "app", "security_key"
]
MethodName = Literal[
    "password",
    "email",
    "sms",
    "voice",
    "security_question",
    "otp",
    "totp",
    "push",
    "signed_nonce",
    "webauthn",
]
FactorType = Literal["KNOWLEDGE", "POSSESSION", "INHERENCE"]
"""Something that one knows, has, or is."""


class Method(Struct, frozen=True, kw_only=True):
    """A factor as the Identity Engine sees it: one method of an authenticator, and what it proves.

    `device_bound`: its secret cannot leave the device. `verifies_user`: it may find out, by a PIN
    or biometrics, who holds it. Each shows that somebody is present.
    """

    authenticator: AuthenticatorKey
    type: AuthenticatorType
    name: MethodName
    proves: FactorType = "POSSESSION"
    device_bound: bool = False
    hardware_protected: bool = False
    phishing_resistant: bool = False
    verifies_user: bool = False


METHODS: Mapping[FactorKey, Method] = MappingProxyType(
    {
        FactorKey.PASSWORD: Method(
            authenticator="okta_password", type="password", name="password", proves="KNOWLEDGE"
        ),
        FactorKey.EMAIL: Method(authenticator="okta_email", type="email", name="email"),
        FactorKey.SMS: Method(authenticator="phone_number", type="phone", name="sms"),
        FactorKey.CALL: Method(authenticator="phone_number", type="phone", name="voice"),
        FactorKey.QUESTION: Method(
            authenticator="security_question",
            type="security_question",
            name="security_question",
            proves="KNOWLEDGE",
        ),
        FactorKey.GOOGLE_OTP: Method(
            authenticator="google_otp", type="app", name="otp", device_bound=True
        ),
        FactorKey.OKTA_PUSH: Method(
            authenticator="okta_verify", type="app", name="push", device_bound=True
        ),
        FactorKey.OKTA_OTP: Method(
            authenticator="okta_verify", type="app", name="totp", device_bound=True
        ),
        FactorKey.WEBAUTHN: Method(
            authenticator="webauthn",
            type="security_key",
            name="webauthn",
            device_bound=True,
            hardware_protected=True,
            phishing_resistant=True,
            verifies_user=True,
        ),
        FactorKey.SIGNED_NONCE: Method(
            authenticator="okta_verify",
            type="app",
            name="signed_nonce",
            device_bound=True,
            hardware_protected=True,
            phishing_resistant=True,
            verifies_user=True,
        ),
        FactorKey.CUSTOM_OTP: Method(
            authenticator="custom_otp", type="security_key", name="otp", device_bound=True
        ),
    }
)
"""By Okta's help page "About MFA authenticators": of those that prove possession, all but e-mail
and phone are bound to a device. Unverified: that a custom OTP is not hardware-protected.

Deviation: a push is approved without biometrics, so that it never verifies the user."""


class OtpSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the tokens of `custom_otp` count (Okta's Authenticators API, `AuthenticatorMethodOtp`).

    `acceptable_adjacent_intervals`: how many steps a token's clock may be off, each way.
    """

    algorithm: Literal["HMacSHA1", "HMacSHA256", "HMacSHA512"] = "HMacSHA1"
    pass_code_length: Literal[6, 8, 10] = 6
    time_interval_in_seconds: int = 30
    acceptable_adjacent_intervals: int = 1

    def __post_init__(self) -> None:
        require(
            1 <= self.time_interval_in_seconds <= 3600,
            "'time_interval_in_seconds' is from 1 to 3600",
        )
        require(
            0 <= self.acceptable_adjacent_intervals <= 10,
            "'acceptable_adjacent_intervals' is from 0 to 10",
        )


class AuthenticatorSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an authenticator behaves; each setting is of some authenticators alone.

    `allowed_for`: what e-mail, phone and security question are for: any use, recovery alone, or
    sign-in (`sso`) alone. `uses_magic_link`: e-mails have a link beside the passcode.
    `link_asks_consent`: in another browser the link asks whether it was the user, and takes them on
    in the first one; else it shows the passcode there.
    `number_challenge`: whether pushes of Okta Verify ask for the number that the sign-in shows; a
    risk is never high here. `user_verification`: whether Okta Verify and security keys are asked
    for a PIN or biometrics; FastPass does so unless that is `DISCOURAGED`. `show_sign_in_with_ov`:
    whether the first page has the button of FastPass. `enable_autofill_ui`: browsers offer passkeys
    beside the name. `otp`: of `custom_otp`.
    """

    allowed_for: Literal["any", "recovery", "sso", "none"] = "any"
    uses_magic_link: bool = True
    link_asks_consent: bool = False
    number_challenge: Literal["NEVER", "HIGH_RISK_ONLY", "ALWAYS"] = "NEVER"
    user_verification: Literal["DISCOURAGED", "PREFERRED", "REQUIRED"] = "PREFERRED"
    show_sign_in_with_ov: Literal["ALWAYS", "NEVER"] = "NEVER"
    enable_autofill_ui: bool = False
    otp: OtpSettings = OtpSettings()


class Authenticator(Struct, frozen=True, kw_only=True):
    """An authenticator of the org, for all users (Okta's Authenticators API)."""

    id: str
    key: AuthenticatorKey
    name: str
    status: Literal["ACTIVE", "INACTIVE"] = "ACTIVE"
    settings: AuthenticatorSettings = AuthenticatorSettings()

    @property
    def signs_in(self) -> bool:
        """Whether users can prove themselves with it when they sign in."""
        return self.status == "ACTIVE" and self.settings.allowed_for in ("any", "sso")

    @property
    def recovers(self) -> bool:
        """Whether users can recover their account with it."""
        return self.status == "ACTIVE" and self.settings.allowed_for in ("any", "recovery")


def authenticator_id(key: AuthenticatorKey) -> str:
    """Return `aut…`, the same in every org."""
    return derived_id("aut", key)


_NAMES: Mapping[AuthenticatorKey, str] = MappingProxyType(
    {
        "okta_password": "Password",
        "okta_email": "Email",
        "phone_number": "Phone",
        "security_question": "Security Question",
        "google_otp": "Google Authenticator",
        "okta_verify": "Okta Verify",
        "webauthn": "Security Key or Biometric",
        "custom_otp": "Custom OTP",
    }
)

DEFAULT_AUTHENTICATORS: Mapping[AuthenticatorKey, Authenticator] = MappingProxyType(
    {
        key: Authenticator(
            id=authenticator_id(key),
            key=key,
            name=name,
            status="INACTIVE" if key == "custom_otp" else "ACTIVE",
        )
        for key, name in _NAMES.items()
    }
)
"""What an org has that sets up nothing else."""
