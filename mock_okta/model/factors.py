"""What a user proves who they are with, beside the password."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

__all__ = ["Factor", "FactorKey", "FactorStatus"]


class FactorKey(StrEnum):
    """A factor's kind, by the word that Okta's policies have for it."""

    PASSWORD = "okta_password"
    QUESTION = "okta_question"
    SMS = "okta_sms"
    CALL = "okta_call"
    EMAIL = "okta_email"
    GOOGLE_OTP = "google_otp"
    OKTA_OTP = "okta_otp"
    OKTA_PUSH = "okta_push"
    WEBAUTHN = "fido_webauthn"
    CUSTOM_OTP = "custom_otp"


class FactorStatus(StrEnum):
    """Whether a factor can be used already."""

    PENDING_ACTIVATION = "PENDING_ACTIVATION"
    ACTIVE = "ACTIVE"


class Factor(Struct, frozen=True, kw_only=True):
    """A factor that a user enrolled.

    `profile`: as the user gave it, unmasked (`phone_number`, `email`, `question` …). `secret`: the
    base32 seed of one-time passwords, or the answer of a question. `counter`: the time step of the
    last one-time password, or WebAuthn's signature count; a lower one is not taken again.
    `public_key`: WebAuthn's, in COSE. `number_challenge`: a push asks for the number that the
    sign-in shows; `auto_push`: the user wants it sent without being asked.
    """

    id: str
    key: FactorKey
    created_at: datetime
    status: FactorStatus = FactorStatus.ACTIVE
    profile: Mapping[str, Any] = {}
    secret: str | None = None
    counter: int | None = None
    public_key: bytes | None = None
    number_challenge: bool = False
    auto_push: bool = False
