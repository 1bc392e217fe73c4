"""The ports: what every backend promises.

`add`, `take` and `update` are atomic: of any number of callers at once, `add` lets exactly one in,
`take` gives the record to exactly one, and `update` applies every change to what the one before it
left. Nothing else is.
A record past its `expires_at` may vanish at any time; until then it is still given out, so the
caller compares it with the clock.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from mock_okta.domain.directory import AuthorizationServer, Client, User
from mock_okta.domain.identity_providers import IdentityProvider, RoutingRule
from mock_okta.domain.policies import EnrollmentPolicy, PasswordPolicy, SignOnPolicy
from mock_okta.domain.pushes import PushRequest
from mock_okta.domain.records import (
    Activation,
    ApiToken,
    AuthorizationCode,
    DeviceAuthorization,
    Guesses,
    Message,
    ParkedAuthorization,
    PushedAuthorization,
    RateLimit,
    RecoveryToken,
    Redemption,
    RefreshToken,
    Reissue,
    RememberedDevice,
    RequestCount,
    Revocation,
    Session,
    SessionToken,
    TokenRevocation,
    UsedId,
    UserCode,
)
from mock_okta.domain.registration import RegistrationPolicy
from mock_okta.domain.transactions import Transaction

__all__ = ["Collection", "Storage", "StoredRecords"]

T = TypeVar("T")
StoredRecords = Mapping[str, Mapping[str, object]]
"""All records of an org at one moment: by the collection's name, and there by key."""


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
        """User, client, server and scope (`00u… 0oa… default notes`) by themselves."""

    @property
    def authorization_codes(self) -> Collection[AuthorizationCode]:
        """By authorization code."""

    @property
    def redemptions(self) -> Collection[Redemption]:
        """By the authorization code that was redeemed."""

    @property
    def device_authorizations(self) -> Collection[DeviceAuthorization]:
        """By device code."""

    @property
    def user_codes(self) -> Collection[UserCode]:
        """By user code, in capitals."""

    @property
    def user_code_guesses(self) -> Collection[Guesses]:
        """By the id of the user who enters the codes."""

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
    def token_revocations(self) -> Collection[TokenRevocation]:
        """By user id and client id (`00u… 0oa…`), each `*` for anybody's."""

    @property
    def reissues(self) -> Collection[Reissue]:
        """By the `jti` of the access token and the id of the revocation."""

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
        """User and device token, or fingerprint (`00u… DI0…`), by themselves."""

    @property
    def remembered_devices(self) -> Collection[RememberedDevice]:
        """By user id and device token (`00u… DI0…`)."""

    @property
    def transactions(self) -> Collection[Transaction]:
        """By state token."""

    @property
    def recovery_tokens(self) -> Collection[RecoveryToken]:
        """By recovery or activation token."""

    @property
    def password_policies(self) -> Collection[PasswordPolicy]:
        """By name, those that count first first."""

    @property
    def sign_on_policies(self) -> Collection[SignOnPolicy]:
        """By name, those that count first first."""

    @property
    def enrollment_policies(self) -> Collection[EnrollmentPolicy]:
        """By name, those that count first first."""

    @property
    def registration_policies(self) -> Collection[RegistrationPolicy]:
        """By id; an org has one or none."""

    @property
    def push_requests(self) -> Collection[PushRequest]:
        """By id."""

    @property
    def identity_providers(self) -> Collection[IdentityProvider]:
        """By id."""

    @property
    def routing_rules(self) -> Collection[RoutingRule]:
        """By name, those that count first first."""

    @property
    def outbox(self) -> Collection[Message]:
        """By message id."""

    async def records(self) -> StoredRecords:
        """Return everything as it is now; nothing that happens later changes what was returned."""

    async def restore(self, records: StoredRecords) -> None:
        """Keep what `records` gave back then, and forget all else; it can be restored again."""

    async def clear(self) -> None:
        """Forget everything."""
