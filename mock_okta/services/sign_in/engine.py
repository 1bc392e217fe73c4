"""What others ask of the engine that the org runs; `app` chooses which one that is."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from msgspec import Struct

from mock_okta.model.directory import AuthorizationServer, Client, Scope
from mock_okta.model.progress import Progress, Step
from mock_okta.model.records import Session

__all__ = ["AskedBy", "Engine"]


class AskedBy(Struct, frozen=True, kw_only=True):
    """The request of an app for which the user has to do something first.

    `key`: what it waits under. `goes_on_at`: the path that takes it up again. `parameters`: what
    the app asks for, by the names that it used.
    """

    key: str
    goes_on_at: str
    client: Client
    server: AuthorizationServer
    parameters: Mapping[str, str]
    login_hint: str | None = None


class Engine(Protocol):
    """Has users sign in, prove more, and consent; all paths are on the org."""

    async def sign_in(self, asked: AskedBy, *, anew: bool) -> str:
        """Return the path where the user signs in; `anew`: they have a session that will not do."""

    async def hosted(self, target: str, login_hint: str | None) -> str | None:
        """Return the state token of a sign-in on the org's page, which then goes on to `target`.

        `target`: a path or URL. None: the page begins the sign-in itself.
        """

    async def step_up(self, asked: AskedBy, session: Session, due: Step) -> str:
        """Return the path where the user of the session does what is due."""

    async def go_on(self, progress: Progress, due: Step, target: str) -> str:
        """Return the path where a sign-in that began elsewhere goes on with what is due.

        `target`: where the browser goes once the user is signed in.
        """

    async def consent(self, asked: AskedBy, session: Session, scopes: Iterable[Scope]) -> str:
        """Return the token with which the widget asks the user for their consent."""
