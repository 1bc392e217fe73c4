"""Passkeys that the browser offers at the field for the name, before the user gives one.

The challenge is derived from the state handle: the first screen asks for it each time it is drawn,
and a transaction that has moved on asks for none.
"""

import hashlib

from mock_okta.idx.authenticators import WEBAUTHN
from mock_okta.idx.ion import Ion, obj
from mock_okta.idx.scenes import Scene
from mock_okta.idx.setting_up import user_verification
from mock_okta.jose import base64url
from mock_okta.model.interactions import Screen

__all__ = ["CHALLENGE", "autofill_challenge", "challenge_value", "fills_in"]

CHALLENGE = "webauthnAutofillUIChallenge"
"""The member of a document with what the browser asks the user's passkeys."""


def fills_in(scene: Scene) -> bool:
    """Return whether the screen lets the browser offer passkeys."""
    known = scene.authenticators[WEBAUTHN]
    return scene.screen is Screen.IDENTIFY and known.signs_in and known.settings.enable_autofill_ui


def challenge_value(handle: str) -> str:
    """Return what a passkey has to sign for the transaction of that handle."""
    return base64url(hashlib.sha256(f"passkey {handle}".encode()).digest())


def autofill_challenge(scene: Scene) -> Ion:
    """Return the member of the document, or nothing."""
    if not fills_in(scene):
        return {}
    asked = {
        "challenge": challenge_value(scene.transaction.handle),
        "userVerification": user_verification(scene),
    }
    return {CHALLENGE: obj({"challengeData": asked})}
