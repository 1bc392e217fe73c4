"""How somebody comes to each status over HTTP, and where good requests lead from there."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pyotp

from mock_okta.authn.operations import Operation
from mock_okta.model.transactions import Status
from tests.authn.proving import NAMES, OKTA, PHONE, PUSH, SMS, Body, Proving
from tests.authn.signing import AUTHN
from tests.visiting import CALLBACK, LOGIN, PASSWORD, USER_ID

__all__ = ["REACHING", "WAYS", "Way"]

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TOTP = {"factor": "google_otp", "secret": SECRET}
ANY_FACTOR = "urn:okta:loa:2fa:any"
WARNING = {"age": {"max_age_days": 90, "expire_warn_days": 10}}
ASKING = {"recovery": {"asks_question": True}}
QUESTION = {"question": "What did I eat?", "answer": "Beetroot"}
STRICT = {
    "name": "Strict",
    "type": "spa",
    "client_id": "0oa1strict0000000h7",
    "login_redirect_uris": [CALLBACK],
    "requires_factor": True,
}


@dataclass(frozen=True)
class Way:
    """A way to a status. `leads`: where a good request of each operation comes out.

    `unlinked`: operations that the table allows, but that are not offered to this user.
    """

    reach: Callable[[Proving], Awaitable[Body]]
    leads: Mapping[Operation, str] = field(default_factory=dict)
    unlinked: frozenset[Operation] = frozenset()

    @property
    def name(self) -> str:
        return self.reach.__name__


async def seeded(
    proving: Proving,
    *factors: Mapping[str, Any],
    passwords: Mapping[str, Any] | None = None,
    required: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
    asks_factor: bool = False,
    any_factor: bool = False,
    **user: Any,
) -> None:
    """Have one user, and policies for them."""
    person = {"login": LOGIN, "password": PASSWORD, "id": USER_ID, "profile": NAMES}
    document = {
        "users": [person | {"factors": factors} | user],
        "sign_on_policies": [{"rules": [_rule(asks_factor=asks_factor, any_factor=any_factor)]}],
        "enrollment_policies": [{"required": required, "optional": optional}],
        "password_policies": [passwords or {}],
    }
    answer = await proving.visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text


def _rule(*, asks_factor: bool, any_factor: bool) -> Body:
    primary = "PASSWORD_IDP_ANY_FACTOR" if any_factor else "PASSWORD_IDP"
    return {"require_factor": asks_factor, "primary_factor": primary}


def code(proving: Proving) -> str:
    """What the user's authenticator shows."""
    return pyotp.TOTP(SECRET).at(proving.org.clock.now())


async def unauthenticated(proving: Proving) -> Body:
    await seeded(proving, TOTP)
    await proving.visitor.ask("PUT", "/_mock/seed", json={"clients": [STRICT]})
    await proving.visitor.sign_in()
    answer = await proving.visitor.authorize(
        {"prompt": "login", "client_id": STRICT["client_id"], "scope": "openid"}
    )
    return await _stepping(proving, answer.location)


async def naming_oneself(proving: Proving) -> Body:
    await seeded(proving, TOTP, any_factor=True)
    return dict((await proving.post(AUTHN, username=LOGIN, options={})).json())


async def naming_oneself_with_a_phone(proving: Proving) -> Body:
    await seeded(proving, SMS, any_factor=True, asks_factor=True)
    return dict((await proving.post(AUTHN, username=LOGIN, options={})).json())


async def password_warn(proving: Proving) -> Body:
    await seeded(proving, passwords=WARNING, password_age_days=85)
    return await proving.start(warnBeforePasswordExpired=True)


async def password_expired(proving: Proving) -> Body:
    await seeded(proving, status="PASSWORD_EXPIRED")
    return await proving.start()


async def password_expired_after_a_factor(proving: Proving) -> Body:
    await seeded(proving, TOTP, asks_factor=True, status="PASSWORD_EXPIRED")
    answer = await proving.verify(await proving.start(), passCode=code(proving))
    return dict(answer.json())


async def challenged_to_recover(proving: Proving) -> Body:
    await seeded(proving, SMS)
    return await _recovering(proving)


async def challenged_to_unlock(proving: Proving) -> Body:
    await seeded(proving, SMS, status="LOCKED_OUT")
    return await _recovering(proving, "unlock")


async def challenged_before_the_question(proving: Proving) -> Body:
    await seeded(proving, SMS, passwords=ASKING, recovery_question=QUESTION)
    return await _recovering(proving)


async def asked_to_recover(proving: Proving) -> Body:
    state = await challenged_before_the_question(proving)
    return await proving.go(state, passCode=await proving.passcode())


