"""Checks that a sign-in is as recent and as strong as the client asks (OIDC Core 3.1.2.1)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from mock_okta.model.directory import User
from mock_okta.model.factors import FactorStatus
from mock_okta.model.records import Session
from mock_okta.oauth.errors import UnmetAuthenticationRequirements
from mock_okta.oauth.requests import Authorization, AuthorizationRequest

__all__ = ["ACR_VALUES", "factor_is_due", "is_fresh_enough", "satisfied_acr"]

Amr = frozenset[str]

ACR_VALUES: Mapping[str, Callable[[Amr], bool]] = MappingProxyType(
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
    has_factor = any(factor.status is FactorStatus.ACTIVE for factor in user.factors)
    reached = {value for value, is_reached in ACR_VALUES.items() if is_reached(amr)}
    if has_factor:
        reached -= {_ANY_FACTOR_IF_POSSIBLE}
    wanted = {_ANY_FACTOR, *([_ANY_FACTOR_IF_POSSIBLE] if has_factor else [])}
    return not reached & set(asked) and not wanted.isdisjoint(asked)


def is_fresh_enough(
    session: Session, asked: AuthorizationRequest, now: datetime, *, is_new: bool
) -> bool:
    """Return whether the session is recent enough; `is_new`: the sign-in was for this request."""
    most = (asked.max_age or "").lstrip("0")
    if ("login" in asked.prompt or (asked.max_age and not most)) and not is_new:
        return False
    if not most or len(most) > _MOST_DIGITS:
        return True
    return now - session.authenticated_at <= timedelta(seconds=int(most))


def satisfied_acr(asked: AuthorizationRequest, session: Session) -> str | None:
    """Return the first of the values asked for that the session reaches; None if none was asked.

    Values that Okta does not know are ignored. Raises UnmetAuthenticationRequirements.
    """
    known = [value for value in asked.acr_values if value in ACR_VALUES]
    amr = frozenset(session.amr)
    for value in known:
        if ACR_VALUES[value](amr):
            return value
    if known:
        raise UnmetAuthenticationRequirements(
            "The authentication requirements of the request cannot be met.",
            remark=f"the user proved {' '.join(session.amr)}, the client wants {' '.join(known)}",
        )
    return None
