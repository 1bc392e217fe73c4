"""Decides one authorization request in steps: what is granted, or what the user must do first."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import Scope
from mock_okta.model.directory import User
from mock_okta.model.failures import PolicyRefused, SpentOrExpired
from mock_okta.model.grants import ParkedAuthorization
from mock_okta.model.progress import Progress, Step
from mock_okta.model.sessions import Session
from mock_okta.oauth.authorization.assurance import (
    factor_is_due,
    is_fresh_enough,
    satisfied_acr,
    session_evidence,
)
from mock_okta.oauth.authorization.issuing import Issuing
from mock_okta.oauth.errors import AccessDenied, ConsentRequired, LoginRequired, OAuthError
from mock_okta.oauth.requests import Authorization
from mock_okta.services.directory.policies import Policies
from mock_okta.services.sign_in.assurance import due
from mock_okta.services.sign_in.consents import Consents, without_declined
from mock_okta.services.sign_in.next_step import Requirements
from mock_okta.services.sign_in.sessions import IGNORED_SESSION_TOKEN, Sessions
from mock_okta.services.tokens.token_claims import Granted

__all__ = [
    "PROMPTLESS",
    "STEPS",
    "Consent",
    "Decision",
    "Detour",
    "Pending",
    "SignIn",
    "SignInAnew",
    "StepUp",
    "Tools",
    "decide",
]

T = TypeVar("T")

_TOO_LITTLE = (
    "The client specified not to prompt, but the client app requires re-authentication or MFA."
)


class SignIn(Struct, frozen=True):
    """Nobody is signed in: the user must sign in."""


class SignInAnew(Struct, frozen=True):
    """The session is not what the request asks for: the user must sign in again."""

    session: Session


class StepUp(Struct, frozen=True):
    """The session lacks a factor; `due`: what the user must do."""

    session: Session
    due: Step


class Consent(Struct, frozen=True):
    """The user must agree to these scopes."""

    session: Session
    user: User
    scopes: tuple[Scope, ...]


Detour: TypeAlias = SignIn | SignInAnew | StepUp | Consent
"""What a user must do before the request can continue."""

PROMPTLESS: Mapping[type[Detour], tuple[type[OAuthError], str]] = MappingProxyType(
    {
        SignIn: (
            LoginRequired,
            "The client specified not to prompt, but the user is not logged in.",
        ),
        SignInAnew: (LoginRequired, _TOO_LITTLE),
        StepUp: (LoginRequired, _TOO_LITTLE),
        Consent: (
            ConsentRequired,
            "The client specified not to prompt, but consent is needed.",
        ),
    }
)
"""The error for each detour with `prompt=none` (OIDC Core 3.1.2.1, 3.1.2.6)."""


class Pending(Struct, frozen=True, kw_only=True):
    """An authorization request in progress; each step adds what it finds.

    `session`: the browser's session, then the one to use. `parked`: the parked request, if it was
    parked. `answer`: the user's answer to the consent dialog. `remark`: writes a note for the
    developer to the log. `started`: the session started with the request's session token.
    """

    authorization: Authorization
    session: Session | None
    remark: Callable[[str], None]
    parked: ParkedAuthorization | None = None
    answer: bool | None = None
    started: Session | None = None
    user: User | None = None
    granted: Granted | None = None


class Tools(Struct, frozen=True, kw_only=True):
    """What the steps may touch."""

    clock: Clock
    sessions: Sessions
    requirements: Requirements
    policies: Policies
    issuing: Issuing
    consents: Consents


class Decision(Struct, frozen=True, kw_only=True):
    """How the walk ended, and the session that began on it: it counts whatever the outcome is.

    `asked_at`: since when proofs are made for this request, if some were.
    """

    outcome: Granted | Detour | OAuthError
    started: Session | None
    asked_at: datetime | None = None


async def session_is_there(pending: Pending, tools: Tools) -> Pending | Detour:
    """The browser has a session, or the request has a session token that starts one.

    A session that meets the request wins over the token, which is then not used. If the org's
    settings say that the token wins, an invalid token ends the session; otherwise an invalid token
    is ignored (facts/oauth C.6). The token is used up here, after all checks that need no user.
    """
    live, token = pending.session, pending.authorization.request.session_token
    if token is not None:
        replaces = live is not None and await tools.sessions.session_token_replaces_session()
        if live is not None and not replaces and await _session_will_do(pending, tools):
            pending.remark(IGNORED_SESSION_TOKEN)
            return pending
        try:
            started, user = await tools.sessions.spend(token)
        except SpentOrExpired:
            pending.remark("the sessionToken is unknown, used or expired")
            if live is not None and replaces:
                await tools.sessions.end(live.id)
                live = None
        else:
            return msgspec.structs.replace(pending, session=started, started=started, user=user)
    return SignIn() if live is None else pending


async def session_is_fresh(pending: Pending, tools: Tools) -> Pending | Detour:
    """`prompt=login` and `max_age` are for a user who signed in before (OIDC Core 3.1.2.1)."""
    session = _found(pending.session)
    if pending.answer is not None:  # it was fresh when the dialog was shown
        return pending
    asked = pending.authorization.request
    if is_fresh_enough(session, asked, tools.clock.now(), is_new=_is_new(pending)):
        return pending
    return SignInAnew(session)


async def user_is_usable(pending: Pending, tools: Tools) -> Pending | Detour:
    """The session's user still exists and may sign in: not removed or suspended, for example."""
    if pending.started is not None:  # whose session token was spent just now
        return pending
    user = await tools.sessions.user_of(_found(pending.session))
    return SignIn() if user is None else msgspec.structs.replace(pending, user=user)