async def asked_to_unlock(proving: Proving) -> Body:
    await seeded(proving, SMS, passwords=ASKING, recovery_question=QUESTION, status="LOCKED_OUT")
    state = await _recovering(proving, "unlock")
    return await proving.go(state, passCode=await proving.passcode())


async def resetting(proving: Proving) -> Body:
    state = await challenged_to_recover(proving)
    return await proving.go(state, passCode=await proving.passcode())


async def resetting_with_a_factor(proving: Proving) -> Body:
    await seeded(proving, SMS, asks_factor=True)
    state = await _recovering(proving)
    return await proving.go(state, passCode=await proving.passcode())


async def activating_the_account(proving: Proving) -> Body:
    await seeded(proving, status="STAGED", password="")
    await proving.change("activate")
    return dict((await proving.post(AUTHN, token=await proving.token())).json())


async def offered_a_phone(proving: Proving) -> Body:
    await seeded(proving, optional=("okta_sms",))
    return await proving.start()


async def offered_a_question(proving: Proving) -> Body:
    await seeded(proving, optional=("okta_question",))
    return await proving.start()


async def made_to_enroll(proving: Proving) -> Body:
    await seeded(proving, required=("okta_question", "okta_sms"))
    return await proving.start()


async def activating_a_phone(proving: Proving) -> Body:
    state = await offered_a_phone(proving)
    answer = await proving.enroll(state, "sms", profile={"phoneNumber": PHONE})
    return dict(answer.json())


async def activating_push(proving: Proving) -> Body:
    await seeded(proving, required=("okta_push",))
    return await proving.enrolling("push")


async def activating_the_first_of_two(proving: Proving) -> Body:
    await seeded(proving, required=("okta_sms", "okta_question"))
    return await proving.enrolling("sms", profile={"phoneNumber": PHONE})


async def having_a_phone(proving: Proving) -> Body:
    await seeded(proving, SMS, asks_factor=True)
    return await proving.start()


async def having_an_authenticator(proving: Proving) -> Body:
    await seeded(proving, TOTP, asks_factor=True)
    return await proving.start()


async def having_an_authenticator_and_an_expired_password(proving: Proving) -> Body:
    await seeded(proving, TOTP, asks_factor=True, status="PASSWORD_EXPIRED")
    return await proving.start()


async def stepping_up(proving: Proving) -> Body:
    await seeded(proving, TOTP)
    answer = await proving.visitor.authorize(
        {"acr_values": ANY_FACTOR, "sessionToken": (await proving.start())["sessionToken"]}
    )
    return await _stepping(proving, answer.location)


async def challenged_by_phone(proving: Proving) -> Body:
    await seeded(proving, SMS, asks_factor=True)
    return await proving.challenged()


async def challenged_first(proving: Proving) -> Body:
    state = await naming_oneself_with_a_phone(proving)
    return dict((await proving.verify(state, passCode="")).json())


async def challenged_by_push(proving: Proving) -> Body:
    await seeded(proving, PUSH, OKTA, asks_factor=True)
    return await proving.challenged()


async def stepped_up(proving: Proving) -> Body:
    answer = await proving.verify(await stepping_up(proving), passCode=code(proving))
    return dict(answer.json())


async def consenting(proving: Proving) -> Body:
    server = {"id": "default", "scopes": [{"name": "notes", "consent": "REQUIRED"}]}
    client = {**STRICT, "requires_factor": False, "consent_method": "REQUIRED"}
    await seeded(proving)
    document = {"clients": [client], "authorization_servers": [server]}
    await proving.visitor.ask("PUT", "/_mock/seed", json=document)
    await proving.visitor.sign_in()
    dialog = await proving.visitor.authorize(
        {"client_id": STRICT["client_id"], "scope": "openid notes"}
    )
    state_token = dialog.text.partition('data-state-token="')[2].partition('"')[0]
    return dict((await proving.post(f"{AUTHN}/introspect", stateToken=state_token)).json())


async def _stepping(proving: Proving, location: str) -> Body:
    """The state at the hosted page that goes on with a step-up."""
    state_token = urlsplit(location).path.rpartition("/")[2]
    return dict((await proving.post(f"{AUTHN}/introspect", stateToken=state_token)).json())


async def _recovering(proving: Proving, what: str = "password") -> Body:
    return dict((await proving.recover(what, factor="SMS")).json())


