"""What `/_mock` is asked and what it answers, for the server and its clients.

The harness uses these structs too, so this module imports neither aiohttp nor any service, only the
model. An instant is sent as RFC 3339, in milliseconds.
"""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from mock_okta.model.directory import EngineName, UserStatus
from mock_okta.model.factors import FactorKey, PushAnswer
from mock_okta.model.messages import Message

__all__ = [
    "Changed",
    "ChangedUser",
    "ClockAdvance",
    "ClockChange",
    "ClockReading",
    "DeviceAnswer",
    "DirectoryUser",
    "DirectoryUsers",
    "Health",
    "KeyRotation",
    "LiveSession",
    "LiveSessions",
    "OfUser",
    "OfUserAndClient",
    "OrgClient",
    "OrgFactor",
    "OrgFacts",
    "OrgUser",
    "Outbox",
    "PlannedFault",
    "PlannedFaults",
    "PublishedKeys",
    "Push",
    "Pushes",
    "Seeded",
    "SeededAuthorizationServer",
    "SeededUser",
    "ServerKeys",
    "SigningKeys",
    "Snapshot",
    "Snapshots",
    "TokenToDecode",
    "UserFactor",
]


class OfUser(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query: of a user (id or login), or of all users."""

    user: str | None = None


class OfUserAndClient(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query: of a user (id or login), of a client, of both together, or all."""

    user: str | None = None
    client_id: str | None = None


# The org, and who and what is in it


class Health(Struct, frozen=True, kw_only=True):
    """Whether the org is filled and its keys exist."""

    ready: bool


class OrgFactor(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A user's factor; `factor`: its kind in Okta's policies, such as `google_otp`.

    `secret`: the key of its one-time passwords (base32), or the answer to a question.
    """

    id: str
    factor: FactorKey
    secret: str = ""


class OrgUser(Struct, frozen=True, kw_only=True):
    """A user, with the password and the factors, the last used first."""

    id: str
    login: str
    password: str
    status: UserStatus
    factors: tuple[OrgFactor, ...]


class OrgClient(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A client, with its secret if it has one."""

    client_id: str
    name: str
    type: str
    client_secret: str | None = None
    login_redirect_uris: tuple[str, ...]
    logout_redirect_uris: tuple[str, ...]
    grant_types: tuple[str, ...]


class OrgFacts(Struct, frozen=True, kw_only=True):
    """The org's URL and issuers, and who is in it; `issuers`: by the authorization server's id.

    `engine`: what signs users in.
    """

    url: str
    engine: EngineName
    issuers: dict[str, str]
    users: tuple[OrgUser, ...]
    clients: tuple[OrgClient, ...]
    trusted_origins: tuple[str, ...]


class Changed(Struct, frozen=True, kw_only=True):
    """What an event says: which kind of thing changed; `hello` begins a stream."""

    changed: str


class UserFactor(OrgFactor, frozen=True, kw_only=True, omit_defaults=True):
    """A user's factor with what its device would show.

    `passcode`: the current one-time password, and for how many seconds it is; `profile`: the
    number, address or question it was enrolled with.
    """

    status: str
    profile: dict[str, Any] = {}
    passcode: str = ""
    passcode_ends_in: int = 0


class DirectoryUser(Struct, frozen=True, kw_only=True):
    """Everything about a user; `failures`: wrong passwords and passcodes in a row."""

    id: str
    login: str
    password: str
    status: UserStatus
    profile: dict[str, Any]
    groups: tuple[str, ...]
    factors: tuple[UserFactor, ...]
    failures: int
    created_at: datetime
    last_login_at: datetime | None
    password_changed_at: datetime
    locked_at: datetime | None


class DirectoryUsers(Struct, frozen=True, kw_only=True):
    """Users, in the order in which they came."""

    users: tuple[DirectoryUser, ...]


class SeededUser(Struct, frozen=True, kw_only=True):
    """A user who was added or replaced."""

    id: str
    login: str


class SeededAuthorizationServer(Struct, frozen=True, kw_only=True):
    """An authorization server that was added or replaced."""

    id: str
    issuer: str


class Seeded(Struct, frozen=True, kw_only=True):
    """What a seed added or replaced."""

    users: tuple[SeededUser, ...]
    clients: tuple[OrgClient, ...]
    authorization_servers: tuple[SeededAuthorizationServer, ...]


class ChangedUser(Struct, frozen=True, kw_only=True):
    """A user after a change of status; `link`: the link they were e-mailed, if any."""

    id: str
    login: str
    status: UserStatus
    link: str | None


class Snapshot(Struct, frozen=True, kw_only=True):
    """A snapshot of the org, and when it was taken by the org's clock."""

    name: str
    taken_at: datetime


class Snapshots(Struct, frozen=True, kw_only=True):
    """All snapshots of the org."""

    snapshots: tuple[Snapshot, ...]


class ClockChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; the rest stays as it is."""

    now: datetime | None = None
    frozen: bool | None = None


class ClockAdvance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far to move the clock; a negative number moves it back."""

    seconds: float


class ClockReading(Struct, frozen=True, kw_only=True):
    """The org's time, and whether it is frozen."""

    now: datetime
    frozen: bool


# Sessions, tokens, keys


class LiveSession(Struct, frozen=True, kw_only=True):
    """A live session at the org; `expires_at`: by when it has to be used again.

    `ends_at`: None if it does not end by itself; `factor_verified_at`: None without a second
    factor; `idp`: the identity provider that signed the user in, None for the org itself;
    `device`: the fingerprint that the browser sent, if any.
    """

    id: str
    user_id: str
    login: str
    amr: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    ends_at: datetime | None = None
    factor_verified_at: datetime | None = None
    idp: str | None = None
    device: str | None = None


class LiveSessions(Struct, frozen=True, kw_only=True):
    """All live sessions, oldest first."""

    sessions: tuple[LiveSession, ...]


class TokenToDecode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token of this org, or what claims to be one."""

    token: str


class ServerKeys(Struct, frozen=True, kw_only=True):
    """The JWKS of an authorization server, the active key first, and when that is replaced."""

    authorization_server: str
    keys: tuple[dict[str, Any], ...]
    next_rotation_at: datetime


class SigningKeys(Struct, frozen=True, kw_only=True):
    """The keys of all authorization servers."""

    servers: tuple[ServerKeys, ...]


class KeyRotation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose active signing key to replace."""

    authorization_server: str = "default"


class PublishedKeys(Struct, frozen=True, kw_only=True):
    """A JWKS."""

    keys: tuple[dict[str, Any], ...]


# What reaches users


class Outbox(Struct, frozen=True, kw_only=True):
    """All messages, oldest first."""

    messages: tuple[Message, ...]


class Push(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request to a device: approve a sign-in, or enroll (scan a QR code).

    `number`: the one to pick on the device, if it shows several.
    """

    id: str
    user_id: str
    login: str
    factor_id: str
    purpose: Literal["sign-in", "enrollment"]
    answer: PushAnswer
    number: int | None = None
    created_at: datetime
    expires_at: datetime


class Pushes(Struct, frozen=True, kw_only=True):
    """Requests to devices, oldest first."""

    pushes: tuple[Push, ...]


class DeviceAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The device's answer; a wrong `number` rejects, and the default is the right one."""

    answer: Literal["approve", "deny"]
    number: int | None = None


# What a test plans and looks at


class PlannedFault(Struct, frozen=True, kw_only=True):
    """A fault as it was planned, how often it has fired, and how often it still will."""

    id: str
    fired: int
    left: int
    fault: dict[str, Any]

    @property
    def never_fired(self) -> bool:
        """True if it has not fired: what it was planned for was not tested."""
        return self.fired == 0


class PlannedFaults(Struct, frozen=True, kw_only=True):
    """Faults, in the order in which they were planned."""

    faults: tuple[PlannedFault, ...]
