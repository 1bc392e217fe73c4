"""`/_mock/push`: push requests to Okta Verify on users' devices, and answers to them."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation, body_as, query_as
from mock_okta.control.paths import Path
from mock_okta.control.users import user_or_none
from mock_okta.model.factors import PushRequest
from mock_okta.model.failures import NotWaiting
from mock_okta.services.factors.pushes import Pushes
from mock_okta.storage import Storage
from mock_okta.web.errors import NotFound, ValidationFailed

__all__ = ["PushResource"]


class PushResource(Struct, frozen=True, kw_only=True):
    """Shows push requests, and answers them for the device."""

    storage: Storage
    pushes: Pushes

    def operations(self) -> tuple[Operation, ...]:
        """Serve /_mock/push and each request below it."""
        return (
            Operation(
                "GET",
                Path.PUSHES,
                "Show push requests to Okta Verify on users' devices, oldest first.",
                self._show,
                query=schema.OfUser,
                answer=schema.Pushes,
            ),
            Operation(
                "POST",
                Path.PUSH,
                "Approve or deny in the device's place; to approve an enrollment is to "
                "scan its QR code.",
                self._answer,
                body=schema.DeviceAnswer,
                answer=schema.Push,
            ),
        )

    async def _show(self, request: web.Request) -> schema.Pushes:
        user = await user_or_none(self.storage, query_as(request, schema.OfUser).user)
        found = await self.pushes.all(None if user is None else user.id)
        return schema.Pushes(pushes=tuple([await self._shown(each) for each in found]))

    async def _answer(self, request: web.Request) -> schema.Push:
        push_id = request.match_info["push_id"]
        given = await body_as(request, schema.DeviceAnswer)
        await self._allow(push_id, given)
        try:
            answered = await self.pushes.answer(
                push_id, approves=given.answer == "approve", number=given.number
            )
        except NotWaiting as failure:
            cause = f"answer: the push is no longer waiting, it is {failure}"
            raise ValidationFailed("answer", cause) from failure
        if answered is None:
            raise NotFound(push_id, "Push")
        return await self._shown(answered)

    async def _allow(self, push_id: str, given: schema.DeviceAnswer) -> None:
        request = await self.pushes.get(push_id)
        if (
            request is not None
            and request.is_enrollment
            and given != schema.DeviceAnswer(answer="approve")
        ):
            cause = "answer: the only answer to an enrollment is 'approve', which scans the QR code"
            raise ValidationFailed("answer", cause)

    async def _shown(self, request: PushRequest) -> schema.Push:
        user = await self.storage.users.get(request.user_id)
        return schema.Push(
            id=request.id,
            user_id=request.user_id,
            login="" if user is None else user.login,
            factor_id=request.factor_id,
            purpose="enrollment" if request.is_enrollment else "sign-in",
            answer=request.answer,
            number=request.number,
            created_at=request.created_at,
            expires_at=request.ends_at,
        )
