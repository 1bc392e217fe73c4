"""The port to the engine that the org runs; `app` chooses the engine."""

from collections.abc import Iterable, Mapping
from typing import ClassVar, Protocol

from msgspec import Struct

from mock_okta.model.authorization_servers import AuthorizationServer, Scope
from mock_okta.model.clients import Client
from mock_okta.model.progress import Progress, RecoveryType, Step
from mock_okta.model.sessions import Session

__all__ = ["AskedBy", "Engine", "Federation"]


class AskedBy(Struct, frozen=True, kw_only=True):
    """An app's request that waits until the user has done something.

    `key`: the key of the parked request. `goes_on_at`: the path where it goes on. `parameters`: of
    the request, by the names that the app used.
    """

    key: str
    goes_on_at: str
    client: Client
    server: AuthorizationServer
    parameters: Mapping[str, str]
    login_hint: str | None = None


class Engine(Protocol):
    """Lets users sign in, step up and consent; all paths are on the org.

    `spends_links`: opening the link of a recovery spends its token.
    """

    spends_links: ClassVar[bool]

    async def sign_in(self, asked: AskedBy, *, anew: bool) -> str:
        """Return the path where the user signs in; `anew`: although they have a session."""

    async def hosted(self, target: str, login_hint: str | None) -> str | None:
        """Return the state token of a sign-in on the org's page, which then goes on to `target`.

        `target`: a path or URL. None: the page begins the sign-in itself.
        """

    async def step_up(self, asked: AskedBy, session: Session, due: Step) -> str:
        """Return the path where the user of the session does the step that is due."""

    async def go_on(self, progress: Progress, due: Step, target: str) -> str:
        """Return the path where a sign-in that began elsewhere goes on with the step that is due.

        `target`: where the browser goes after the sign-in.
        """

    async def redeemed(self, token: str, types: Iterable[RecoveryType], target: str) -> str | None:
        """Spend the token of an e-mail's link; return the state token of what goes on with it.

        `target`: where the browser goes afterwards. None: the page has the widget spend it.
        """

    async def device(self, user_code: str, session: Session | None) -> str | None:
        """Return the state token by which the widget asks which device the user activates.

        `user_code`: what is known of it already. None: the page asks by itself.
        """

    async def consent(self, asked: AskedBy, session: Session, scopes: Iterable[Scope]) -> str:
        """Return the token with which the widget asks the user for their consent."""


class Federation(Protocol):
    """Goes on with sign-ins that an identity provider has proved, in engines that support it."""

    async def came_back(self, state_token: str, progress: Progress) -> str:
        """Return the path or URL to which the browser goes after the provider has proved the user.

        Raises SpentOrExpired for a sign-in that is over; LockedOut, NotSignable, NotAssigned or
        PolicyRefused for a user who may not sign in.
        """
