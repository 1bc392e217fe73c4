"""How Classic Engine names each kind of factor, and shows it (facts/classic C.2, C.4)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from msgspec import Struct

from mock_okta.authn.operations import post
from mock_okta.clock import wire_instant
from mock_okta.model.directory import User
from mock_okta.model.factors import OVER, Factor, FactorKey, FactorStatus, PushAnswer
from mock_okta.model.progress import Challenge
from mock_okta.services.factors import Enrolment
from mock_okta.services.factors.phones import masked_phone_number
from mock_okta.services.factors.push import DEVICE_NAME
from mock_okta.services.factors.question import question_text
from mock_okta.services.factors.totp import STEP
from mock_okta.web.json_bodies import wire_name

__all__ = ["VIEWS", "SetUp", "View", "factor_body", "key_named"]

Shown: TypeAlias = Mapping[str, Any]


class SetUp(Struct, frozen=True, kw_only=True):
    """A factor that is being enrolled, and what its device needs; `url` is the org's."""

    user: User
    factor: Factor
    enrolment: Enrolment
    challenge: Challenge | None
    answer: PushAnswer | None
    url: str


def _profile_as_kept(factor: Factor) -> Shown | None:
    return {wire_name(name): value for name, value in factor.profile.items()} or None


def _no_profile(_: Factor) -> None:
    return None


def _question_profile(factor: Factor) -> Shown:
    return {"question": factor.profile["question"], "questionText": question_text(factor.profile)}


def _phone_profile(factor: Factor) -> Shown:
    masked = masked_phone_number(str(factor.profile["phone_number"]))
    return {**(_profile_as_kept(factor) or {}), "phoneNumber": masked}


def _email_profile(factor: Factor) -> Shown:
    """Mask the address as the widget's samples have it: `t...n@example.com`."""
    local, _, domain = str(factor.profile["email"]).rpartition("@")
    return {"email": f"{local[:1]}...{local[-1:]}@{domain}"}


def _push_profile(factor: Factor) -> Shown | None:
    """Show the device, once the factor is active."""
    is_enrolled = factor.status is FactorStatus.ACTIVE
    return {**(_profile_as_kept(factor) or {}), **_DEVICE} if is_enrolled else None


def _no_challenge(_: Challenge | None, __: int | None) -> None:
    return None


def _key_challenge(challenge: Challenge | None, _: int | None) -> Shown | None:
    if challenge is None:
        return None
    return {"challenge": challenge.value, "extensions": {}, "userVerification": "preferred"}


def _push_challenge(_: Challenge | None, number: int | None) -> Shown | None:
    return None if number is None else {"correctAnswer": number}


def _no_activation(_: SetUp) -> None:
    return None


def _google_activation(given: SetUp) -> Shown:
    """Show the secret; `keyLength` is the secret's length here, the code's for Okta Verify."""
    return {**_otp(given, 24), "_links": {"qrcode": _qr_link(given)}}


def _okta_activation(given: SetUp) -> Shown:
    """Show what the widget's sample `mfa-enroll-qr-okta-verify` has."""
    return {**_otp(given, 6), "factorResult": "WAITING", "_links": {"qrcode": _qr_link(given)}}


def _otp(given: SetUp, key_length: int) -> Shown:
    return {
        "timeStep": STEP,
        "sharedSecret": given.enrolment.secret,
        "encoding": "base32",
        "keyLength": key_length,
    }


def _push_activation(given: SetUp) -> Shown:
    """Show the QR code while it is valid; after that, the link that makes another."""
    path = f"{given.url}/api/v1/authn/factors/{given.factor.id}/lifecycle/activate"
    if given.answer in OVER:
        return {"factorResult": given.answer, "_links": {"activate": post(path)}}
    ends_at = None if given.challenge is None else given.challenge.expires_at
    return {
        **({} if ends_at is None else {"expiresAt": wire_instant(ends_at)}),
        "factorResult": "WAITING",
        "_links": {
            "qrcode": _qr_link(given),
            "send": [post(f"{path}/{channel}", channel) for channel in ("email", "sms")],
        },
    }


