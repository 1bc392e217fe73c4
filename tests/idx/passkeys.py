"""A user with a passkey, and what the browser sends of it."""

import base64
from typing import Any

from tests.authn.security_keys import SecurityKey
from tests.idx.enrolling import Enrolling
from tests.idx.following import Document
from tests.idx.sample_screens import ANY, put
from tests.visiting import LOGIN, PASSWORD, USER_ID

NAME = "challenge-webauthn-autofillui-authenticator"


async def with_passkey(enrolling: Enrolling, key: SecurityKey, **rule: Any) -> Document:
    """Enrol the passkey, and begin to sign in anew."""
    await enrolling.seed(optional=("fido_webauthn",), primary_factor=ANY, **rule)
    known = {"key": "webauthn", "settings": {"enable_autofill_ui": True}}
    await put(enrolling, authenticators=[known])
    await enrolling.begin()
    await enrolling.sign_in(LOGIN, PASSWORD)
    asked = (await enrolling.choose("webauthn")).current["contextualData"]["activationData"]
    if asked["authenticatorSelection"]["residentKey"] == "required":
        made = key.register(asked["challenge"])
        await enrolling.answer(clientData=made["clientData"], attestation=made["attestation"])
    return await enrolling.begin()


def handle_of(user_id: str = USER_ID) -> str:
    """What the browser returns: the octets that the page made of `activationData.user.id`."""
    octets = base64.urlsafe_b64decode(user_id + "=" * (-len(user_id) % 4))
    return base64.b64encode(octets).decode()


def signed(document: Document, key: SecurityKey) -> dict[str, str]:
    """What the page sends once the user picked the passkey."""
    asked = document.body["webauthnAutofillUIChallenge"]["value"]["challengeData"]
    return {**key.sign(asked["challenge"]), "userHandle": handle_of()}
