"""`POST /_mock/users/{user}/lifecycle/{verb}`: what an administrator does to a user."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation
from mock_okta.services.directory.lookup import user_named
from mock_okta.services.users.lifecycle import Lifecycle, Verb, WrongStatus
from mock_okta.storage import Storage
from mock_okta.web.errors import ApiError, NotFound

__all__ = ["LifecycleResource"]

_SUMMARIES = {
    Verb.ACTIVATE: "Activate a user who is STAGED or DEPROVISIONED; without a password they are "
    "PROVISIONED and e-mailed a link.",
    Verb.REACTIVATE: "E-mail a PROVISIONED user another link.",
    Verb.DEACTIVATE: "Make a user DEPROVISIONED; sessions and tokens end.",
    Verb.SUSPEND: "Suspend an ACTIVE user; sessions and tokens end.",
    Verb.UNSUSPEND: "Make a SUSPENDED user ACTIVE.",
    Verb.UNLOCK: "Let a LOCKED_OUT user in again.",
    Verb.EXPIRE_PASSWORD: "Have the user change the password at the next sign-in.",
    Verb.RESET_PASSWORD: "Take the user's password and e-mail them a link to set another.",
}


class NotInThisStatus(ApiError):
    """The verb is not for users in that status; the cause says for whom it is."""

    status = 403
    code = "E0000038"
    summary = "This operation is not allowed in the user's current status."


class LifecycleResource(Struct, frozen=True, kw_only=True):
    """Changes users' statuses, by Okta's own verbs."""

    storage: Storage
    lifecycle: Lifecycle

    def operations(self) -> tuple[Operation, ...]:
        """Serve one path for each verb."""
        return tuple(self._operation(verb) for verb in Verb)

    def _operation(self, verb: Verb) -> Operation:
        async def handler(request: web.Request) -> schema.ChangedUser:
            return await self._apply(verb, request.match_info["user"])

        return Operation(
            method="POST",
            path=schema.Path.LIFECYCLE.replace("{verb}", verb),
            summary=_SUMMARIES[verb],
            handler=handler,
            answer=schema.ChangedUser,
        )

    async def _apply(self, verb: Verb, name: str) -> schema.ChangedUser:
        user = await user_named(self.storage, name)
        if user is None:
            raise NotFound(name, "User")
        try:
            user, link = await self.lifecycle.apply(verb, user)
        except WrongStatus as failure:
            raise NotInThisStatus(remark=str(failure), causes=(str(failure),)) from failure
        return schema.ChangedUser(id=user.id, login=user.login, status=user.status, link=link)
