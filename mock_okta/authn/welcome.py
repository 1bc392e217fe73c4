"""`GET /welcome/{token}`: where the e-mailed link to activate an account leads."""

from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from mock_okta.authn.errors import failures_told
from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Body, Call
from mock_okta.authn.steps import activation
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import ApiError, ShownError
from mock_okta.web.hosted_pages import HOME, path_to_go_on
from mock_okta.web.requests import NOTES
from mock_okta.web.routing import Route

__all__ = ["WelcomeEndpoint"]

_SPENT = "You have accessed a link that has expired or has been previously used."


class WelcomeEndpoint(Struct, frozen=True, kw_only=True):
    """Spends the activation token, and sends the browser on to the widget or into a session."""

    parts: Parts
    cookies: Cookies

    def routes(self) -> tuple[Route, ...]:
        """Serve the link."""
        return (Route(method="GET", path="/welcome/{token}", handler=self.open, is_safe=False),)

    async def open(self, request: web.Request) -> web.Response:
        """Begin the sign-in that the widget goes on with; its page is told the state token."""
        call = Call(
            body=Body(token=request.match_info["token"]),
            device_token=self.cookies.device_token(request),
        )
        try:
            with failures_told():
                body = await activation.begin(self.parts, call)
        except ApiError as error:
            raise ShownError("access_denied", _SPENT, status=403, remark=error.remark) from error
        url = self.parts.url
        if "stateToken" in body:
            location = url + path_to_go_on(body["stateToken"])
        else:
            query = {"token": body["sessionToken"], "redirectUrl": url + HOME}
            location = f"{url}/login/sessionCookieRedirect?{urlencode(query)}"
        request[NOTES].remarks.append("the activation token is spent")
        return web.Response(status=302, headers={"Location": location})
