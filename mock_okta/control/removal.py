"""Removing by name what a seed made: `DELETE /_mock/users/{user}` and more."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.control.operations import Operation
from mock_okta.control.paths import Path
from mock_okta.services.seeding.removal import Removals
from mock_okta.storage import Collection, Storage
from mock_okta.web.errors import NotFound

__all__ = ["RemovalResource"]


class RemovalResource(Struct, frozen=True, kw_only=True):
    """Removes one thing, and what depends on it; 404 if it is not there."""

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
                "Remove a user, by id or login, with all sessions, tokens and codes.",
                self.removals.remove_user,
            ),
            _operation(
                Path.CLIENT,
                "AppInstance",
                "Remove a client, with all its tokens and codes.",
                self.removals.remove_client,
            ),
            _operation(
                Path.AUTHORIZATION_SERVER,
                "AuthorizationServer",
                "Remove a custom authorization server, with its refresh tokens and codes.",
                self.removals.remove_authorization_server,
            ),
            _operation(
                Path.AUTHENTICATION_POLICY,
                "Policy",
                "Remove an authentication policy; its apps then have the default one.",
                self.removals.remove_authentication_policy,
            ),
        )

    def _alone(self) -> tuple[Operation, ...]:
        """Return the removal of what nothing depends on, each by its key in the seed."""
        kept = self.storage
        limit = "Remove a rate limit; its path is given with the first slash."
        return (
            _by_key(
                Path.TRUSTED_ORIGIN,
                "TrustedOrigin",
                "Remove a trusted origin.",
                kept.trusted_origins,
            ),
            _by_key(Path.API_TOKEN, "ApiToken", "Remove an API token.", kept.api_tokens),
            _by_key(Path.RATE_LIMIT, "RateLimit", limit, kept.rate_limits),
            _by_name(Path.PASSWORD_POLICY, "Remove a password policy.", kept.password_policies),
            _by_name(Path.SIGN_ON_POLICY, "Remove a sign-on policy.", kept.sign_on_policies),
            _by_name(
                Path.ENROLLMENT_POLICY, "Remove an enrollment policy.", kept.enrollment_policies
            ),
        )


def _by_key(path: Path, kind: str, summary: str, collection: Collection[Any]) -> Operation:
    async def remove(key: str) -> bool:
        return await collection.take(key) is not None

    return _operation(path, kind, summary, remove)


def _by_name(path: Path, summary: str, policies: Collection[Any]) -> Operation:
    async def remove(name: str) -> bool:
        found = await policies.one_by("name", name)
        return found is not None and await policies.take(found.id) is not None

    return _operation(path, "Policy", summary, remove)


def _operation(
    path: Path, kind: str, summary: str, remove: Callable[[str], Awaitable[bool]]
) -> Operation:
    async def handler(request: web.Request) -> None:
        (name,) = request.match_info.values()
        if not await remove(name):
            raise NotFound(name, kind)

    return Operation("DELETE", path, summary, handler)
