"""Factors, which prove who a user is in addition to the password, and push requests."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

__all__ = [
    "APP_ALONE",
    "OVER",
    "Factor",
    "FactorKey",
    "FactorStatus",
    "PushAnswer",
    "PushRequest",
]


class FactorKey(StrEnum):
    """A factor's kind, as Okta's policies name it; FastPass as the Factors API does."""

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
    SIGNED_NONCE = "signed_nonce"


APP_ALONE = frozenset({FactorKey.SIGNED_NONCE})
"""Kinds that an app on the user's computer enrols and proves; the Classic Engine has none."""


class FactorStatus(StrEnum):
    """Whether a factor can be used yet."""

    PENDING_ACTIVATION = "PENDING_ACTIVATION"
    ACTIVE = "ACTIVE"


class Factor(Struct, frozen=True, kw_only=True):
    """A factor that a user enrolled.

    `profile`: as the user gave it, unmasked (`phone_number`, `email`, `question` …). `secret`: the
    base32 seed of one-time passwords, or the answer of a question. `counter`: the time step of the
    last one-time password, or WebAuthn's signature count; it may not go back.
    `public_key`: WebAuthn's, in COSE. `number_challenge`: a push asks for the number that the
    sign-in shows; `auto_push`: send it without asking the user first.
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


class PushAnswer(StrEnum):
    """The answer to a push request."""

    WAITING = "WAITING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    TIMEOUT = "TIMEOUT"


OVER = (PushAnswer.REJECTED, PushAnswer.TIMEOUT)
"""Answers that end a push request without approval; the user may be asked again."""


class PushRequest(Struct, frozen=True, kw_only=True):
    """A request to Okta Verify on the user's device: approve a sign-in, or scan a QR code.

    `ends_at`: until when it may be answered; it is kept longer, to explain a late answer.
    `number`: the right one of the numbers that the device offers; None if it offers none.
    """

    id: str
    user_id: str
    factor_id: str
    is_enrollment: bool
    created_at: datetime
    ends_at: datetime
    expires_at: datetime
    number: int | None = None
    answer: PushAnswer = PushAnswer.WAITING