def _key_activation(given: SetUp) -> Shown:
    """Show the options for the browser's WebAuthn call (facts/classic C.4)."""
    user = given.user
    names = (user.profile.get("firstName"), user.profile.get("lastName"))
    algorithms = given.enrolment.algorithms
    return {
        "rp": {"name": urlsplit(given.url).netloc},
        "user": {
            "id": given.enrolment.user_handle,
            "name": user.login,
            "displayName": " ".join(str(name) for name in names if name) or user.login,
        },
        "pubKeyCredParams": [{"type": "public-key", "alg": each} for each in algorithms],
        "challenge": "" if given.challenge is None else given.challenge.value,
        "authenticatorSelection": {"userVerification": "preferred", "requireResidentKey": False},
        "attestation": "direct",
        "u2fParams": {"appid": given.url},
        "excludeCredentials": [],
    }


def _qr_link(given: SetUp) -> dict[str, str]:
    """Return the link of the QR code; the factor's id cannot be guessed."""
    href = f"{given.url}/api/v1/users/{given.user.id}/factors/{given.factor.id}/qr"
    return {"href": href, "type": "image/png"}


class View(Struct, frozen=True, kw_only=True):
    """How one kind of factor is named and shown.

    `resend`: the name of the link that sends its challenge again. `profile`: the profile as a user
    sees it who has proved only the password. `challenge`: `_embedded.challenge`, made of the
    challenge and the number to pick; None for nothing. `activation`: `_embedded.activation`.
    """

    type: str
    provider: str = "OKTA"
    vendor_name: str = "OKTA"
    resend: str | None = None
    profile: Callable[[Factor], Shown | None] = _profile_as_kept
    challenge: Callable[[Challenge | None, int | None], Shown | None] = _no_challenge
    activation: Callable[[SetUp], Shown | None] = _no_activation


_DEVICE: Shown = MappingProxyType(
    {
        "deviceType": "SmartPhone_IPhone",
        "keys": [],
        "name": DEVICE_NAME,
        "platform": "IOS",
        "version": "9.3.1",
    }
)
"""The phone that every user has, as profiles show it (the widget's sample `mfa-all-factors`)."""

VIEWS: Mapping[FactorKey, View] = MappingProxyType(
    {
        FactorKey.PASSWORD: View(type="password", profile=_no_profile),
        FactorKey.QUESTION: View(type="question", profile=_question_profile),
        FactorKey.SMS: View(type="sms", resend="sms", profile=_phone_profile),
        FactorKey.CALL: View(type="call", resend="call", profile=_phone_profile),
        FactorKey.EMAIL: View(type="email", resend="email", profile=_email_profile),
        FactorKey.GOOGLE_OTP: View(
            type="token:software:totp",
            provider="GOOGLE",
            vendor_name="GOOGLE",
            activation=_google_activation,
        ),
        FactorKey.OKTA_OTP: View(type="token:software:totp", activation=_okta_activation),
        FactorKey.OKTA_PUSH: View(
            type="push",
            resend="push",
            profile=_push_profile,
            challenge=_push_challenge,
            activation=_push_activation,
        ),
        FactorKey.WEBAUTHN: View(
            type="webauthn",
            provider="FIDO",
            vendor_name="FIDO",
            challenge=_key_challenge,
            activation=_key_activation,
        ),
        FactorKey.CUSTOM_OTP: View(type="token:hotp", provider="CUSTOM", vendor_name="CUSTOM"),
    }
)


def key_named(factor_type: str, provider: str) -> FactorKey | None:
    """Return the kind of factor with these wire names, if there is one."""
    for key, view in VIEWS.items():
        if (view.type, view.provider) == (factor_type, provider):
            return key
    return None


def factor_body(factor: Factor) -> dict[str, Any]:
    """Return a factor without its links and secrets."""
    view = VIEWS[factor.key]
    profile = view.profile(factor)
    return {
        "id": factor.id,
        "factorType": view.type,
        "provider": view.provider,
        "vendorName": view.vendor_name,
        **({} if profile is None else {"profile": dict(profile)}),
    }
