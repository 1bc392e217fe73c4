"""`enroll-authenticator`, `enroll-poll`: the proof that what is being enrolled works."""

from collections.abc import Iterable

from mock_okta.idx.authenticators import OKTA_VERIFY, PASSWORD, QUESTION, WEBAUTHN
from mock_okta.idx.errors import NotOffered
from mock_okta.idx.ion import Ion, field, nested
from mock_okta.idx.remediations.enrolling import Enrolling
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.model.directory import User
from mock_okta.model.factors import OVER, FactorKey, PushAnswer
from mock_okta.model.failures import Unanswered
from mock_okta.model.interactions import IdentityTransaction
from mock_okta.services.factors.question import CUSTOM, QUESTIONS

__all__ = ["EnrollAuthenticator", "EnrollPoll"]

_REFRESH = 4000
"""Milliseconds between two polls, as the widget's samples have them."""


class EnrollAuthenticator(Enrolling, frozen=True, kw_only=True):
    """Takes a password, a passcode, an answer or a credential."""

    name = "enroll-authenticator"
    path = "challenge/answer"

    def is_offered(self, scene: Scene) -> bool:
        return scene.enrolling is not None and scene.enrolling.key != OKTA_VERIFY

    def relates_to(self, scene: Scene) -> str | None:
        return "$.currentAuthenticator"

    def fields(self, scene: Scene) -> Iterable[Ion]:
        if scene.transaction.authenticator == QUESTION:
            yield _questions()
        else:
            yield nested("credentials", _asked(scene), required=True)

    async def go_on(self, scene: Scene, user: User, call: Call) -> IdentityTransaction:
        transaction, enrolments = scene.transaction, self.enrolments
        if transaction.authenticator == PASSWORD:
            return await enrolments.set_password(transaction, user, call.given.pass_code)
        if transaction.authenticator == QUESTION:
            factor = await enrolments.factors.kind(FactorKey.QUESTION).enroll(user, call.given)
            return await enrolments.add(transaction, user, factor)
        pending = transaction.enrolling
        if pending is None:
            raise NotOffered("nothing is being enrolled")
        kind = enrolments.factors.kind(pending.key)
        factor = await kind.activate(user, pending, transaction.challenge, call.given)
        verifies_user = await kind.verifies_user(call.given, is_enrolment=True)
        return await enrolments.add(transaction, user, factor, verifies_user=verifies_user)


def _asked(scene: Scene) -> Iterable[Ion]:
    match scene.transaction.authenticator:
        case key if key == PASSWORD:
            yield field("passcode", label="Enter password", secret=True)
        case key if key == WEBAUTHN:
            for name, label in (
                ("clientData", "Client Data"),
                ("attestation", "Attestation"),
                ("transports", "Transports"),
                ("clientExtensions", "clientExtensions"),
            ):
                yield field(name, label=label, required=True, visible=False, hint="webauthn")
        case _:
            yield field("passcode", label="Enter code", required=True)


def _questions() -> Ion:
    """Return both forms: one of Okta's questions, or one's own."""
    listed = [{"label": text, "value": key} for key, text in QUESTIONS.items()]
    chosen = "Choose a security question"
    forms = {
        chosen: [
            field("questionKey", type="string", required=True, label=chosen, options=listed),
            field("answer", label="Answer", required=True, secret=True),
        ],
        "Create my own security question": [
            field("questionKey", required=True, value=CUSTOM, mutable=False),
            field("question", label="Create a security question", required=True),
            field("answer", label="Answer", required=True, secret=True),
        ],
    }
    options = [
        {"label": label, "value": {"form": {"value": fields}}} for label, fields in forms.items()
    ]
    return {"name": "credentials", "type": "object", "required": True, "options": options}


class EnrollPoll(Enrolling, frozen=True, kw_only=True):
    """Asks whether the device has set Okta Verify up.

    Unverified: a code or link that is too old, or that the device declined, gives way to a new one;
    where a link was sent, its address is asked again.
    """

    name = "enroll-poll"
    path = "challenge/poll"

    def is_offered(self, scene: Scene) -> bool:
        return scene.enrolling is not None and scene.enrolling.key == OKTA_VERIFY

    def relates_to(self, scene: Scene) -> str | None:
        return "$.currentAuthenticator"

    def members(self, scene: Scene) -> Ion:
        return {"refresh": _REFRESH}

    async def go_on(self, scene: Scene, user: User, call: Call) -> IdentityTransaction:
        transaction, enrolments = scene.transaction, self.enrolments
        factor = transaction.enrolling
        if factor is None:
            raise NotOffered("Okta Verify is not being enrolled")
        kind = enrolments.factors.kind(factor.key)
        try:
            proved = await kind.activate(user, factor, transaction.challenge, call.given)
        except Unanswered as waiting:
            if PushAnswer(waiting.answer) not in OVER:
                return transaction
            channel = transaction.draft.get("channel")
            if channel is not None:
                draft = {"channel": channel}
                return await enrolments.ask(transaction, OKTA_VERIFY, draft=draft)
            return await enrolments.ask_again(transaction, user, factor)
        if any(each.key is proved.key for each in user.factors):  # they lack its code alone
            (proved,) = kind.comes_with(user)
        return await enrolments.add(transaction, user, proved)
