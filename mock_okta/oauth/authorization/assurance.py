"""Checks that a sign-in is as recent and as strong as the client asks (OIDC Core 3.1.2.1)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from mock_okta.model.directory import User
from mock_okta.model.factors import APP_ALONE, FactorStatus
from mock_okta.model.sessions import Session
from mock_okta.oauth.errors import UnmetAuthenticationRequirements
from mock_okta.oauth.requests import Authorization, AuthorizationRequest
from mock_okta.services.directory.policies import Policies
from mock_okta.services.sign_in.evidence import (
    Evidence,
    enrollable_keys,
    enrolled_keys,
    session_proofs,
)

__all__ = ["factor_is_due", "is_fresh_enough", "most_seconds", "satisfied_acr", "session_evidence"]

Amr = frozenset[str]

_ACR_VALUES: Mapping[str, Callable[[Amr], bool]] = MappingProxyType(
    {
        "urn:okta:loa:1fa:any": bool,
        "urn:okta:loa:1fa:pwd": lambda amr: "pwd" in amr,
        "urn:okta:loa:2fa:any": lambda amr: "mfa" in amr,
        "urn:okta:loa:2fa:any:ifpossible": bool,  # a user without factors needs none
        "phr": lambda amr: bool(amr & {"hwk", "swk", "pop"}),
        "phrh": lambda amr: "hwk" in amr,
    }
)
"""Level of assurance -> whether the session's `amr` reaches it (facts/oauth C.1)."""


_MOST_DIGITS = 9  # a larger `max_age` is decades, longer than any session
_ANY_FACTOR = "urn:okta:loa:2fa:any"
_ANY_FACTOR_IF_POSSIBLE = "urn:okta:loa:2fa:any:ifpossible"


def factor_is_due(authorization: Authorization, session: Session, user: User) -> bool:
    """Return whether the app or the request asks for a factor that the session lacks.

    A step-up cannot guarantee `phr`: the user may choose another factor.
    """
    if "mfa" in session.amr:
        return False
    if authorization.client.requires_factor:
        return True
    asked, amr = authorization.request.acr_values, frozenset(session.amr)
    known = (factor for factor in user.factors if factor.key not in APP_ALONE)
    has_factor = any(factor.status is FactorStatus.ACTIVE for factor in known)
    reached = {value for value, is_reached in _ACR_VALUES.items() if is_reached(amr)}
    if has_factor:
        reached -= {_ANY_FACTOR_IF_POSSIBLE}
    wanted = {_ANY_FACTOR, *([_ANY_FACTOR_IF_POSSIBLE] if has_factor else [])}
    return not reached & set(asked) and not wanted.isdisjoint(asked)


async def session_evidence(
    policies: Policies, session: Session, user: User, now: datetime, *, new_since: datetime | None
) -> Evidence:
    """Return what the user proved in the session, and what more they could.

    `new_since`: what was proved from then on was proved for this very request.
    """
    authenticators = await policies.authenticators()
    proofs = session_proofs(session)
    new = tuple(p for p in proofs if new_since is not None and p.at >= new_since)
    return Evidence(
        now=now,
        proofs=new,
        earlier=tuple(each for each in proofs if each not in new),
        enrolled=enrolled_keys(user, authenticators),
        enrollable=enrollable_keys(user, await policies.enrollment(user), authenticators),
    )


def is_fresh_enough(
    session: Session, asked: AuthorizationRequest, now: datetime, *, is_new: bool
) -> bool:
    """Return whether the session is recent enough.

    `is_new`: the user signed in for this very request.
    """
    most = most_seconds(asked.max_age)
    if ("login" in asked.prompt or most == 0) and not is_new:
        return False
    return not most or now - session.authenticated_at <= timedelta(seconds=most)


def most_seconds(max_age: str | None) -> int | None:
    """Return the digits of `max_age` as a number; None if it limits nothing."""
    digits = (max_age or "").lstrip("0")
    return None if not max_age or len(digits) > _MOST_DIGITS else int(digits or "0")


def satisfied_acr(acr_values: Sequence[str], proved: Sequence[str]) -> str | None:
    """Return the first of the values asked for that the `amr` reaches; None if none was asked.

    Values that Okta does not know are ignored. Raises UnmetAuthenticationRequirements.
    """
    known = [value for value in acr_values if value in _ACR_VALUES]
    amr = frozenset(proved)
    for value in known:
        if _ACR_VALUES[value](amr):
            return value
    if known:
        raise UnmetAuthenticationRequirements(
            "The authentication requirements of the request cannot be met.",
            remark=f"the user proved {' '.join(proved)}, the client wants {' '.join(known)}",
        )
    return None
