"""What Okta Verify on a user's device is asked."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

__all__ = ["OVER", "PushAnswer", "PushRequest"]


class PushAnswer(StrEnum):
    """What became of a push request."""

    WAITING = "WAITING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    TIMEOUT = "TIMEOUT"


OVER = (PushAnswer.REJECTED, PushAnswer.TIMEOUT)
"""Answers after which nothing is waited for, and the user may be asked again."""


class PushRequest(Struct, frozen=True, kw_only=True):
    """What Okta Verify on the user's device was asked: to approve a sign-in, or to scan a QR code.

    `ends_at`: until when it may be answered; it is kept longer, to explain a late answer.
    `number`: the one of several that the user has to pick on the device, if that is asked.
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
