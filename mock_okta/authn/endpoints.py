"""POST /api/v1/authn: primary authentication (Classic contract A.2, A.4)."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import wire_instant
from mock_okta.domain.directory import User
from mock_okta.domain.failures import Failure
from mock_okta.domain.records import SessionToken
from mock_okta.services.sign_in import SignIn
from mock_okta.web.errors import AuthenticationFailed, json_response
from mock_okta.web.requests import json_of
from mock_okta.web.routing import Cors, Route

__all__ = ["AuthnEndpoint"]


class PrimaryAuthentication(Struct, frozen=True, kw_only=True):
    """The body; Okta's own fields that change nothing here (`options`, `context`) are let pass."""

    username: str
    password: str


@dataclass(frozen=True, kw_only=True)
class AuthnEndpoint:
    """Turns a user name and password into a one-time session token."""

    sign_in: SignIn

    def routes(self) -> tuple[Route, ...]:
        """Serve POST authn."""
        return (
            Route(
                method="POST", path="/api/v1/authn", handler=self.post, cors=Cors.TRUSTED_ORIGINS
            ),
        )

    async def post(self, request: web.Request) -> web.Response:
        """Answer SUCCESS, or E0000004 that does not say which of the two was wrong."""
        body = await json_of(request, PrimaryAuthentication)
        try:
            user = await self.sign_in.verify_password(body.username, body.password)
        except Failure as failure:
            reason = type(failure).__name__
            raise AuthenticationFailed(remark=f"{reason} for {body.username!r}") from failure
        value, token = await self.sign_in.make_session_token(user, ("pwd",))
        return json_response(success(value, token, user))


def success(session_token: str, token: SessionToken, user: User) -> dict[str, Any]:
    """Return the body of SUCCESS, keys in the documented order."""
    return {
        "expiresAt": wire_instant(token.expires_at),
        "status": "SUCCESS",
        "sessionToken": session_token,
        "_embedded": {"user": embedded_user(user)},
    }


def embedded_user(user: User) -> dict[str, Any]:
    """Return the user as transactions embed it: `locale` has an underscore here."""
    profile = user.profile
    return {
        "id": user.id,
        "passwordChanged": wire_instant(user.password_changed_at),
        "profile": {
            "login": user.login,
            "firstName": profile.get("firstName"),
            "lastName": profile.get("lastName"),
            "locale": profile.get("locale", "en_US"),
            "timeZone": profile.get("timezone", "America/Los_Angeles"),
        },
    }
