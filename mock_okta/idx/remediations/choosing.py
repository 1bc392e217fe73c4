"""`select-authenticator-authenticate`, `authenticator-verification-data`: which one, and how."""

from collections.abc import Iterable

from mock_okta.idx.authenticators import GOOGLE, OKTA_VERIFY, PASSWORD, Method
from mock_okta.idx.challenges import Challenges
from mock_okta.idx.enrolled import Enrolled, auto_challenge
from mock_okta.idx.errors import NotOffered
from mock_okta.idx.ion import Ion, choice, field, option
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Call
from mock_okta.idx.scenes import Scene
from mock_okta.model.interactions import IdentityTransaction, Purpose, Screen

__all__ = ["AuthenticatorVerificationData", "SelectAuthenticatorAuthenticate"]

_SECURITY = {"required": True, "mutable": False}


def _methods_field(methods: tuple[Method, ...], *, required: bool) -> Ion:
    """Return the field that names the method, to choose among several."""
    if len(methods) == 1:
        return field("methodType", required=required, value=methods[0].type, mutable=False)
    options = [{"label": each.label, "value": each.type} for each in methods]
    return field("methodType", type="string", required=required, options=options)


def _fields(enrolled: Enrolled) -> Iterable[Ion]:
    """Return what an option posts: the authenticator, and which of several enrolments."""
    yield field("id", value=enrolled.authenticator.id, **_SECURITY)
    yield _methods_field(enrolled.methods, required=False)
    if len(enrolled.authenticator.methods) > 1 and enrolled.authenticator.key != OKTA_VERIFY:
        yield field("enrollmentId", value=enrolled.id, **_SECURITY)


class Choosing(Remediation, frozen=True, kw_only=True):
    """Begins a challenge of the authenticator that is chosen."""

    path = "challenge"

    challenges: Challenges

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        chosen = call.body.authenticator
        enrolled = next(
            (
                each
                for each in scene.enrolled
                if each.authenticator.id == chosen.id
                and chosen.enrollment_id in (None, each.id, *(f.id for f in each.factors.values()))
            ),
            None,
        )
        if enrolled is None or scene.user is None:
            raise NotOffered(f"no authenticator {chosen.id!r} to prove")
        if chosen.method_type is None:
            return await self.challenges.offer(scene.transaction, scene.user, enrolled)
        if chosen.method_type not in enrolled.factors:
            raise NotOffered(f"{enrolled.authenticator.key} has no method {chosen.method_type!r}")
        user, factor = scene.user, enrolled.factors[chosen.method_type]
        if factor is enrolled.push and chosen.auto_challenge is not None:
            user = await self.challenges.send_at_once(user, factor, wanted=chosen.auto_challenge)
        return await self.challenges.begin(scene.transaction, user, enrolled, chosen.method_type)


class SelectAuthenticatorAuthenticate(Choosing, frozen=True, kw_only=True):
    """Lists the authenticators that are enough; on a later screen it leads to another one.

    Where the method is asked, also the only authenticator is listed: okta-idx-golang knows no other
    way to have an e-mail sent. Google Authenticator is listed beside its own code: that SDK takes a
    code only where the list has it.
    """

    name = "select-authenticator-authenticate"

    def is_offered(self, scene: Scene) -> bool:
        is_google = scene.transaction.authenticator == GOOGLE
        if scene.screen in (Screen.CHOOSE_AUTHENTICATOR, Screen.CHOOSE_METHOD) or is_google:
            return True
        others = [each for each in scene.enrolled if each is not scene.current]
        methods = () if scene.current is None else scene.current.methods
        return bool(others) or (len(methods) > 1 and scene.transaction.authenticator == OKTA_VERIFY)

    def fields(self, scene: Scene) -> Iterable[Ion]:
        options = [
            option(
                each.authenticator.name,
                _fields(each),
                f"$.authenticatorEnrollments.value[{number}]",
            )
            for number, each in enumerate(scene.enrolled)
            if not (
                scene.transaction.purpose is not Purpose.SIGN_IN
                and each.authenticator.key == PASSWORD
            )
        ]
        yield choice("authenticator", options)


class AuthenticatorVerificationData(Choosing, frozen=True, kw_only=True):
    """Asks by which method, before anything is sent."""

    name = "authenticator-verification-data"

    def is_offered(self, scene: Scene) -> bool:
        return scene.current is not None

    def relates_to(self, scene: Scene) -> str | None:
        return None if scene.current is None else f"$.{scene.current.authenticator.stands_as}"

    def fields(self, scene: Scene) -> Iterable[Ion]:
        current = scene.current
        if current is None:
            return
        methods = current.methods
        options = [{"label": each.label, "value": each.type} for each in methods]
        posted = [
            field("id", value=current.authenticator.id, **_SECURITY),
            *(
                [field("enrollmentId", value=current.id, **_SECURITY)]
                if current.authenticator.key == "phone_number"
                else []
            ),
            # Options also where there is one: the third generation fails at a plain value.
            field("methodType", type="string", required=True, options=options),
            *([] if current.push is None else [auto_challenge(current.push)]),
        ]
        yield {
            "name": "authenticator",
            "label": current.authenticator.name,
            "form": {"value": posted},
        }
