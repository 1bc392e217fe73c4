"""`GET /welcome/{token}`: the link of the activation e-mail."""

from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from mock_okta.authn.errors import failures_told
from mock_okta.authn.requests import Body, Call
from mock_okta.authn.transitions import Beginning
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import ApiError, ShownError
from mock_okta.web.hosted_pages import HOME, path_to_go_on
from mock_okta.web.requests import NOTES
from mock_okta.web.routing import Route

__all__ = ["WelcomeEndpoint"]

_SPENT = "You have accessed a link that has expired or has been previously used."


class WelcomeEndpoint(Struct, frozen=True, kw_only=True):
    """Spends the activation token, then redirects to the widget or to a new session."""

    activate: Beginning
    cookies: Cookies
    url: str

    def routes(self) -> tuple[Route, ...]:
        """Serve the link."""
        return (Route(method="GET", path="/welcome/{token}", handler=self.open, is_safe=False),)

    async def open(self, request: web.Request) -> web.Response:
        """Begin the sign-in; the widget goes on with it, by the state token in the page's path."""
        call = Call(
            body=Body(token=request.match_info["token"]),
            device_token=self.cookies.device_token(request),
        )
        try:
            with failures_told():
                body = await self.activate(call)
        except ApiError as error:
            raise ShownError("access_denied", _SPENT, status=403, remark=error.remark) from error
        if "stateToken" in body:
            location = self.url + path_to_go_on(body["stateToken"])
        else:
            query = {"token": body["sessionToken"], "redirectUrl": self.url + HOME}
            location = f"{self.url}/login/sessionCookieRedirect?{urlencode(query)}"
        request[NOTES].remarks.append("the activation token is spent")
        return web.Response(status=302, headers={"Location": location})
