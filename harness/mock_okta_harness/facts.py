"""What an org tells of itself through `/_mock`."""

from datetime import datetime

import msgspec

from mock_okta_harness.words import Channel, FactorName, PushAnswer, PushPurpose, UserStatus

__all__ = [
    "ChangedUser",
    "EnrolledFactor",
    "LiveSession",
    "LiveSessions",
    "Message",
    "OrgFacts",
    "Outbox",
    "Push",
    "Pushes",
    "Seeded",
    "SeededAuthorizationServer",
    "SeededClient",
    "SeededUser",
    "Snapshot",
    "Snapshots",
]


class EnrolledFactor(msgspec.Struct, frozen=True, kw_only=True):
    """A factor of a user: Okta's word for the kind, such as `google_otp`; `secret` if it has one.

    The secret of `google_otp` and `okta_otp` is base32: a test computes the codes by it.
    """

    id: str
    factor: FactorName
    secret: str = ""


class SeededUser(msgspec.Struct, frozen=True, kw_only=True):
    """A user as the org knows it; from `password` on only where the org tells them."""

    id: str
    login: str
    password: str | None = None
    status: UserStatus | None = None
    factors: tuple[EnrolledFactor, ...] = ()


class ChangedUser(msgspec.Struct, frozen=True, kw_only=True):
    """A user after a change of status; `link`: what they were e-mailed for it, if anything."""

    id: str
    login: str
    status: UserStatus
    link: str | None = None


class SeededClient(msgspec.Struct, frozen=True, kw_only=True):
    """A client as the org knows it."""

    client_id: str
    name: str = ""
    type: str = ""
    client_secret: str | None = None
    login_redirect_uris: tuple[str, ...] = ()


class SeededAuthorizationServer(msgspec.Struct, frozen=True, kw_only=True):
    """An authorization server that was seeded, by its id and issuer."""

    id: str
    issuer: str


class OrgFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What `GET /_mock/org` tells: where the org is and who is in it."""

    url: str
    issuers: dict[str, str]
    users: tuple[SeededUser, ...] = ()
    clients: tuple[SeededClient, ...] = ()
    trusted_origins: tuple[str, ...] = ()


class Seeded(msgspec.Struct, frozen=True, kw_only=True):
    """What a seed request made or replaced."""

    users: tuple[SeededUser, ...] = ()
    clients: tuple[SeededClient, ...] = ()
    authorization_servers: tuple[SeededAuthorizationServer, ...] = ()


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message that the org would have sent to a user, by `email`, `sms`, `call` or `push`.

    `passcode` and `link`: what it brings, empty where there is none.
    """

    id: str
    created_at: datetime
    channel: Channel
    to: str
    template: str
    subject: str | None = None
    text: str
    passcode: str = ""
    link: str = ""


class Outbox(msgspec.Struct, frozen=True, kw_only=True):
    """All messages that wait in the org, oldest first."""

    messages: tuple[Message, ...]


class Push(msgspec.Struct, frozen=True, kw_only=True):
    """What Okta Verify on a user's device was asked: `purpose` is `sign-in` or `enrollment`.

    `answer`: WAITING, APPROVED, REJECTED or TIMEOUT. `number`: the one that the sign-in shows.
    """

    id: str
    user_id: str
    login: str
    factor_id: str
    purpose: PushPurpose
    answer: PushAnswer
    number: int | None = None
    created_at: datetime
    expires_at: datetime


class Pushes(msgspec.Struct, frozen=True, kw_only=True):
    """What devices were asked, oldest first."""

    pushes: tuple[Push, ...]


class LiveSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session at the org that has not ended."""

    id: str
    user_id: str
    login: str
    amr: tuple[str, ...]
    created_at: datetime
    expires_at: datetime


class LiveSessions(msgspec.Struct, frozen=True, kw_only=True):
    """All that have not ended, oldest first."""

    sessions: tuple[LiveSession, ...]


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot of the org, and when it was taken by the org's clock."""

    name: str
    taken_at: datetime


class Snapshots(msgspec.Struct, frozen=True, kw_only=True):
    """All snapshots of the org."""

    snapshots: tuple[Snapshot, ...]
