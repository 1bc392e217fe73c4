"""Choosing what to enrol, and how to reach it: `credential/enroll`, `challenge/send`."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Literal

from mock_okta.idx.authenticators import (
    OKTA_VERIFY,
    PASSWORD,
    PHONE,
    QUESTION,
    Authenticator,
    Method,
)
from mock_okta.idx.enrolments import Enrolments
from mock_okta.idx.errors import NotOffered
from mock_okta.idx.ion import Ion, choice, field, option
from mock_okta.idx.remediations.remediation import Place, Remediation
from mock_okta.idx.requests import AuthenticatorGiven, Call
from mock_okta.idx.scenes import Scene
from mock_okta.model.directory import User
from mock_okta.model.failures import Unsuitable
from mock_okta.model.interactions import IdentityTransaction, Screen
from mock_okta.services.directory.outbox import Outbox
from mock_okta.services.factors.phones import is_phone_number, plain_phone_number

__all__ = [
    "AuthenticatorEnrollmentData",
    "Enrolling",
    "EnrollmentChannelData",
    "ResendEnrolment",
    "SelectAuthenticatorEnroll",
    "SelectEnrollmentChannel",
]

_QR_CODE = "qrcode"
_CHANNELS = (
    {"label": "QRCODE", "value": _QR_CODE},
    {"label": "EMAIL", "value": "email"},
    {"label": "SMS", "value": "sms"},
)
_LEFT_BLANK = "The field cannot be left blank"
_ID = {"required": True, "mutable": False}


def _options(methods: Iterable[Method]) -> list[Ion]:
    return [{"label": each.label, "value": each.type} for each in methods]


class Enrolling(Remediation, frozen=True, kw_only=True):
    """A form of an enrolment; it is refused while a proof is due.

    Who has to prove something first, and has what proves it by now, is led there instead; so is
    a user who may enrol nothing any more.
    """

    enrolments: Enrolments

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        transaction, user = scene.transaction, scene.user
        if user is None:
            raise NotOffered("nobody is known who could enrol something")
        settling = self.enrolments.settling
        if self.is_over(scene):
            return await settling.settle(transaction, user, draft={})
        if not scene.registers_with and not await settling.may_enroll(transaction, user):
            return await settling.settle(transaction, user, draft={})
        return await self.go_on(scene, user, call)

    def is_over(self, scene: Scene) -> bool:
        """Return whether what is being enrolled may not be any more: the user has it by now."""
        return scene.enrolling not in scene.enrollable

    @abstractmethod
    async def go_on(self, scene: Scene, user: User, call: Call) -> IdentityTransaction:
        """Take the form of a user who may enrol."""


class Choosing(Enrolling, frozen=True, kw_only=True):
    """Begins to enrol the chosen authenticator, or asks first how to reach it."""

    path = "credential/enroll"

    def is_over(self, scene: Scene) -> bool:
        return not scene.enrollable

    async def go_on(self, scene: Scene, user: User, call: Call) -> IdentityTransaction:
        chosen, transaction = call.body.authenticator, scene.transaction
        authenticator = next((each for each in scene.enrollable if each.id == chosen.id), None)
        if authenticator is None:
            raise NotOffered(f"no authenticator {chosen.id!r} to enrol")
        match authenticator.key:
            case key if key == PHONE:
                return await self._phone(scene, user, authenticator, call)
            case key if key == OKTA_VERIFY:
                return await self._okta_verify(scene, user, authenticator, call)
            case key if key in (PASSWORD, QUESTION):
                (method,) = authenticator.methods
                return await self.enrolments.answer(transaction, key, method.type)
            case key:
                (method,) = authenticator.methods
                return await self.enrolments.begin(transaction, user, key, method, call.given)

    async def _phone(
        self, scene: Scene, user: User, authenticator: Authenticator, call: Call
    ) -> IdentityTransaction:
        """Ask for the number first, unless the list's own field for it was filled in."""
        chosen = call.body.authenticator
        if not chosen.phone_number:
            if _is_filled_in(scene, chosen):
                raise Unsuitable("phone_number", _LEFT_BLANK)
            return await self.enrolments.ask(scene.transaction, PHONE)
        method = authenticator.method(chosen.method_type)
        if method is None:
            raise Unsuitable("method_type", _LEFT_BLANK)
        return await self.enrolments.begin(scene.transaction, user, PHONE, method, call.given)

    async def _okta_verify(
        self, scene: Scene, user: User, authenticator: Authenticator, call: Call
    ) -> IdentityTransaction:
        """Show the QR code, or ask where the link is to go that stands in for it."""
        channel = call.body.authenticator.channel or _QR_CODE
        if channel not in [each["value"] for each in _CHANNELS]:
            raise NotOffered(f"no channel {channel!r}")
        if channel != _QR_CODE:
            draft = {"channel": channel}
            return await self.enrolments.ask(scene.transaction, OKTA_VERIFY, draft=draft)
        push = authenticator.methods[0]
        return await self.enrolments.begin(scene.transaction, user, OKTA_VERIFY, push, call.given)


