"""What `/_mock` is asked and what it answers, for the server and its clients.

The harness uses these structs too, so this module imports neither aiohttp nor any service, only the
model. An instant is sent as RFC 3339, in milliseconds.
"""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from mock_okta.model.directory import UserStatus
from mock_okta.model.factors import FactorKey, PushAnswer
from mock_okta.model.records import Message

__all__ = [
    "ChangedUser",
    "ClockAdvance",
    "ClockChange",
    "ClockReading",
    "DeviceAnswer",
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
    "Snapshot",
    "Snapshots",
]


class OfUser(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query: whose, by id or login; everybody's if nobody is named."""

    user: str | None = None


class OfUserAndClient(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query: of a user (id or login), of a client, of both together, or all."""

    user: str | None = None
    client_id: str | None = None


# The org, and who and what is in it


class Health(Struct, frozen=True, kw_only=True):
    """Whether the org is filled and its keys are there."""

    ready: bool


class OrgFactor(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A factor that a user has: Okta's word for the kind, such as `google_otp`.

    `secret`: what its codes are made of (base32), or the answer of a question.
    """

    id: str
    factor: FactorKey
    secret: str = ""


class OrgUser(Struct, frozen=True, kw_only=True):
    """A user, with the password, and with factors: the last used first."""

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
    """Where the org is and who is in it; `issuers` by authorization server, `org` is the org's."""

    url: str
    issuers: dict[str, str]
    users: tuple[OrgUser, ...]
    clients: tuple[OrgClient, ...]
    trusted_origins: tuple[str, ...]


class SeededUser(Struct, frozen=True, kw_only=True):
    """A user who was made or replaced."""

    id: str
    login: str


class SeededAuthorizationServer(Struct, frozen=True, kw_only=True):
    """An authorization server that was made or replaced."""

    id: str
    issuer: str


class Seeded(Struct, frozen=True, kw_only=True):
    """What one seed made or replaced."""

    users: tuple[SeededUser, ...]
    clients: tuple[OrgClient, ...]
    authorization_servers: tuple[SeededAuthorizationServer, ...]


class ChangedUser(Struct, frozen=True, kw_only=True):
    """A user after a change of status; `link`: what they were e-mailed for it, if anything."""

    id: str
    login: str
    status: UserStatus
    link: str | None


class Snapshot(Struct, frozen=True, kw_only=True):
    """A snapshot of the org, and when it was taken by the org's clock."""

    name: str
    taken_at: datetime


class Snapshots(Struct, frozen=True, kw_only=True):
    """All snapshots of the org; a reset leaves them."""

    snapshots: tuple[Snapshot, ...]


class ClockChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is left out stays as it is."""

    now: datetime | None = None
    frozen: bool | None = None


class ClockAdvance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By how much to move, back if negative."""

    seconds: float


class ClockReading(Struct, frozen=True, kw_only=True):
    """The org's time, and whether it stands still."""

    now: datetime
    frozen: bool


# Sessions, tokens, keys


class LiveSession(Struct, frozen=True, kw_only=True):
    """A session at the org that has not ended."""

    id: str
    user_id: str
    login: str
    amr: tuple[str, ...]
    created_at: datetime
    expires_at: datetime


class LiveSessions(Struct, frozen=True, kw_only=True):
    """All that have not ended, oldest first."""

    sessions: tuple[LiveSession, ...]


class KeyRotation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose active signing key to replace."""

    authorization_server: str = "default"


class PublishedKeys(Struct, frozen=True, kw_only=True):
    """A JWKS."""

    keys: tuple[dict[str, Any], ...]


# What reaches users


class Outbox(Struct, frozen=True, kw_only=True):
    """All messages that wait in the org, oldest first."""

    messages: tuple[Message, ...]


class Push(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a device is asked: a sign-in to approve, or an enrolment (a QR code to scan).

    `number`: the one to pick on the device, where that is asked.
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
    """What devices were asked, oldest first."""

    pushes: tuple[Push, ...]


class DeviceAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the device says; a wrong `number` rejects, without one the right one is picked."""

    answer: Literal["approve", "deny"]
    number: int | None = None


# What a test plans and looks at


class PlannedFault(Struct, frozen=True, kw_only=True):
    """A fault as it was planned; how many requests met it, how many still will."""

    id: str
    fired: int
    left: int
    fault: dict[str, Any]

    @property
    def never_fired(self) -> bool:
        """Whether no request met it: what it was planned for was not tested."""
        return self.fired == 0


class PlannedFaults(Struct, frozen=True, kw_only=True):
    """Faults in the order in which they were planned."""

    faults: tuple[PlannedFault, ...]
