"""`/_mock/push`: what Okta Verify on users' devices is asked, and the answers, in their place."""

from typing import Literal

from aiohttp import web
from msgspec import UNSET, Struct, UnsetType

from mock_okta.clock import wire_instant
from mock_okta.control.operations import Instant, Operation, body_as, query_as
from mock_okta.model.failures import NotWaiting
from mock_okta.model.pushes import PushAnswer, PushRequest
from mock_okta.services.directory.lookup import user_named
from mock_okta.services.factors.pushes import Pushes
from mock_okta.storage import Storage
from mock_okta.web.errors import NotFound, ValidationFailed

__all__ = ["PushResource"]


class WantedPushes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose requests: a login or an id; left out, everybody's."""

    user: str | None = None


class Push(Struct, frozen=True, kw_only=True):
    """What a device is asked: a sign-in to approve, or an enrolment (a QR code to scan).

    `number`: the one to pick on the device, where that is asked.
    """

    id: str
    user_id: str
    login: str
    factor_id: str
    purpose: Literal["sign-in", "enrollment"]
    answer: PushAnswer
    number: int | UnsetType = UNSET
    created_at: Instant
    expires_at: Instant


class Pushed(Struct, frozen=True, kw_only=True):
    """Requests, oldest first."""

    pushes: list[Push]


class DeviceAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the device says; a wrong `number` rejects, without one the right one is picked."""

    answer: Literal["approve", "deny"]
    number: int | None = None


class PushResource(Struct, frozen=True, kw_only=True):
    """Shows push requests, and answers them in the device's place."""

    storage: Storage
    pushes: Pushes

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/push and each request below it."""
        return (
            Operation(
                method="GET",
                path="/_mock/push",
                summary="Show what Okta Verify on users' devices was asked, oldest first.",
                handler=self.show,
                query=WantedPushes,
                answer=Pushed,
            ),
            Operation(
                method="POST",
                path="/_mock/push/{push_id}",
                summary="Approve or deny in the device's place; to approve an enrollment is to "
                "scan its QR code.",
                handler=self.answer,
                body=DeviceAnswer,
                answer=Push,
            ),
        )

    async def show(self, request: web.Request) -> Pushed:
        """Show all requests, or a user's."""
        wanted = query_as(request, WantedPushes)
        user_id = None
        if wanted.user is not None:
            user = await user_named(self.storage, wanted.user)
            if user is None:
                raise NotFound(wanted.user, "User")
            user_id = user.id
        return Pushed(pushes=[await self._shown(each) for each in await self.pushes.all(user_id)])

    async def answer(self, request: web.Request) -> Push:
        """Answer a request that waits."""
        push_id = request.match_info["push_id"]
        given = await body_as(request, DeviceAnswer)
        await self._allow(push_id, given)
        try:
            answered = await self.pushes.answer(
                push_id, approves=given.answer == "approve", number=given.number
            )
        except NotWaiting as failure:
            cause = f"answer: it waits no more, the push is {failure}"
            raise ValidationFailed("answer", cause) from failure
        if answered is None:
            raise NotFound(push_id, "Push")
        return await self._shown(answered)

    async def _allow(self, push_id: str, given: DeviceAnswer) -> None:
        request = await self.pushes.get(push_id)
        if (
            request is not None
            and request.is_enrollment
            and given != DeviceAnswer(answer="approve")
        ):
            cause = "answer: a QR code is scanned ('approve'), or else left alone"
            raise ValidationFailed("answer", cause)

    async def _shown(self, request: PushRequest) -> Push:
        user = await self.storage.users.get(request.user_id)
        return Push(
            id=request.id,
            user_id=request.user_id,
            login="" if user is None else user.login,
            factor_id=request.factor_id,
            purpose="enrollment" if request.is_enrollment else "sign-in",
            answer=request.answer,
            number=UNSET if request.number is None else request.number,
            created_at=wire_instant(request.created_at),
            expires_at=wire_instant(request.ends_at),
        )