def _is_filled_in(scene: Scene, chosen: AuthenticatorGiven) -> bool:
    """The form for the number was posted, not the list: it has the method that the list lacks."""
    is_asked = scene.screen is Screen.ENROLMENT_DATA and scene.transaction.authenticator == PHONE
    return is_asked and chosen.method_type is not None


class SelectAuthenticatorEnroll(Choosing, frozen=True, kw_only=True):
    """Lists what may be enrolled; on a later screen it is the way to another one."""

    name = "select-authenticator-enroll"

    def is_offered(self, scene: Scene) -> bool:
        return bool(scene.enrollable)

    def fields(self, scene: Scene) -> Iterable[Ion]:
        options = [
            option(each.name, _fields(each), f"$.authenticators.value[{number}]")
            for number, each in enumerate(scene.enrollable)
        ]
        yield choice("authenticator", options)


def _fields(authenticator: Authenticator) -> Iterable[Ion]:
    yield field("id", value=authenticator.id, **_ID)
    methods = authenticator.methods
    if authenticator.key == OKTA_VERIFY:
        yield field("channel", type="string", required=False, options=list(_CHANNELS))
    elif authenticator.key == PHONE:
        yield field("methodType", type="string", required=False, options=_options(methods))
        yield field("phoneNumber", label="Phone number", required=False)
    else:
        yield field("methodType", required=False, value=methods[0].type, mutable=False)


class AuthenticatorEnrollmentData(Choosing, frozen=True, kw_only=True):
    """Asks for a phone's number, and for the method that proves it."""

    name = "authenticator-enrollment-data"

    def is_offered(self, scene: Scene) -> bool:
        return scene.transaction.authenticator == PHONE and scene.enrolling is not None

    def relates_to(self, scene: Scene) -> str | None:
        return "$.currentAuthenticator"

    def fields(self, scene: Scene) -> Iterable[Ion]:
        phone = scene.enrolling
        if phone is None:
            return
        methods = _options(phone.methods)
        fields = [
            field("id", value=phone.id, **_ID),
            field("methodType", type="string", required=True, options=methods),
            field("phoneNumber", label="Phone number", type="string", required=True),
        ]
        yield {"name": "authenticator", "label": phone.name, "form": {"value": fields}}


class SelectEnrollmentChannel(Choosing, frozen=True, kw_only=True):
    """Offers the ways to bring Okta Verify what the QR code says."""

    name = "select-enrollment-channel"

    def is_offered(self, scene: Scene) -> bool:
        return scene.transaction.authenticator == OKTA_VERIFY and scene.enrolling is not None

    def fields(self, scene: Scene) -> Iterable[Ion]:
        if scene.enrolling is None:
            return
        fields = [
            field("id", value=scene.enrolling.id, visible=False, **_ID),
            field("channel", required=True, options=list(_CHANNELS)),
        ]
        yield {
            "name": "authenticator",
            "type": "object",
            "label": scene.enrolling.name,
            "value": {"form": {"value": fields}},
        }


