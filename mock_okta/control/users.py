"""`/_mock/users/{user}/lifecycle/{verb}`, and users as queries of `/_mock` name them."""

from aiohttp import web
from msgspec import Struct

from mock_okta.control import schema
from mock_okta.control.operations import Operation
from mock_okta.control.paths import Path
from mock_okta.model.directory import User
from mock_okta.services.directory.lookup import user_named
from mock_okta.services.users.lifecycle import Lifecycle, Verb, WrongStatus
from mock_okta.storage import Storage
from mock_okta.web.errors import ApiError, NotFound

__all__ = ["SUMMARIES", "LifecycleResource", "NotInThisStatus", "user_or_none"]

SUMMARIES = {
    Verb.ACTIVATE: "Activate a user who is STAGED or DEPROVISIONED; without a password they are "
    "PROVISIONED and e-mailed a link.",
    Verb.REACTIVATE: "E-mail a PROVISIONED user another link.",
    Verb.DEACTIVATE: "Make a user DEPROVISIONED; sessions and tokens end.",
    Verb.SUSPEND: "Suspend an ACTIVE user; sessions and tokens end.",
    Verb.UNSUSPEND: "Make a SUSPENDED user ACTIVE.",
    Verb.LOCK: "Lock a user out, as too many wrong passwords do.",
    Verb.UNLOCK: "Let a LOCKED_OUT user in again.",
    Verb.EXPIRE_PASSWORD: "Require the user to change the password at the next sign-in.",
    Verb.RESET_PASSWORD: "Remove the user's password and e-mail them a link to set another.",
}


class NotInThisStatus(ApiError):
    """The verb does not apply to the user's status; the cause names the statuses it applies to."""

    status = 403
    code = "E0000038"
    summary = "This operation is not allowed in the user's current status."


class LifecycleResource(Struct, frozen=True, kw_only=True):
    """Changes users' statuses, by Okta's own verbs, and `lock`."""

    storage: Storage
    lifecycle: Lifecycle

    def operations(self) -> tuple[Operation, ...]:
        """Serve one path for each verb."""
        return tuple(self._operation(verb) for verb in Verb)

    def _operation(self, verb: Verb) -> Operation:
        async def handler(request: web.Request) -> schema.ChangedUser:
            user = await _user(self.storage, request.match_info["user"])
            try:
                user, link = await self.lifecycle.apply(verb, user)
            except WrongStatus as failure:
                raise NotInThisStatus(remark=str(failure), causes=(str(failure),)) from failure
            return schema.ChangedUser(id=user.id, login=user.login, status=user.status, link=link)

        path = Path.LIFECYCLE.replace("{verb}", verb)
        return Operation("POST", path, SUMMARIES[verb], handler, answer=schema.ChangedUser)


async def user_or_none(storage: Storage, name: str | None) -> User | None:
    """Return the user with that id or login, None if no name was given; raise NotFound."""
    return None if name is None else await _user(storage, name)


async def _user(storage: Storage, name: str) -> User:
    user = await user_named(storage, name)
    if user is None:
        raise NotFound(name, "User")
    return user
