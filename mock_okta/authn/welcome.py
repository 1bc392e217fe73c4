"""`GET /welcome/{token}`: the link of the activation e-mail."""

from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from mock_okta.authn.errors import failures_rendered
from mock_okta.authn.requests import Body, Call
from mock_okta.authn.transitions import Beginning
from mock_okta.model.progress import RecoveryType
from mock_okta.services.sign_in.engine import Engine
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import ApiError, ShownError
from mock_okta.web.hosted_pages import HOME, RECOVERIES, path_to_go_on
from mock_okta.web.requests import NOTES
from mock_okta.web.routing import Route

__all__ = ["WelcomeEndpoint"]

_SPENT = "You have accessed a link that has expired or has been previously used."


class WelcomeEndpoint(Struct, frozen=True, kw_only=True):
    """Spends the activation token, then redirects to the widget or to a new session.

    The engine that hosted pages sign in by comes first: it may have a way of its own.
    """

    engine: Engine
    activate: Beginning
    cookies: Cookies
    url: str

    def routes(self) -> tuple[Route, ...]:
        """Serve the link."""
        path = RECOVERIES[RecoveryType.ACCOUNT_ACTIVATION]
        return (Route(method="GET", path=path, handler=self.open, is_safe=False),)

    async def open(self, request: web.Request) -> web.Response:
        """Begin the sign-in; the page's path has the state token with which the widget goes on."""
        token = request.match_info["token"]
        activation = (RecoveryType.ACCOUNT_ACTIVATION,)
        state_token = await self.engine.redeemed(token, activation, self.url + HOME)
        if state_token is not None:
            location = self.url + path_to_go_on(state_token)
            return web.Response(status=302, headers={"Location": location})
        call = Call(
            body=Body(token=token),
            device_token=self.cookies.device_token(request),
        )
        try:
            with failures_rendered():
                body = await self.activate(call)
        except ApiError as error:
            raise ShownError("access_denied", _SPENT, status=403, remark=error.remark) from error
        if "stateToken" in body:
            location = self.url + path_to_go_on(body["stateToken"])
        else:
            query = {"token": body["sessionToken"], "redirectUrl": self.url + HOME}
            location = f"{self.url}/login/sessionCookieRedirect?{urlencode(query)}"
        request[NOTES].remarks.append("the activation token was used")
        return web.Response(status=302, headers={"Location": location})
