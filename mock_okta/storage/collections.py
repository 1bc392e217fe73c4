"""The collections of an org: one table, and the same as typed attributes."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from types import MappingProxyType

from mock_okta.clock import ClockState
from mock_okta.model.assurance import AuthenticationPolicy
from mock_okta.model.authenticators import Authenticator
from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.directory import (
    ApiToken,
    Assignment,
    Group,
    Login,
    Org,
    RateLimit,
    TrustedOrigin,
    User,
)
from mock_okta.model.factors import PushRequest
from mock_okta.model.faults import PlannedFault
from mock_okta.model.grants import (
    Activation,
    AuthorizationCode,
    ConsentGiven,
    DeviceAuthorization,
    Guesses,
    LastRevocation,
    ParkedAuthorization,
    PushedAuthorization,
    RefreshToken,
    Reissue,
    Revocation,
    TokenRevocation,
    UsedId,
    UserCode,
)
from mock_okta.model.identity_providers import IdentityProvider, RoutingRule
from mock_okta.model.interactions import (
    IdentityTransaction,
    Interaction,
    InteractionCode,
    MagicLink,
)
from mock_okta.model.messages import Message
from mock_okta.model.org_state import AppliedSeed, KeyRotation, Secret, Snapshot, StoredKey
from mock_okta.model.policies import (
    EnrollmentPolicy,
    PasswordPolicy,
    ProfileEnrollment,
    RegistrationPolicy,
    SignOnPolicy,
)
from mock_okta.model.progress import RecoveryToken
from mock_okta.model.sessions import (
    AskedDevice,
    KnownDevice,
    RememberedDevice,
    Session,
    SessionToken,
)
from mock_okta.model.traffic import Exchange
from mock_okta.model.transactions import Transaction
from mock_okta.storage.ports import Backend, Collection, Counter, Kept, Log, Logged, StoredRecords

__all__ = ["COLLECTIONS", "LOGS", "Storage"]

_OF_USER_AND_CLIENT = ("user_id", "client_id", "user_at_client", "server_id")
_TO_USER = ("user_id", "users")

COLLECTIONS: Mapping[str, Kept] = MappingProxyType(
    {
        # Users, apps and settings.
        "orgs": Kept(record=Org, key="org; the only one", is_setup=True),
        "users": Kept(
            record=User,
            key="user id",
            indexes=("login_in_lower_case", "email", "has_fast_pass"),
        ),
        # Each login is of one user, the first that adds it. The index finds a user with one read
        # less.
        "logins": Kept(record=Login, key="login in lower case"),
        # A user record has the ids of its groups: separate membership records would cost one more
        # read for every token.
        "groups": Kept(
            record=Group, key="group id", indexes=("name_in_lower_case",), is_setup=True
        ),
        "clients": Kept(record=Client, key="client id", is_setup=True),
        "assignments": Kept(
            record=Assignment,
            key="client id, and id of the user or group",
            indexes=("app_id", "principal_id"),
            is_setup=True,
        ),
        "authorization_servers": Kept(
            record=AuthorizationServer, key="id; the org's own is there too", is_setup=True
        ),
        "trusted_origins": Kept(record=TrustedOrigin, key="origin", is_setup=True),
        "api_tokens": Kept(record=ApiToken, key="API token", indexes=("user_id",), is_setup=True),
        "rate_limits": Kept(record=RateLimit, key="path", is_setup=True),
        # Policies, in order of priority.
        "password_policies": Kept(
            record=PasswordPolicy, key="policy id", indexes=("name",), is_setup=True
        ),
        "sign_on_policies": Kept(
            record=SignOnPolicy, key="policy id", indexes=("name",), is_setup=True
        ),
        "enrollment_policies": Kept(
            record=EnrollmentPolicy, key="policy id", indexes=("name",), is_setup=True
        ),
        "registration_policies": Kept(
            record=RegistrationPolicy, key="id; an org has one or none", is_setup=True
        ),
        "authentication_policies": Kept(
            record=AuthenticationPolicy, key="policy id", indexes=("name",), is_setup=True
        ),
        "profile_enrollments": Kept(
            record=ProfileEnrollment, key="id; an org has one or none", is_setup=True
        ),
        "authenticators": Kept(
            record=Authenticator,
            key="its key; those that are not here are as Okta has them",
            is_setup=True,
        ),
        "identity_providers": Kept(
            record=IdentityProvider, key="id", indexes=("name",), is_setup=True
        ),
        "routing_rules": Kept(record=RoutingRule, key="rule id", indexes=("name",), is_setup=True),
        # Sign-in.
        "sessions": Kept(record=Session, key="session id", indexes=("user_id",), leads_to=_TO_USER),
        "session_tokens": Kept(
            record=SessionToken, key="session token", indexes=("user_id",), leads_to=_TO_USER
        ),
        "transactions": Kept(
            record=Transaction,
            key="handle",
            indexes=("user_id", "enrolling_id"),
            leads_to=_TO_USER,
        ),
        "identity_transactions": Kept(
            record=IdentityTransaction,
            key="state handle",
            indexes=("user_id", "enrolling_id"),
            leads_to=_TO_USER,
        ),
        "magic_links": Kept(
            record=MagicLink, key="token of an e-mailed link", indexes=("state_handle",)
        ),
        "interactions": Kept(
            record=Interaction, key="interaction handle", indexes=("client_id", "server_id")
        ),
        "recovery_tokens": Kept(
            record=RecoveryToken, key="recovery or activation token", indexes=("user_id",)
        ),
        "known_devices": Kept(
            record=KnownDevice,
            key="user id, and device token or fingerprint",
            indexes=("user_id",),
        ),
        "remembered_devices": Kept(
            record=RememberedDevice, key="user id and device token", indexes=("user_id",)
        ),
        "asked_devices": Kept(
            record=AskedDevice, key="user id and device token", indexes=("user_id",)
        ),
        "push_requests": Kept(record=PushRequest, key="id", indexes=("user_id", "factor_id")),
        "outbox": Kept(record=Message, key="message id"),
        # Authorization.
        "parked_authorizations": Kept(
            record=ParkedAuthorization, key="okta_key", indexes=("server_id",)
        ),
        "pushed_authorizations": Kept(
            record=PushedAuthorization, key="request_uri", indexes=("client_id", "server_id")
        ),
        "consents": Kept(
            record=ConsentGiven,
            key="user id, client id, server id and scope",
            indexes=("user_id", "client_id", "server_id"),
        ),
        "authorization_codes": Kept(
            record=AuthorizationCode,
            key="authorization code",
            indexes=_OF_USER_AND_CLIENT,
            leads_to=_TO_USER,
        ),
        "interaction_codes": Kept(
            record=InteractionCode,
            key="interaction code",
            indexes=_OF_USER_AND_CLIENT,
            leads_to=_TO_USER,
        ),
        "device_authorizations": Kept(
            record=DeviceAuthorization, key="device code", indexes=_OF_USER_AND_CLIENT
        ),
        "user_codes": Kept(record=UserCode, key="user code, in capitals"),
        "user_code_guesses": Kept(record=Guesses, key="id of the user who enters user codes"),
        "activations": Kept(record=Activation, key="one-time key"),
        # Tokens.
        "refresh_tokens": Kept(
            record=RefreshToken, key="refresh token", indexes=_OF_USER_AND_CLIENT
        ),
        "revocations": Kept(record=Revocation, key="jti, or refresh family"),
        "token_revocations": Kept(
            record=TokenRevocation, key="user id and client id, each * for anybody's"
        ),
        # Most tokens are later than every revocation; a process that keeps this need not ask more.
        "last_revocations": Kept(record=LastRevocation, key="org; the only one", is_setup=True),
        "reissues": Kept(record=Reissue, key="jti of the access token and id of the revocation"),
        "used_ids": Kept(record=UsedId, key="what a JWT that is good once is for, and its jti"),
        "key_rotations": Kept(record=KeyRotation, key="authorization server id", is_setup=True),
        "signing_keys": Kept(record=StoredKey, key="name", is_setup=True, outlives_reset=True),
        "secrets": Kept(record=Secret, key="what it is for", is_setup=True, outlives_reset=True),
        "applied_seeds": Kept(
            record=AppliedSeed, key="org; the only one", is_setup=True, outlives_reset=True
        ),
        # For tests.
        "clocks": Kept(record=ClockState, key="org; the only one", is_setup=True),
        "planned_faults": Kept(
            record=PlannedFault, key="fault id", indexes=("waiting",), is_setup=True
        ),
        "snapshots": Kept(record=Snapshot, key="name", outlives_reset=True),
    }
)

LOGS: Mapping[str, Logged] = MappingProxyType(
    {"recorded_requests": Logged(record=Exchange, most=1000, most_bytes=32 * 1024 * 1024)}
)


class Storage:
    """All records of one org, in any backend; `COLLECTIONS` says what the keys are.

    `lasts`: it survives the process, and other processes may share it.
    """

    lasts: bool

    orgs: Collection[Org]
    users: Collection[User]
    logins: Collection[Login]
    groups: Collection[Group]
    clients: Collection[Client]
    assignments: Collection[Assignment]
    authorization_servers: Collection[AuthorizationServer]
    trusted_origins: Collection[TrustedOrigin]
    api_tokens: Collection[ApiToken]
    rate_limits: Collection[RateLimit]
    password_policies: Collection[PasswordPolicy]
    sign_on_policies: Collection[SignOnPolicy]
    enrollment_policies: Collection[EnrollmentPolicy]
    registration_policies: Collection[RegistrationPolicy]
    authentication_policies: Collection[AuthenticationPolicy]
    profile_enrollments: Collection[ProfileEnrollment]
    authenticators: Collection[Authenticator]
    identity_providers: Collection[IdentityProvider]
    routing_rules: Collection[RoutingRule]
    sessions: Collection[Session]
    session_tokens: Collection[SessionToken]
    transactions: Collection[Transaction]
    identity_transactions: Collection[IdentityTransaction]
    magic_links: Collection[MagicLink]
    interactions: Collection[Interaction]
    recovery_tokens: Collection[RecoveryToken]
    known_devices: Collection[KnownDevice]
    remembered_devices: Collection[RememberedDevice]
    asked_devices: Collection[AskedDevice]
    push_requests: Collection[PushRequest]
    outbox: Collection[Message]
    parked_authorizations: Collection[ParkedAuthorization]
    pushed_authorizations: Collection[PushedAuthorization]
    consents: Collection[ConsentGiven]
    authorization_codes: Collection[AuthorizationCode]
    interaction_codes: Collection[InteractionCode]
    device_authorizations: Collection[DeviceAuthorization]
    user_codes: Collection[UserCode]
    user_code_guesses: Collection[Guesses]
    activations: Collection[Activation]
    refresh_tokens: Collection[RefreshToken]
    revocations: Collection[Revocation]
    token_revocations: Collection[TokenRevocation]
    last_revocations: Collection[LastRevocation]
    reissues: Collection[Reissue]
    used_ids: Collection[UsedId]
    key_rotations: Collection[KeyRotation]
    signing_keys: Collection[StoredKey]
    secrets: Collection[Secret]
    applied_seeds: Collection[AppliedSeed]
    clocks: Collection[ClockState]
    planned_faults: Collection[PlannedFault]
    snapshots: Collection[Snapshot]
    recorded_requests: Log[Exchange]
    request_counts: Counter

    def __init__(self, backend: Backend, *, lasts: bool = False) -> None:
        self._backend = backend
        self.lasts = lasts
        for name, kept in COLLECTIONS.items():
            setattr(self, name, backend.open(name, kept))
        for name, logged in LOGS.items():
            setattr(self, name, backend.open_log(name, logged))
        self.request_counts = backend.open_counter("request_counts")

    async def refresh(self) -> None:
        """Show from now on what other processes have changed in set-up collections."""
        await self._backend.refresh()

    def request(self) -> AbstractAsyncContextManager[None]:
        """Return the block in which one request is answered: see `Backend.request`."""
        return self._backend.request()

    async def records(self, *names: str) -> StoredRecords:
        """Return all current records, except in collections that outlive a reset.

        `names`: only of these collections.
        """
        return await self._backend.records(*names)

    async def restore(self, records: StoredRecords) -> None:
        """Replace all records by those that `records` returned, except what outlives a reset."""
        await self._backend.restore(records)

    async def clear(self) -> None:
        """Remove everything except what outlives a reset."""
        await self.restore({})