O, S = Operation, Status  # noqa: E741 -- short, for the table's sake
_CHALLENGED = {O.RESEND_RECOVERY: S.RECOVERY_CHALLENGE}
_FACTOR_CHALLENGED = {O.RESEND: S.MFA_CHALLENGE, O.PREVIOUS: S.MFA_REQUIRED}
_NAMED = frozenset({O.AUTHENTICATE})
_ENROLLING = {O.PREVIOUS: S.MFA_ENROLL}
_PHONE_ENROLLING = _ENROLLING | {O.RESEND_ACTIVATION: S.MFA_ENROLL_ACTIVATE}

REACHING: Mapping[Status, tuple[Way, ...]] = {
    S.UNAUTHENTICATED: (
        Way(unauthenticated, {O.AUTHENTICATE: S.MFA_REQUIRED}),
        Way(naming_oneself, {O.AUTHENTICATE: S.SUCCESS, O.VERIFY: S.SUCCESS}, _NAMED),
        Way(
            naming_oneself_with_a_phone,
            {O.AUTHENTICATE: S.MFA_REQUIRED, O.VERIFY: S.MFA_CHALLENGE},
            _NAMED,
        ),
    ),
    S.PASSWORD_WARN: (Way(password_warn, {O.CHANGE_PASSWORD: S.SUCCESS, O.SKIP: S.SUCCESS}),),
    S.PASSWORD_EXPIRED: (
        Way(password_expired, {O.CHANGE_PASSWORD: S.SUCCESS}),
        Way(password_expired_after_a_factor, {O.CHANGE_PASSWORD: S.SUCCESS}),
    ),
    S.PASSWORD_RESET: (
        Way(resetting, {O.RESET_PASSWORD: S.SUCCESS}),
        Way(resetting_with_a_factor, {O.RESET_PASSWORD: S.MFA_REQUIRED}),
        Way(activating_the_account, {O.RESET_PASSWORD: S.SUCCESS}),
    ),
    S.RECOVERY: (
        Way(asked_to_recover, {O.ANSWER: S.PASSWORD_RESET}),
        Way(asked_to_unlock, {O.ANSWER: S.SUCCESS}),
    ),
    S.RECOVERY_CHALLENGE: (
        Way(challenged_to_recover, _CHALLENGED | {O.VERIFY_RECOVERY: S.PASSWORD_RESET}),
        Way(challenged_to_unlock, _CHALLENGED | {O.VERIFY_RECOVERY: S.SUCCESS}),
        Way(challenged_before_the_question, _CHALLENGED | {O.VERIFY_RECOVERY: S.RECOVERY}),
    ),
    S.MFA_ENROLL: (
        Way(offered_a_phone, {O.ENROLL: S.MFA_ENROLL_ACTIVATE, O.SKIP: S.SUCCESS}),
        Way(offered_a_question, {O.ENROLL: S.SUCCESS, O.SKIP: S.SUCCESS}),
        Way(
            made_to_enroll,
            {O.ENROLL: S.MFA_ENROLL, O.SKIP: S.MFA_ENROLL},
            unlinked=frozenset({O.SKIP}),
        ),
    ),
    S.MFA_ENROLL_ACTIVATE: (
        Way(activating_a_phone, _PHONE_ENROLLING | {O.ACTIVATE: S.SUCCESS}),
        Way(activating_the_first_of_two, _PHONE_ENROLLING | {O.ACTIVATE: S.MFA_ENROLL}),
        Way(
            activating_push,
            _ENROLLING
            | {O.ACTIVATE: S.MFA_ENROLL_ACTIVATE, O.SEND_ACTIVATION: S.MFA_ENROLL_ACTIVATE},
        ),
    ),
    S.MFA_REQUIRED: (
        Way(having_a_phone, {O.VERIFY: S.MFA_CHALLENGE}),
        Way(having_an_authenticator, {O.VERIFY: S.SUCCESS}),
        Way(having_an_authenticator_and_an_expired_password, {O.VERIFY: S.PASSWORD_EXPIRED}),
        Way(stepping_up, {O.VERIFY: S.SUCCESS}),
    ),
    S.MFA_CHALLENGE: (
        Way(challenged_by_phone, _FACTOR_CHALLENGED | {O.VERIFY: S.SUCCESS}),
        Way(
            challenged_first,
            _FACTOR_CHALLENGED | {O.VERIFY: S.MFA_REQUIRED, O.PREVIOUS: S.UNAUTHENTICATED},
        ),
        Way(challenged_by_push, _FACTOR_CHALLENGED | {O.VERIFY: S.MFA_CHALLENGE}),
    ),
    S.CONSENT_REQUIRED: (Way(consenting, {O.CONSENT: S.SUCCESS}),),
    S.SUCCESS: (Way(stepped_up),),
}
WAYS = tuple((status, way) for status, ways in REACHING.items() for way in ways)
