"""The ports: what every backend promises.

`add`, `take` and `update` are atomic: of any number of callers at once, `add` lets exactly one in,
`take` gives the record to exactly one, and `update` applies every change to what the one before it
left. Nothing else is.
A record past its `expires_at` may vanish at any time; until then it is still given out, so the
caller compares it with the clock.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from mock_okta.domain.directory import AuthorizationServer, Client, User
from mock_okta.domain.records import (
    Activation,
    ApiToken,
    AuthorizationCode,
    DeviceAuthorization,
    Message,
    ParkedAuthorization,
    PushedAuthorization,
    RateLimit,
    RefreshToken,
    Reissue,
    RequestCount,
    Revocation,
    Session,
    SessionToken,
    UsedId,
    UserCode,
    UserRevocation,
)

__all__ = ["Collection", "Storage"]

T = TypeVar("T")


class Collection(Protocol[T]):
    """Records of one type, each under a key, in the order in which the keys first came."""

    async def get(self, key: str) -> T | None:
        """Return the record, or None."""

    async def put(self, key: str, record: T) -> None:
        """Keep the record, in place of an earlier one."""

    async def add(self, key: str, record: T) -> bool:
        """Keep the record if the key is free, and say whether it was."""

    async def take(self, key: str) -> T | None:
        """Remove the record and return it: to one caller only."""

    async def update(self, key: str, change: Callable[[T], T]) -> T | None:
        """Replace the record by `change(record)` and return the new one; None if there is none."""

    async def values(self) -> Sequence[T]:
        """Return all records."""

    async def remove(self, where: Callable[[T], bool]) -> None:
        """Remove all records of which `where` is true."""

    async def clear(self) -> None:
        """Remove all records."""


class Storage(Protocol):
    """All that one org keeps."""

    @property
    def users(self) -> Collection[User]:
        """By user id."""

    @property
    def user_ids(self) -> Collection[str]:
        """User ids by login in lower case."""

    @property
    def clients(self) -> Collection[Client]:
        """By client id."""

    @property
    def authorization_servers(self) -> Collection[AuthorizationServer]:
        """By id; the org's own is there too."""

    @property
    def trusted_origins(self) -> Collection[str]:
        """Origins by themselves."""

    @property
    def sessions(self) -> Collection[Session]:
        """By session id."""

    @property
    def session_tokens(self) -> Collection[SessionToken]:
        """By session token."""

    @property
    def parked_authorizations(self) -> Collection[ParkedAuthorization]:
        """By `okta_key`."""

    @property
    def pushed_authorizations(self) -> Collection[PushedAuthorization]:
        """By `request_uri`."""

    @property
    def consents(self) -> Collection[str]:
        """Scopes agreed to, by user, client, server and scope."""

    @property
    def authorization_codes(self) -> Collection[AuthorizationCode]:
        """By authorization code."""

    @property
    def device_authorizations(self) -> Collection[DeviceAuthorization]:
        """By device code."""

    @property
    def user_codes(self) -> Collection[UserCode]:
        """By user code, in capitals."""

    @property
    def activations(self) -> Collection[Activation]:
        """By one-time key."""

    @property
    def refresh_tokens(self) -> Collection[RefreshToken]:
        """By refresh token."""

    @property
    def revocations(self) -> Collection[Revocation]:
        """By `jti`, or by refresh family."""

    @property
    def user_revocations(self) -> Collection[UserRevocation]:
        """By user id."""

    @property
    def reissues(self) -> Collection[Reissue]:
        """By the `jti` of the access token."""

    @property
    def api_tokens(self) -> Collection[ApiToken]:
        """By API token."""

    @property
    def rate_limits(self) -> Collection[RateLimit]:
        """By path."""

    @property
    def request_counts(self) -> Collection[RequestCount]:
        """By the path of the rate limit that they count against."""

    @property
    def used_ids(self) -> Collection[UsedId]:
        """By the `jti` of a JWT that is good once, after the name of what it is for."""

    @property
    def known_devices(self) -> Collection[str]:
        """User and device token (`00u… DI0…`) by themselves."""

    @property
    def outbox(self) -> Collection[Message]:
        """By message id."""

    async def clear(self) -> None:
        """Forget everything."""