class EnrollmentChannelData(Enrolling, frozen=True, kw_only=True):
    """Asks where the link is to go that sets Okta Verify up, and sends it."""

    name = "enrollment-channel-data"
    path = "challenge/send"

    outbox: Outbox

    def is_offered(self, scene: Scene) -> bool:
        return scene.transaction.authenticator == OKTA_VERIFY and scene.enrolling is not None

    def relates_to(self, scene: Scene) -> str | None:
        return "$.currentAuthenticator"

    def fields(self, scene: Scene) -> Iterable[Ion]:
        if scene.transaction.draft.get("channel") == "sms":
            yield field("phoneNumber", label="Phone number", required=True, visible=True)
        else:
            yield field("email", label="Email", required=True, visible=True)

    async def go_on(self, scene: Scene, user: User, call: Call) -> IdentityTransaction:
        if scene.enrolling is None:
            raise NotOffered("Okta Verify is not being enrolled")
        draft = _sent_to(scene, call)
        push = scene.enrolling.methods[0]
        moved = await self.enrolments.begin(
            scene.transaction, user, OKTA_VERIFY, push, call.given, draft=draft
        )
        await send_link(self.enrolments, self.outbox, moved, user)
        return moved


def _sent_to(scene: Scene, call: Call) -> dict[str, str]:
    """Return the channel and the address; raise Unsuitable for what cannot be one."""
    if scene.transaction.draft.get("channel") == "sms":
        number = plain_phone_number(call.body.phone_number or "")
        if not is_phone_number(number):
            raise Unsuitable("link_phone_number", "Invalid Phone Number.")
        return {"channel": "sms", "phoneNumber": number}
    email = (call.body.email or "").strip()
    if "@" not in email[1:-1]:
        raise Unsuitable("link_email", "Provided email is invalid.")
    return {"channel": "email", "email": email}


async def send_link(
    enrolments: Enrolments, outbox: Outbox, transaction: IdentityTransaction, user: User
) -> None:
    """Send the device what the QR code says."""
    factor, draft = transaction.enrolling, transaction.draft
    if factor is None:
        raise NotOffered("Okta Verify is not being enrolled")
    kind = enrolments.factors.kind(factor.key)
    link = str(kind.enrolment(user, factor, transaction.challenge).uri)
    channel: Literal["email", "sms"] = "sms" if draft["channel"] == "sms" else "email"
    to = draft["phoneNumber" if channel == "sms" else "email"]
    text = f"Open this on your device to set up Okta Verify: {link}"
    await outbox.send_link(channel, to, "okta-verify-activation", text, link)


class ResendEnrolment(Enrolling, frozen=True, kw_only=True):
    """Sends the passcode once more, or the link that sets Okta Verify up."""

    name = "resend"
    path = "challenge/resend"
    place = Place.CURRENT

    outbox: Outbox

    def is_offered(self, scene: Scene) -> bool:
        if scene.enrolling is None or scene.transaction.enrolling is None:
            return False
        is_sent = self.enrolments.factors.kind(scene.transaction.enrolling.key).is_sent
        shows_code = scene.enrolling.key == OKTA_VERIFY and not scene.transaction.draft
        return is_sent and not shows_code

    def fields(self, scene: Scene) -> Iterable[Ion]:
        draft = scene.transaction.draft
        for name, member in (("email", "email"), ("phone", "phoneNumber")):
            if member in draft:
                yield field(name, required=True, value=draft[member], visible=False, mutable=False)

    async def go_on(self, scene: Scene, user: User, call: Call) -> IdentityTransaction:
        factor = scene.transaction.enrolling
        if factor is None:
            raise NotOffered("nothing was sent")
        if scene.transaction.draft:
            moved = await self.enrolments.settling.transactions.advance(scene.transaction)
            await send_link(self.enrolments, self.outbox, moved, user)
            return moved
        return await self.enrolments.ask_again(scene.transaction, user, factor)
