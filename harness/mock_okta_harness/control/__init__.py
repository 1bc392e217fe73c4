"""A typed client for an org's control API, `/_mock`: seed, reset, move the clock.

It is synchronous and uses the standard library, so it works in any test, also for an org in another
process. For an org in the *same* event loop as the caller, call it from a thread: `await
asyncio.to_thread(control.reset)`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from mock_okta.control.connection import Connection, ControlError, path_of
from mock_okta.control.paths import Path
from mock_okta.control.recorded_requests import RecordedRequest, RecordedRequests
from mock_okta.control.schema import (
    ChangedUser,
    DeviceAnswer,
    DirectoryUser,
    DirectoryUsers,
    KeyRotation,
    LiveSession,
    LiveSessions,
    OrgFacts,
    Outbox,
    PlannedFault,
    PlannedFaults,
    Push,
    Pushes,
    Seeded,
    ServerKeys,
    SigningKeys,
    Snapshot,
    Snapshots,
    TokenToDecode,
)
from mock_okta.model.factors import PushAnswer
from mock_okta.model.insight import DecodedToken
from mock_okta.model.minting import Minted, Wanted, order_document
from mock_okta_harness.builders import SeedPart, seed_document
from mock_okta_harness.control.clock import ControlledClock
from mock_okta_harness.control.insight import Insight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike
    from typing import Unpack

    from mock_okta.model.messages import Channel, Message
    from mock_okta.model.seed.users import UserChange
    from mock_okta_harness.faults import Fault

__all__ = ["Control", "ControlError", "Verb", "seed_document"]

Found = TypeVar("Found")
Verb = Literal[
    "activate",
    "reactivate",
    "deactivate",
    "suspend",
    "unsuspend",
    "lock",
    "unlock",
    "expire_password",
    "reset_password",
]
"""What an administrator can do to a user."""
WITHIN_SECONDS = 10.0
_PAUSE_SECONDS = 0.05


class Control(Insight):
    """The control API of the org at `url`.

    `ca_file`: its CA if it serves https. `token`: the control token that it was started with.
    """

    def __init__(
        self,
        url: str,
        ca_file: str | PathLike[str] | None = None,
        token: str | None = None,
    ) -> None:
        self._connection = Connection(url.rstrip("/"), ca_file, token)
        self.clock = ControlledClock(self._connection)

    @property
    def url(self) -> str:
        """The org's URL, without a slash at its end."""
        return self._connection.url

    def org(self) -> OrgFacts:
        """Return the users, apps and settings of the org."""
        return self._connection.ask(OrgFacts, "GET", Path.ORG)

    def seed(self, *parts: Mapping[str, Any] | SeedPart) -> Seeded:
        """Add users, clients, authorization servers, trusted origins; same keys are replaced.

        A part is a seed document, a builder, or mock_okta's `Seed`; all are sent in one request.
        """
        document = seed_document(*parts)
        return self._connection.ask(Seeded, "PUT", Path.SEED, document)

    def export(self) -> dict[str, Any]:
        """Return the org as it is now, as a seed document."""
        return self._connection.ask(dict[str, Any], "GET", Path.SEED)

    def reset(self) -> None:
        """Bring the org back to its first seed: no sessions, tokens or messages, real time."""
        self._connection.send("POST", Path.RESET)

    def is_ready(self) -> bool:
        """Return whether the org is seeded and has its keys; False while it starts."""
        try:
            self._connection.send("GET", Path.READY)
        except ControlError as refusal:
            if refusal.status not in (None, 503):
                raise
            return False
        return True

    def users(self) -> tuple[DirectoryUser, ...]:
        """Return everything about all users, with factors and their current passcodes."""
        return self._connection.ask(DirectoryUsers, "GET", Path.USERS).users

    def user(self, user: str) -> DirectoryUser:
        """Return everything about a user, by login or id."""
        return self._connection.ask(DirectoryUser, "GET", path_of(Path.USER, user=user))

    def update_user(self, user: str, change: UserChange) -> DirectoryUser:
        """Change a user's password, profile, groups or factors; no policy is asked."""
        return self._connection.ask(DirectoryUser, "PATCH", path_of(Path.USER, user=user), change)

    def remove_user(self, user: str) -> None:
        """Remove a user, by login or id, with all sessions, tokens and codes."""
        self._connection.send("DELETE", path_of(Path.USER, user=user))

    def change_user(self, user: str, verb: Verb) -> ChangedUser:
        """Change a user's status, by login or id, with one of Okta's operations."""
        resource = path_of(Path.LIFECYCLE, user=user, verb=verb)
        return self._connection.ask(ChangedUser, "POST", resource)

    def remove_client(self, client_id: str) -> None:
        """Remove a client, with all its tokens and codes; its origins stay trusted."""
        self._connection.send("DELETE", path_of(Path.CLIENT, client_id=client_id))

    def remove_authorization_server(self, authorization_server: str) -> None:
        """Remove a custom authorization server, with its refresh tokens and codes."""
        resource = path_of(Path.AUTHORIZATION_SERVER, id=authorization_server)
        self._connection.send("DELETE", resource)

    def remove_trusted_origin(self, origin: str) -> None:
        """Remove a trusted origin."""
        self._connection.send("DELETE", path_of(Path.TRUSTED_ORIGIN, origin=origin))

    def take_snapshot(self, name: str) -> Snapshot:
        """Keep the org as it is now; replaces an earlier snapshot of that name."""
        return self._connection.ask(Snapshot, "PUT", path_of(Path.SNAPSHOT, name=name))

    def restore_snapshot(self, name: str) -> None:
        """Bring the org back to the snapshot; recorded requests are removed."""
        self._connection.send("POST", path_of(Path.RESTORE, name=name))

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return all snapshots; a reset keeps them."""
        return self._connection.ask(Snapshots, "GET", Path.SNAPSHOTS).snapshots

    def forget_snapshot(self, name: str) -> None:
        """Remove a snapshot."""
        self._connection.send("DELETE", path_of(Path.SNAPSHOT, name=name))

    def sessions(self, user: str | None = None) -> tuple[LiveSession, ...]:
        """Return the live sessions: all, or those of a user (login or id)."""
        return self._connection.ask(LiveSessions, "GET", path_of(Path.SESSIONS, user=user)).sessions

    def end_sessions(self, user: str | None = None) -> None:
        """End all sessions, or those of a user (login or id); tokens stay valid."""
        self._connection.send("DELETE", path_of(Path.SESSIONS, user=user))

    def end_session(self, session: LiveSession | str) -> None:
        """End one session (the object or its id)."""
        session_id = session if isinstance(session, str) else session.id
        self._connection.send("DELETE", path_of(Path.SESSION, id=session_id))

    def revoke_tokens(self, *, user: str | None = None, client_id: str | None = None) -> None:
        """Revoke all tokens and codes, or those of a user, a client, or a user at a client."""
        self._connection.send("DELETE", path_of(Path.TOKENS, user=user, client_id=client_id))

    def mint(
        self,
        user: str | None = None,
        /,
        *,
        authorization_server: str = "default",
        **wanted: Unpack[Wanted],
    ) -> Minted:
        """Mint tokens without a sign-in, for a user (login or id) or the org's first user.

        `broken` and `without` make tokens that must be refused. A user who is not in the org is
        made up.
        """
        document = order_document(user, authorization_server, wanted)
        return self._connection.ask(Minted, "POST", Path.TOKENS, document)

    def decode(self, token: str) -> DecodedToken:
        """Return what is in a token, and which checks it passes and why."""
        return self._connection.ask(DecodedToken, "POST", Path.DECODE, TokenToDecode(token=token))

    def keys(self) -> tuple[ServerKeys, ...]:
        """Return the keys that each authorization server publishes, the active one first."""
        return self._connection.ask(SigningKeys, "GET", Path.KEYS).servers

    def rotate_keys(self, authorization_server: str = "default") -> None:
        """Sign with a new key from now on; the old one is published while its tokens are valid."""
        body = KeyRotation(authorization_server=authorization_server)
        self._connection.send("POST", Path.ROTATE_KEYS, body)

    def outbox(self) -> tuple[Message, ...]:
        """Return the messages that the org would have sent, oldest first."""
        return self._connection.ask(Outbox, "GET", Path.OUTBOX).messages

    def wait_for_message(
        self,
        to: str | None = None,
        channel: Channel | None = None,
        *,
        after: Message | None = None,
        within: float = WITHIN_SECONDS,
    ) -> Message:
        """Wait for a message, and return the newest that matches and comes after `after`.

        `to`: an address or phone number. `within`: real seconds. Raises LookupError, with the
        content of the outbox, if none comes.
        """

        def newest() -> Message | None:
            messages = self.outbox()
            ids = [each.id for each in messages]
            new = messages[ids.index(after.id) + 1 :] if after and after.id in ids else messages
            for each in reversed(new):
                if to in (None, each.to) and channel in (None, each.channel):
                    return each
            return None

        message = _wait_for(newest, within)
        if message is None:
            there = ", ".join(f"{each.channel} to {each.to}" for each in self.outbox())
            wanted = " ".join(word for word in (channel, to and f"to {to}") if word)
            raise LookupError(
                f"no message {wanted} within {within:g} s at {self.url}, but: {there or 'none'}"
            )
        return message

    def empty_outbox(self) -> None:
        """Remove all messages."""
        self._connection.send("DELETE", Path.OUTBOX)

    def pushes(self, user: str | None = None) -> tuple[Push, ...]:
        """Return the pushes to Okta Verify: all, or those to a user (login or id)."""
        return self._connection.ask(Pushes, "GET", path_of(Path.PUSHES, user=user)).pushes

    def approve_push(
        self, user: str | None = None, number: int | None = None, *, within: float = WITHIN_SECONDS
    ) -> Push:
        """Approve the newest waiting push (of a user); for a QR code, scan it.

        `number`: the number to pick in a number challenge; by default the right one. `within`: how
        many real seconds to wait for a push. Raises LookupError if none comes.
        """
        return self._answer_push("approve", user, number, within)

    def reject_push(self, user: str | None = None, *, within: float = WITHIN_SECONDS) -> Push:
        """Reject the newest waiting push (of a user); waits for it like `approve_push`."""
        return self._answer_push("deny", user, None, within)

    def _answer_push(
        self,
        answer: Literal["approve", "deny"],
        user: str | None,
        number: int | None,
        within: float,
    ) -> Push:
        def newest() -> Push | None:
            waiting = [push for push in self.pushes(user) if push.answer is PushAnswer.WAITING]
            return waiting[-1] if waiting else None

        push = _wait_for(newest, within)
        if push is None:
            whose = "" if user is None else f" for {user}"
            raise LookupError(f"no push waits{whose} within {within:g} s at {self.url}")
        body = DeviceAnswer(answer=answer, number=number)
        return self._connection.ask(Push, "POST", path_of(Path.PUSH, push_id=push.id), body)

    def requests(
        self,
        *,
        method: str | None = None,
        path: str | None = None,
        client_id: str | None = None,
        user: str | None = None,
        status: int | None = None,
    ) -> tuple[RecordedRequest, ...]:
        """Return the recorded requests that match, oldest first; `*` in `path` is a wildcard."""
        wanted = {
            "method": method,
            "path": path,
            "client_id": client_id,
            "user": user,
            "status": status,
        }
        resource = path_of(Path.REQUESTS, **wanted)
        return self._connection.ask(RecordedRequests, "GET", resource).requests

    def clear_requests(self) -> None:
        """Remove all recorded requests."""
        self._connection.send("DELETE", Path.REQUESTS)

    def plan_fault(self, *faults: Fault) -> tuple[PlannedFault, ...]:
        """Plan faults for the next requests that match; a request gets the first that matches."""
        body = [fault.document() for fault in faults]
        return self._connection.ask(PlannedFaults, "POST", Path.FAULTS, body).faults

    def faults(self) -> tuple[PlannedFault, ...]:
        """Return all planned faults, with how often each fired."""
        return self._connection.ask(PlannedFaults, "GET", Path.FAULTS).faults

    def remove_fault(self, planned: PlannedFault) -> None:
        """Remove one planned fault."""
        self._connection.send("DELETE", path_of(Path.FAULT, id=planned.id))

    def clear_faults(self) -> None:
        """Remove all planned faults."""
        self._connection.send("DELETE", Path.FAULTS)


def _wait_for(look: Callable[[], Found | None], within: float) -> Found | None:
    """Look until there is a result, or until `within` real seconds have passed: then None."""
    deadline = time.monotonic() + within
    while (found := look()) is None and time.monotonic() < deadline:
        time.sleep(_PAUSE_SECONDS)
    return found
