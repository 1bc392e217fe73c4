"""Bodies of `/api/v1/authn`: every status as Okta shows it (facts/classic C.2)."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from mock_okta.authn import bodies as embedded
from mock_okta.authn.factor_views import VIEWS, SetUp, factor_body
from mock_okta.authn.links import links_of
from mock_okta.authn.operations import PATHS, Operation, post
from mock_okta.clock import wire_instant
from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey, PushAnswer
from mock_okta.model.progress import RecoveryToken, RecoveryType
from mock_okta.model.sessions import SessionToken
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.factors import FactorKind, Factors, password_of
from mock_okta.services.sign_in.next_step import Requirements, Situation

__all__ = ["Responses"]

_PASSWORDS = (Status.PASSWORD_WARN, Status.PASSWORD_EXPIRED, Status.PASSWORD_RESET)
_ONE_FACTOR = (Status.MFA_CHALLENGE, Status.MFA_ENROLL_ACTIVATE)
_OF_NOBODY = (Status.UNAUTHENTICATED, Status.RECOVERY_CHALLENGE)
"""Statuses before any proof: the body shows nothing about the user."""
_STEP_UP = "SESSION_STEP_UP"
_WITH_POLICY = (Status.MFA_REQUIRED, Status.MFA_CHALLENGE)


class Responses(Struct, frozen=True, kw_only=True):
    """Makes the body of each status; `operations`: returns what the table allows in a status."""

    requirements: Requirements
    factors: Factors
    operations: Callable[[Status], Iterable[Operation]]
    url: str

    async def standing(self, transaction: Transaction, user: User | None) -> dict[str, Any]:
        """Return the body of a transaction that is not over; `user`: None if no user is known."""
        known = None if transaction.status in _OF_NOBODY else user
        situation = None if known is None else await self.requirements.situation(transaction, known)
        factor = None if known is None else embedded.factor_of(transaction, known)
        kind = None if factor is None else self.factors.kind(factor.key)
        body: dict[str, Any] = {
            "stateToken": transaction.handle,
            "expiresAt": wire_instant(transaction.expires_at),
            "status": transaction.status,
            **_facts(transaction, kind),
        }
        if situation is not None:
            body["_embedded"] = await self._embedded(transaction, situation, factor, kind)
        elif transaction.status is Status.UNAUTHENTICATED:
            body["_embedded"] = self._to_begin_with(transaction, user)
        if transaction.target_name is not None:
            body.setdefault("_embedded", {})["target"] = embedded.target(transaction)
        if transaction.request is not None:
            body["_embedded"]["authentication"] = embedded.authentication(transaction.request)
        operations = self.operations(transaction.status)
        body["_links"] = links_of(transaction, operations, situation, kind, self.url)
        return body

    def success(
        self, value: str, token: SessionToken, user: User, transaction: Transaction
    ) -> dict[str, Any]:
        """Return the body of SUCCESS, keys in the documented order."""
        relay_state = transaction.relay_state
        return {
            "expiresAt": wire_instant(token.expires_at),
            "status": Status.SUCCESS,
            **({} if relay_state is None else {"relayState": relay_state}),
            "sessionToken": value,
            "_embedded": {"user": embedded.user(user)},
        }

    def locked_out(self) -> dict[str, Any]:
        """Return the body for a locked-out user, if the policy shows lock-outs; it has no token."""
        link = post(f"{self.url}/api/v1/authn/recovery/unlock", "unlock")
        return {"status": Status.LOCKED_OUT, "_embedded": {}, "_links": {"next": link}}

    def unlocked(self, user: User, transaction: Transaction) -> dict[str, Any]:
        """Return the body for a user who unlocked their account, and has to sign in now.

        Deviation: a sample of the widget has a session token here. The widget does not use it, and
        the user has not proved the password.
        """
        relay_state = transaction.relay_state
        return {
            "status": Status.SUCCESS,
            "recoveryType": transaction.recovery_type,
            **({} if relay_state is None else {"relayState": relay_state}),
            "_embedded": {"user": embedded.user(user)},
        }

    def emailed(self, recovery_type: RecoveryType, relay_state: str | None) -> dict[str, Any]:
        """Return the body for a recovery that goes on by e-mail: no state token, no links."""
        return {
            "status": Status.RECOVERY_CHALLENGE,
            "factorResult": "WAITING",
            "factorType": "EMAIL",
            "recoveryType": recovery_type,
            **({} if relay_state is None else {"relayState": relay_state}),
        }

    def handed_over(self, value: str, token: RecoveryToken, user: User) -> dict[str, Any]:
        """Return the body for a trusted caller, who passes the recovery token on to the user."""
        next_link = post(f"{self.url}/api/v1/authn/recovery/token", "recovery")
        cancel = post(f"{self.url}{PATHS[Operation.CANCEL]}")
        return {
            "expiresAt": wire_instant(token.ends_at),
            "status": Status.RECOVERY,
            **({} if token.relay_state is None else {"relayState": token.relay_state}),
            "recoveryToken": value,
            "recoveryType": token.recovery_type,
            "_embedded": {"user": embedded.user(user)},
            "_links": {"next": next_link, "cancel": cancel},
        }

    async def _embedded(
        self,
        transaction: Transaction,
        situation: Situation,
        factor: Factor | None,
        kind: FactorKind | None,
    ) -> dict[str, Any]:
        user = situation.user
        shown: dict[str, Any] = {} if transaction.is_anonymous else {"user": embedded.user(user)}
        status = transaction.status
        if status is Status.RECOVERY and user.recovery_question is not None:
            question = {"question": user.recovery_question.question}
            shown["user"]["recovery_question"] = question
        elif status in _PASSWORDS:
            shown["policy"] = embedded.password_policy(situation)
        elif status is Status.MFA_REQUIRED:
            shown["factors"] = self._verifiable(self.factors.to_prove(user, transaction.amr))
        elif status is Status.MFA_ENROLL:
            shown["factors"] = self._enrollable(situation)
        elif status in _ONE_FACTOR and factor is not None and kind is not None:
            shown["factor"] = await self._factor(transaction, user, factor, kind)
        elif transaction.consent is not None and status is Status.CONSENT_REQUIRED:
            shown["scopes"] = embedded.scopes(transaction.consent)
        if status in _WITH_POLICY:
            is_first = transaction.is_anonymous
            shown["policy"] = embedded.factor_policy(None if is_first else situation)
        return shown

    def _to_begin_with(self, transaction: Transaction, user: User | None) -> dict[str, Any]:
        """List the factors to begin with; `user`: None if only the password is offered.

        As in the widget's sample `PASSWORDLESS_UNAUTHENTICATED`. The profiles of Okta Verify are
        empty until something is proved (Okta's documentation of 2026).
        """
        if transaction.login is None:
            return {}
        alone = (password_of(transaction.login),)
        listed = self._verifiable(alone if user is None else self.factors.to_prove(user, ()))
        return {
            "factors": [embedded.without_device(each) for each in listed],
            "policy": embedded.factor_policy(None),
        }

    def _verifiable(self, factors: Iterable[Factor]) -> list[dict[str, Any]]:
        """List the factors to prove, the last used first: the widget shows that one."""
        shown = []
        for factor in factors:
            verify = PATHS[Operation.VERIFY].replace("{factor_id}", factor.id)
            body = factor_body(factor)
            shown.append({**body, "_links": {"verify": post(self.url + verify)}})
        return shown

    def _enrollable(self, situation: Situation) -> list[dict[str, Any]]:
        has = {factor.key: factor for factor in situation.user.factors}
        policy = situation.enrollment
        return [
            self._offer(situation.user, key, has.get(key), is_required=key in policy.required)
            for key in (*policy.required, *policy.optional)
        ]

    def _offer(
        self, user: User, key: FactorKey, enrolled: Factor | None, *, is_required: bool
    ) -> dict[str, Any]:
        view = VIEWS[key]
        more: dict[str, Any] = {}
        if enrolled is None:
            more["_links"] = self._enrolling_links(user, key)
        more["status"] = "NOT_SETUP" if enrolled is None else enrolled.status
        more["enrollment"] = "REQUIRED" if is_required else "OPTIONAL"
        if enrolled is None and key in _KNOWN_ALREADY:
            more["_embedded"] = {_KNOWN_ALREADY[key]: []}
        return {
            "factorType": view.type,
            "provider": view.provider,
            "vendorName": view.vendor_name,
            **more,
        }

    def _enrolling_links(self, user: User, key: FactorKey) -> dict[str, Any]:
        enroll = {"enroll": post(self.url + PATHS[Operation.ENROLL])}
        if key is not FactorKey.QUESTION:
            return enroll
        href = f"{self.url}/api/v1/users/{user.id}/factors/questions"
        return {"questions": {"href": href, "hints": {"allow": ["GET"]}}, **enroll}

    async def _factor(
        self, transaction: Transaction, user: User, factor: Factor, kind: FactorKind
    ) -> dict[str, Any]:
        """Show the factor that is challenged or enrolled, with the data that its device needs."""
        body = factor_body(factor)
        if transaction.is_anonymous:
            body = embedded.without_device(body)
        view = VIEWS[factor.key]
        if transaction.status is Status.MFA_CHALLENGE:
            number = await _number_to_pick(transaction, kind)
            challenge = view.challenge(transaction.challenge, number)
            inner = {} if challenge is None else {"challenge": challenge}
        else:
            set_up = SetUp(
                user=user,
                factor=factor,
                enrolment=kind.enrolment(user, factor, transaction.challenge),
                challenge=transaction.challenge,
                answer=transaction.answer,
                url=self.url,
            )
            activation = view.activation(set_up)
            inner = {} if activation is None else {"activation": activation}
        return {**body, **({"_embedded": inner} if inner else {})}


_KNOWN_ALREADY = {FactorKey.SMS: "phones", FactorKey.CALL: "phones", FactorKey.EMAIL: "emails"}
"""Where an offer lists phones or addresses that the org knows already: none here."""


def _facts(transaction: Transaction, kind: FactorKind | None) -> dict[str, Any]:
    """Return the members besides the status: the purpose of the transaction, and its progress."""
    is_challenge = transaction.status is Status.RECOVERY_CHALLENGE
    given = {
        "type": _STEP_UP if transaction.is_step_up else None,
        "recoveryType": transaction.recovery_type,
        "factorType": transaction.recovery_factor if is_challenge else None,
        "relayState": transaction.relay_state,
        "factorResult": _factor_result(transaction, kind),
    }
    return {name: value for name, value in given.items() if value is not None}


async def _number_to_pick(transaction: Transaction, kind: FactorKind) -> int | None:
    """Return the number to pick, from the first poll on: the device has been asked by then."""
    if transaction.challenge is None or transaction.answer is not PushAnswer.WAITING:
        return None
    return await kind.number_to_pick(transaction.challenge)


def _factor_result(transaction: Transaction, kind: FactorKind | None) -> str | None:
    if transaction.status not in _ONE_FACTOR or kind is None:
        return None
    if kind.polls:
        return transaction.answer or "WAITING"
    is_sent = transaction.status is Status.MFA_CHALLENGE and kind.is_sent
    return "CHALLENGE" if is_sent else None
