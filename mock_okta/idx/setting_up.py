"""What a page needs to set an authenticator up (facts/identity C14)."""

import base64
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from mock_okta.idx.authenticators import (
    EMAIL,
    GOOGLE,
    OKTA_VERIFY,
    PASSWORD,
    QUESTION,
    WEBAUTHN,
)
from mock_okta.idx.ion import Ion
from mock_okta.idx.scenes import Scene
from mock_okta.services.factors.question import CUSTOM, QUESTIONS

__all__ = ["password_settings", "set_up_of", "user_verification"]


def set_up_of(scene: Scene) -> Ion:
    """Return the additional members of the authenticator that is being enrolled."""
    key = scene.transaction.authenticator or ""
    if key == PASSWORD:
        return {"settings": password_settings(scene)}
    context = _CONTEXTS.get(key)
    return {} if context is None else {"contextualData": context(scene)}


def password_settings(scene: Scene) -> Ion:
    """Return the password policy as the page lists it."""
    asked, age = scene.passwords.complexity, scene.passwords.age
    expires_in = scene.expires_in
    warned = {} if expires_in is None else {"daysToExpiry": max(0, expires_in.days)}
    return {
        "complexity": {
            "minLength": asked.min_length,
            "minLowerCase": asked.min_lower_case,
            "minUpperCase": asked.min_upper_case,
            "minNumber": asked.min_number,
            "minSymbol": asked.min_symbol,
            "excludeUsername": asked.exclude_username,
            "excludeAttributes": list(asked.exclude_attributes),
        },
        "age": {"minAgeMinutes": age.min_age_minutes, "historyCount": age.history_count},
        **warned,
    }


def user_verification(scene: Scene) -> str:
    """Return what browsers are told of PINs and biometrics (WebAuthn 5.8.6)."""
    return scene.authenticators[WEBAUTHN].settings.user_verification.lower()


def _magic_link(_: Scene) -> Ion:
    return {"useEmailMagicLink": True}


def _questions(_: Scene) -> Ion:
    listed = [{"questionKey": key, "question": text} for key, text in QUESTIONS.items()]
    return {"questionKeys": [CUSTOM, *QUESTIONS], "questions": listed}


def _qr_code(scene: Scene) -> Ion:
    """Return the picture inside the document, since only this client may load it."""
    if scene.qr_code is None or scene.transaction.draft.get("channel"):
        return {}
    picture = base64.b64encode(scene.qr_code).decode()
    href = f"data:image/png;base64,{picture}"
    return {"qrcode": {"method": "embedded", "href": href, "type": "image/png"}}


def _google(scene: Scene) -> Ion:
    secret = None if scene.enrolment is None else scene.enrolment.secret
    return {**_qr_code(scene), "sharedSecret": secret}


def _okta_verify(scene: Scene) -> Ion:
    """Return the way to the device that was chosen, and the address that the link went to."""
    draft = scene.transaction.draft
    sent_to = {name: draft[name] for name in ("email", "phoneNumber") if name in draft}
    return {**_qr_code(scene), "selectedChannel": draft.get("channel", "qrcode"), **sent_to}


def _activation(scene: Scene) -> Ion:
    """Return what the browser asks a security key for (WebAuthn 5.4)."""
    user, enrolment, challenge = scene.user, scene.enrolment, scene.transaction.challenge
    if user is None or enrolment is None or challenge is None:
        return {}
    names = (user.profile.get("firstName"), user.profile.get("lastName"))
    algorithms = enrolment.algorithms
    asked = {
        "rp": {"name": urlsplit(scene.url).netloc},
        "user": {
            "displayName": " ".join(str(name) for name in names if name) or user.login,
            "name": user.login,
            "id": enrolment.user_handle,
        },
        "pubKeyCredParams": [{"type": "public-key", "alg": each} for each in algorithms],
        "challenge": challenge.value,
        "attestation": "direct",
        "authenticatorSelection": _selection(scene),
        "excludeCredentials": [],
    }
    return {"activationData": asked}


def _selection(scene: Scene) -> Ion:
    """Return which keys are accepted; only resident keys can be offered with the name."""
    fills_in = scene.authenticators[WEBAUTHN].settings.enable_autofill_ui
    resident = {"residentKey": "required", "requireResidentKey": True} if fills_in else {}
    return {"userVerification": user_verification(scene), **resident}


_CONTEXTS: Mapping[str, Callable[[Scene], Ion]] = MappingProxyType(
    {
        EMAIL: _magic_link,
        QUESTION: _questions,
        GOOGLE: _google,
        OKTA_VERIFY: _okta_verify,
        WEBAUTHN: _activation,
    }
)
