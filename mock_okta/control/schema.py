"""What `/_mock` is asked and what it answers: paths and structs, for the server and its clients.

The harness reads these structs too. So this module imports neither aiohttp nor any service: only
what the model calls things. An instant goes over the wire as RFC 3339, in milliseconds.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from mock_okta.model.directory import EngineName, UserStatus
from mock_okta.model.factors import FactorKey
from mock_okta.model.faults import PathPattern
from mock_okta.model.minting import Minted, TokenOrder
from mock_okta.model.pushes import PushAnswer

__all__ = [
    "ChangedUser",
    "Channel",
    "ClockAdvance",
    "ClockChange",
    "ClockReading",
    "DeviceAnswer",
    "Health",
    "KeyRotation",
    "LiveSession",
    "LiveSessions",
    "Message",
    "Minted",
    "OfUser",
    "OfUserAndClient",
    "OrgClient",
    "OrgFactor",
    "OrgFacts",
    "OrgUser",
    "Outbox",
    "Path",
    "PlannedFault",
    "PlannedFaults",
    "PublishedKeys",
    "Push",
    "Pushes",
    "RecordedRequest",
    "RecordedRequests",
    "Seeded",
    "SeededAuthorizationServer",
    "SeededUser",
    "Snapshot",
    "Snapshots",
    "TokenOrder",
    "WantedRequests",
]

_LONGEST_LINE = 500


class Path(StrEnum):
    """Where things are, in aiohttp's notation: `{name}` is one segment, `{name:.+}` any number."""

    HEALTH = "/_mock/health"
    READY = "/_mock/ready"
    OPENAPI = "/_mock/openapi.json"
    ORG = "/_mock/org"
    SEED = "/_mock/seed"
    RESET = "/_mock/reset"
    USER = "/_mock/users/{user}"
    LIFECYCLE = "/_mock/users/{user}/lifecycle/{verb}"
    CLIENT = "/_mock/clients/{client_id}"
    AUTHORIZATION_SERVER = "/_mock/authorization_servers/{id}"
    TRUSTED_ORIGIN = "/_mock/trusted_origins/{origin:.+}"
    API_TOKEN = "/_mock/api_tokens/{token}"
    RATE_LIMIT = "/_mock/rate_limits/{path:.+}"
    PASSWORD_POLICY = "/_mock/password_policies/{name}"
    SIGN_ON_POLICY = "/_mock/sign_on_policies/{name}"
    ENROLLMENT_POLICY = "/_mock/enrollment_policies/{name}"
    AUTHENTICATION_POLICY = "/_mock/authentication_policies/{name}"
    SNAPSHOTS = "/_mock/snapshots"
    SNAPSHOT = "/_mock/snapshots/{name}"
    RESTORE = "/_mock/snapshots/{name}/restore"
    CLOCK = "/_mock/clock"
    ADVANCE = "/_mock/clock/advance"
    SESSIONS = "/_mock/sessions"
    SESSION = "/_mock/sessions/{id}"
    TOKENS = "/_mock/tokens"
    ROTATE_KEYS = "/_mock/keys/rotate"
    OUTBOX = "/_mock/outbox"
    PUSHES = "/_mock/push"
    PUSH = "/_mock/push/{push_id}"
    REQUESTS = "/_mock/requests"
    FAULTS = "/_mock/faults"
    FAULT = "/_mock/faults/{id}"


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
    """Where the org is and who is in it; `issuers` by authorization server, `org` is the org's.

    `engine`: what signs users in.
    """

    url: str
    engine: EngineName
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


Channel = Literal["email", "sms", "call", "push"]
"""By what a message reaches a user."""


class Message(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message that the org would have sent to a user.

    `to`: an address, a phone number, or for a push the device's name. `passcode` and `link`: what
    the text brings, empty (on the wire: left out) where there is none.
    """

    id: str
    channel: Channel
    to: str
    template: str
    subject: str
    text: str
    passcode: str = ""
    link: str = ""
    created_at: datetime


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


class WantedRequests(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query: which recorded requests; what is left out is any.

    In `path`, `*` is any run of characters.
    """

    method: str | None = None
    path: PathPattern | None = None
    client_id: str | None = None
    user: str | None = None
    status: int | None = None


class RecordedRequest(Struct, frozen=True, kw_only=True):
    """A request and its answer. Names of headers are in lower case.

    `at` is the org's time. Bodies are text, cut to 16 KiB; the sizes are those of the whole, in
    octets. Path, query and each header are cut to 16 KiB too, and then end in `…`; of the headers
    64 KiB are kept. `status` is None where the connection was dropped. `remarks` say what was
    decided and why. `fault`: the id of the planned fault that it met. `id` is the answer's
    X-Okta-Request-Id.
    """

    id: str
    at: datetime
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str
    body_size: int
    client_id: str | None
    user: str | None
    status: int | None
    response_headers: dict[str, str]
    response_body: str
    response_body_size: int
    remarks: tuple[str, ...]
    fault: str | None

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the form and of the query; of repeated ones the first."""
        form = self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        pairs = [*(parse_qsl(self.body) if form else ()), *parse_qsl(self.query)]
        return dict(reversed(pairs))

    @property
    def headline(self) -> str:
        """The line that names it: `POST /oauth2/default/v1/token → 401, client 0oa1`."""
        answer = "connection dropped" if self.status is None else str(self.status)
        client = "" if self.client_id is None else f", client {self.client_id}"
        user = "" if self.user is None else f", user {self.user}"
        return f"{self.method} {self.path} → {answer}{client}{user}"

    @property
    def reasons(self) -> tuple[str, ...]:
        """What the org says of its decision; the body of an error if it says nothing."""
        is_failure = self.status is not None and self.status >= HTTPStatus.BAD_REQUEST
        if self.remarks or not is_failure or not self.response_body:
            return self.remarks
        return (_in_a_line(self.response_body),)

    def lines(self) -> Iterator[str]:
        """Yield the request as people read it in a report: headline, content, reasons."""
        yield f"{self.at:%H:%M:%S.%f}"[:-3] + f" {self.headline}"
        if self.query:
            yield f"    ?{_in_a_line(self.query)}"
        if self.body:
            yield f"    {_in_a_line(self.body)}"
        for reason in self.reasons:
            yield f"    why: {reason}"
        if self.fault is not None:
            yield f"    met the planned fault {self.fault}"

    def json(self) -> Any:
        """Read the body as JSON."""
        return msgspec.json.decode(self.body)

    def response_json(self) -> Any:
        """Read the answer's body as JSON."""
        return msgspec.json.decode(self.response_body)


class RecordedRequests(Struct, frozen=True, kw_only=True):
    """Of the last thousand requests, or 32 MiB of them, those that match, oldest first."""

    requests: tuple[RecordedRequest, ...]


def _in_a_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