async def factor_is_proved(pending: Pending, tools: Tools) -> Pending | Detour:
    """The session has the factor that the app or the request asks for (facts/classic C.2).

    If the app asks for a factor and the user cannot have one, this raises AccessDenied. If only
    `acr_values` ask for it, a later check refuses the session.
    """
    authorization, session = pending.authorization, _found(pending.session)
    user = _found(pending.user)
    if not factor_is_due(authorization, session, user):
        return pending
    try:
        progress = Progress(user_id=user.id, amr=session.amr, is_step_up=True)
        due = await tools.requirements.next(progress, user)
    except PolicyRefused as failure:
        if not authorization.client.requires_factor:
            return pending
        raise AccessDenied(
            "Policy evaluation failed for this request, please check the policy configurations.",
            remark=f"the client has requires_factor: {failure}",
        ) from failure
    return pending if due is None else StepUp(session, due)


async def app_is_assured(pending: Pending, tools: Tools) -> Pending | Detour:
    """What was proved is enough for the app's authentication policy, and young enough.

    Okta has such policies for the Identity Engine. Raises AccessDenied for a user whom no rule lets
    in, or who could not prove enough.
    """
    client, user = pending.authorization.client, _found(pending.user)
    if client.authentication_policy_id is None or pending.answer is not None:
        return pending
    session = _found(pending.session)
    rule = await tools.policies.authentication(client, user)
    evidence = await session_evidence(
        tools.policies, session, user, tools.clock.now(), new_since=_new_since(pending)
    )
    found = due([rule], evidence)
    if rule.access == "DENY" or found.is_refused:
        raise AccessDenied(
            "Policy evaluation failed for this request, please check the policy configurations.",
            remark=f"the rule {rule.name!r} of the app's authentication policy is not met",
        )
    if found.step is None:
        return pending
    is_too_old = any(not each.keys.isdisjoint(found.keys) for each in evidence.earlier)
    return SignInAnew(session) if is_too_old else StepUp(session, found.step)


async def access_is_granted(pending: Pending, tools: Tools) -> Pending | Detour:
    """The user may use the app, a policy covers the request, and its `acr_values` are met."""
    granted = await tools.issuing.granted(
        pending.authorization, _found(pending.session), _found(pending.user)
    )
    return msgspec.structs.replace(pending, granted=granted)


async def consent_is_given(pending: Pending, tools: Tools) -> Pending | Detour:
    """The user agreed to the scopes, now or before (facts/oauth C.10)."""
    authorization, user = pending.authorization, _found(pending.user)
    granted = _found(pending.granted)
    server, client = authorization.server, authorization.client
    asks_anew = "consent" in authorization.request.prompt
    scopes = await tools.consents.needed(server, client, user, granted.scopes, asks_anew=asks_anew)
    if pending.answer is False:
        raise AccessDenied("The resource owner denied the request.")
    if scopes and pending.answer is None:
        return Consent(_found(pending.session), user, tuple(scopes))
    declined = frozenset() if pending.parked is None else pending.parked.declined
    given = without_declined(client, scopes, declined)
    await tools.consents.remember(server, client, user, given)
    left_out = {scope.name for scope in scopes} - {scope.name for scope in given}
    granted = msgspec.structs.replace(
        granted, scopes=tuple(name for name in granted.scopes if name not in left_out)
    )
    return msgspec.structs.replace(pending, granted=granted)


STEPS: tuple[Callable[[Pending, Tools], Awaitable[Pending | Detour]], ...] = (
    session_is_there,
    session_is_fresh,
    user_is_usable,
    factor_is_proved,
    app_is_assured,
    access_is_granted,
    consent_is_given,
)
"""Each step passes, returns a detour, or raises an OAuthError."""


async def decide(pending: Pending, tools: Tools) -> Decision:
    """Run the steps until one does not pass; for `prompt=none` a detour is an error."""
    try:
        for step in STEPS:
            passed = await step(pending, tools)
            if isinstance(passed, Detour):
                if "none" in pending.authorization.request.prompt:
                    refusal, description = PROMPTLESS[type(passed)]
                    raise refusal(description)
                return Decision(
                    outcome=passed, started=pending.started, asked_at=_new_since(pending)
                )
            pending = passed
    except OAuthError as error:
        return Decision(outcome=error, started=pending.started)
    return Decision(outcome=_found(pending.granted), started=pending.started)


async def _session_will_do(pending: Pending, tools: Tools) -> bool:
    """Return whether the browser's session meets the request."""
    try:
        for step in (session_is_fresh, user_is_usable, factor_is_proved, app_is_assured):
            passed = await step(pending, tools)
            if isinstance(passed, Detour):
                return False
            pending = passed
        asked, session = pending.authorization.request, _found(pending.session)
        satisfied_acr(asked.acr_values, session.amr)
    except OAuthError:
        return False
    return True


def _is_new(pending: Pending) -> bool:
    """Return whether the user signed in, or stepped up, for this very request."""
    session, parked = _found(pending.session), pending.parked
    return pending.started is not None or (
        parked is not None and parked.refused_session_id != session.id
    )


def _new_since(pending: Pending) -> datetime | None:
    """Return since when proofs are made for this very request; None if there are none yet."""
    if pending.started is not None:
        return pending.started.authenticated_at
    if pending.parked is None or pending.session is None or not _is_new(pending):
        return None
    return pending.parked.asked_at


def _found(value: T | None) -> T:
    """Return the value, which an earlier step must have set."""
    if value is None:
        raise AssertionError("the steps are out of order")
    return value
