"""Removing by id what a seed made: `DELETE /_mock/users/{user}` and its kin."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiohttp import web
from msgspec import Struct

from mock_okta.control.operations import Operation
from mock_okta.control.schema import Path
from mock_okta.services.seeding.removal import Removals
from mock_okta.storage import Collection, Storage
from mock_okta.web.errors import NotFound

__all__ = ["RemovalResource"]

T = TypeVar("T")
_Removal = Callable[[str], Awaitable[bool]]


class RemovalResource(Struct, frozen=True, kw_only=True):
    """Removes one thing, and what depended on it; 404 if it is not there."""

    removals: Removals
    storage: Storage

    def operations(self) -> tuple[Operation, ...]:
        """Serve DELETE below /_mock, one path for each kind."""
        return (*self._with_dependents(), *self._alone())

    def _with_dependents(self) -> tuple[Operation, ...]:
        return (
            _operation(
                Path.USER,
                "User",
                self.removals.remove_user,
                "Remove a user, by id or login, with all sessions, tokens and codes.",
            ),
            _operation(
                Path.CLIENT,
                "AppInstance",
                self.removals.remove_client,
                "Remove a client, with all its tokens and codes.",
            ),
            _operation(
                Path.AUTHORIZATION_SERVER,
                "AuthorizationServer",
                self.removals.remove_authorization_server,
                "Remove a custom authorization server, with its refresh tokens and codes.",
            ),
            _operation(
                Path.AUTHENTICATION_POLICY,
                "Policy",
                self.removals.remove_authentication_policy,
                "Remove an authentication policy; its apps have the default one then.",
            ),
        )

    def _alone(self) -> tuple[Operation, ...]:
        """Return the removal of what nothing depends on, each by its key in the seed."""
        kept = self.storage
        return (
            _operation(
                Path.TRUSTED_ORIGIN,
                "TrustedOrigin",
                _taking(kept.trusted_origins),
                "Trust an origin no more.",
            ),
            _operation(
                Path.API_TOKEN,
                "ApiToken",
                _taking(kept.api_tokens),
                "Take an API token no more.",
            ),
            _operation(
                Path.RATE_LIMIT,
                "RateLimit",
                _taking(kept.rate_limits),
                "Enforce a rate limit no more; the path is written with its first slash.",
            ),
            _operation(
                Path.PASSWORD_POLICY,
                "Policy",
                _taking_named(kept.password_policies),
                "Remove a password policy.",
            ),
            _operation(
                Path.SIGN_ON_POLICY,
                "Policy",
                _taking_named(kept.sign_on_policies),
                "Remove a sign-on policy.",
            ),
            _operation(
                Path.ENROLLMENT_POLICY,
                "Policy",
                _taking_named(kept.enrollment_policies),
                "Remove an enrollment policy.",
            ),
        )


def _taking(collection: Collection[T]) -> _Removal:
    async def take(key: str) -> bool:
        return await collection.take(key) is not None

    return take


def _taking_named(collection: Collection[Any]) -> _Removal:
    async def take(name: str) -> bool:
        found = await collection.one_by("name", name)
        return found is not None and await collection.take(found.id) is not None

    return take


def _operation(path: Path, kind: str, remove: _Removal, summary: str) -> Operation:
    async def handler(request: web.Request) -> None:
        (name,) = request.match_info.values()
        if not await remove(name):
            raise NotFound(name, kind)

    return Operation(method="DELETE", path=path, summary=summary, handler=handler)
