"""The page on which a person allows a device, without scripts (RFC 8628 3.3; facts/oauth E.5)."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from mock_okta.model.directory import User
from mock_okta.model.failures import SpentOrExpired, TooManyGuesses
from mock_okta.model.grants import DeviceAuthorization
from mock_okta.model.sessions import Session
from mock_okta.oauth.access import Access
from mock_okta.oauth.endpoints.device import ACTIVATE_PATH
from mock_okta.oauth.errors import AccessDenied
from mock_okta.oauth.grants.device_code import DEVICE_CODE
from mock_okta.oauth.response_modes import redirect
from mock_okta.services.directory.lookup import the_org
from mock_okta.services.sign_in.devices import Devices, plain_user_code
from mock_okta.services.sign_in.engine import Engine
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import ShownError
from mock_okta.web.hosted_pages import HostedWidget, path_to_sign_in
from mock_okta.web.pages import page
from mock_okta.web.requests import NOTES, form_of, query_of
from mock_okta.web.routing import Route
from mock_okta.web.site import Site

__all__ = ["ActivateEndpoint"]

_CONFIRM_PATH = f"{ACTIVATE_PATH}/confirm"
_UNKNOWN_CODE = "The user code is unknown, used or expired."
_GUESSED = "has entered ten wrong user codes within ten minutes: move the clock, or reset the org"
_INVALID, _WAIT = "Invalid code. Try again.", "Too many invalid codes. Try again later."


class ActivateEndpoint(Struct, frozen=True, kw_only=True):
    """Asks for the user code, signs the person in, and asks whether the device may act for them.

    The decision needs a one-time key that stands only on this page, so other sites cannot
    decide (RFC 6749 10.12).
    """

    storage: Storage
    engine: Engine
    devices: Devices
    installed_widget: Callable[[], Awaitable[HostedWidget | None]]
    sessions: Sessions
    cookies: Cookies
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve the form, the question, and its answer."""
        return (
            Route(method="GET", path=ACTIVATE_PATH, handler=self.show_form),
            Route(method="GET", path=_CONFIRM_PATH, handler=self.show_question),
            Route(method="POST", path=_CONFIRM_PATH, handler=self.take_answer),
        )

    async def show_form(self, request: web.Request) -> web.Response:
        """Ask for the user code; a code in the link is filled in, for the person to confirm.

        On an org whose own pages sign in by the Identity Engine, its widget asks over the form.
        """
        user_code = plain_user_code(query_of(request).get("user_code") or "")
        widget = await self.installed_widget()
        if widget is None:
            return _form(user_code)
        session = await self.cookies.session(request)
        return page(
            "activate.html",
            path=_CONFIRM_PATH,
            user_code=user_code,
            failure=None,
            org_name=(await the_org(self.storage)).name,
            url=self.site.url,
            widget=widget,
            state_token=await self.engine.device(user_code, session),
        )

    async def show_question(self, request: web.Request) -> web.Response:
        """Ask the signed-in person whether the device is theirs and may have the scopes."""
        user_code = plain_user_code(query_of(request).get("user_code") or "")
        session = await self.cookies.session(request)
        user = None if session is None else await self.sessions.user_of(session)
        if session is None or user is None:
            back = f"{_CONFIRM_PATH}?{urlencode({'user_code': user_code})}"
            return redirect(self.site.url + path_to_sign_in(back))
        try:
            device = await self.devices.entered(user_code, user.id)
        except SpentOrExpired:
            request[NOTES].remarks.append(_UNKNOWN_CODE)
            return _form(user_code, failure=_INVALID)
        except TooManyGuesses:
            request[NOTES].remarks.append(f"{user.login} {_GUESSED}")
            return _form(user_code, failure=_WAIT, status=429)
        return await self._question(device, user_code, session, user)

    async def take_answer(self, request: web.Request) -> web.Response:
        """Allow or deny the device: every answer except 'allow' denies."""
        form = await form_of(request)
        session = await self.cookies.session(request)
        try:
            user_code = await self.devices.answered(form.get("key") or "", session)
            if session is None or form.get("decision") != "allow":
                await self.devices.deny(user_code)
                return page("activated.html", allowed=False)
            await self._allow(user_code, session)
        except SpentOrExpired as failure:
            raise ShownError(
                "access_denied",
                "The device authorization is unknown, has expired, or belongs to another session.",
            ) from failure
        return page("activated.html", allowed=True)

    async def _question(
        self, device: DeviceAuthorization, user_code: str, session: Session, user: User
    ) -> web.Response:
        client = await self.storage.clients.get(device.client_id)
        if client is None:
            return _form(user_code, failure=_INVALID)
        return page(
            "activate_confirm.html",
            client=client,
            user=user,
            user_code=user_code,
            scopes=device.scopes,
            path=_CONFIRM_PATH,
            key=await self.devices.ask(user_code, session),
        )

    async def _allow(self, user_code: str, session: Session) -> None:
        """Check assignment and policy, now that the user is known; a refusal ends the request."""
        device = await self.devices.waiting(user_code)
        server = await self.storage.authorization_servers.get(device.server_id)
        client = await self.storage.clients.get(device.client_id)
        user = await self.sessions.user_of(session)
        if server is None or client is None or user is None:
            raise SpentOrExpired(user_code)
        try:
            lifetimes = await Access(self.storage).of(
                server, client, DEVICE_CODE, user, device.scopes
            )
        except AccessDenied as error:
            await self.devices.deny(user_code)
            raise ShownError(error.error, error.description, remark=error.remark) from error
        await self.devices.allow(user_code, session, lifetimes)


def _form(user_code: str, *, failure: str | None = None, status: int = 400) -> web.Response:
    """Return the form; `status`: the HTTP status of an error."""
    return page(
        "activate.html",
        status=200 if failure is None else status,
        path=_CONFIRM_PATH,
        user_code=user_code,
        failure=failure,
        state_token=None,
    )
