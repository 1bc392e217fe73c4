"""Users of a seed as records, with their factors."""

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any

from mock_okta.ids import derived_id
from mock_okta.model.directory import EVERYONE, User, UserStatus
from mock_okta.model.factors import Factor, FactorKey
from mock_okta.model.seed import SeedFactor, SeedUser
from mock_okta.services.factors.phones import plain_phone_number

__all__ = ["factor_of", "user_of"]


def user_of(
    seed: SeedUser,
    user_id: str,
    earlier: User | None,
    now: datetime,
    group_ids: tuple[str, ...] = (EVERYONE.id,),
) -> User:
    """Return the user that the seed describes; other facts are those of `earlier`."""
    is_same_password = earlier is not None and earlier.password == seed.password
    changed_at = now - timedelta(days=seed.password_age_days)
    if earlier is not None and is_same_password and not seed.password_age_days:
        changed_at = earlier.password_changed_at
    status = UserStatus(seed.status)
    return User(
        id=user_id,
        login=seed.login,
        password=seed.password,
        profile={"email": seed.login, **seed.profile, "login": seed.login},
        group_ids=group_ids,
        created_at=earlier.created_at if earlier else now,
        last_updated_at=now,
        password_changed_at=changed_at,
        activated_at=_activated_at(status, earlier, now),
        status_changed_at=_status_changed_at(status, earlier, now),
        last_login_at=earlier.last_login_at if earlier else None,
        status=status,
        factors=tuple(factor_of(each, seed, user_id, now) for each in seed.factors),
        recovery_question=seed.recovery_question,
        locked_at=now if status is UserStatus.LOCKED_OUT else None,
    )


def _activated_at(status: UserStatus, earlier: User | None, now: datetime) -> datetime | None:
    if earlier is not None and earlier.activated_at is not None:
        return earlier.activated_at
    return None if status in (UserStatus.STAGED, UserStatus.PROVISIONED) else now


def _status_changed_at(status: UserStatus, earlier: User | None, now: datetime) -> datetime | None:
    if earlier is not None and earlier.status is status:
        return earlier.status_changed_at
    return None if earlier is None and status is UserStatus.STAGED else now


def factor_of(seed: SeedFactor, user: SeedUser, user_id: str, now: datetime) -> Factor:
    """Return the factor that the seed describes."""
    key = FactorKey(seed.factor)
    return Factor(
        id=derived_id(_ID_PREFIXES[key], f"{user_id}:{key}"),
        key=key,
        created_at=now,
        profile=_profile(seed, user),
        secret=_secret(seed, user_id),
        number_challenge=seed.number_challenge,
        auto_push=seed.auto_push,
    )


_ID_PREFIXES = {
    FactorKey.QUESTION: "ufs",
    FactorKey.SMS: "mbl",
    FactorKey.CALL: "clf",
    FactorKey.EMAIL: "emf",
    FactorKey.GOOGLE_OTP: "uft",
    FactorKey.OKTA_OTP: "ost",
    FactorKey.OKTA_PUSH: "opf",
    FactorKey.CUSTOM_OTP: "chf",
    FactorKey.SIGNED_NONCE: "pfd",
}


def _profile(seed: SeedFactor, user: SeedUser) -> dict[str, Any]:
    match FactorKey(seed.factor):
        case FactorKey.SMS | FactorKey.CALL:
            return {"phone_number": plain_phone_number(seed.phone_number or "")}
        case FactorKey.EMAIL:
            return {"email": seed.email or user.profile.get("email", user.login)}
        case FactorKey.QUESTION:
            return {"question": seed.question}
        case _:
            return {"credential_id": user.login}


def _secret(seed: SeedFactor, user_id: str) -> str | None:
    """Return the factor's secret; one that the seed leaves out is the same in every run."""
    match FactorKey(seed.factor):
        case FactorKey.QUESTION:
            return seed.answer
        case FactorKey.GOOGLE_OTP | FactorKey.OKTA_OTP | FactorKey.CUSTOM_OTP:
            digest = hashlib.sha256(f"totp:{user_id}:{seed.factor}".encode()).digest()
            return seed.secret or base64.b32encode(digest[:20]).decode()
        case _:
            return None
