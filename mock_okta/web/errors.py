"""Errors of HTTP answers: one class for each, rendered in one place.

Codes and texts: facts/oauth G.2 (Okta's table of error codes, and recorded traffic).
"""

from http.client import responses
from typing import Any, ClassVar

import msgspec
from aiohttp import web

__all__ = [
    "AccessDenied",
    "ApiError",
    "AuthenticationFailed",
    "BodyTooSlow",
    "HeadTooSlow",
    "InternalError",
    "InvalidApiToken",
    "InvalidSession",
    "MalformedBody",
    "MethodNotAllowed",
    "NotFound",
    "RateLimitExceeded",
    "ShownError",
    "Unavailable",
    "UnknownPath",
    "UnsupportedBody",
    "ValidationFailed",
    "WireError",
    "json_response",
    "okta_error",
]


def json_response(
    body: object, *, status: int = 200, text: str = "application/json"
) -> web.Response:
    """Return `body` as JSON with Okta's content type, which has no charset."""
    return web.Response(
        body=msgspec.json.encode(body), status=status, headers={"Content-Type": text}
    )


def okta_error(
    code: str, summary: str, error_id: str, causes: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return Okta's error object, with keys in Okta's order (facts/oauth G.1)."""
    return {
        "errorCode": code,
        "errorSummary": summary,
        "errorLink": code,
        "errorId": error_id,
        "errorCauses": [{"errorSummary": cause} for cause in causes],
    }


class WireError(Exception):
    """An error that knows its form on the wire.

    `remark`, for the log, says what was wrong and what would allow the request.
    """

    remark: str = ""

    def render(self, error_id: str) -> web.Response:
        """Return the answer."""
        raise NotImplementedError


class ApiError(WireError):
    """An error in Okta's own object: the management, authentication and session APIs."""

    status: ClassVar[int]
    code: ClassVar[str]
    summary: str

    def __init__(self, *, remark: str = "", causes: tuple[str, ...] = ()) -> None:
        super().__init__(remark)
        self.remark = remark
        self.causes = causes

    def render(self, error_id: str) -> web.Response:
        body = okta_error(self.code, self.summary, error_id, self.causes)
        return json_response(body, status=self.status)


class ValidationFailed(ApiError):
    """The request's data are invalid; each cause names its field, `field` is the first."""

    status = 400
    code = "E0000001"

    def __init__(self, field: str, *causes: str) -> None:
        super().__init__(remark="; ".join(causes), causes=causes)
        self.summary = f"Api validation failed: {field}"


class MalformedBody(ApiError):
    """The body is not JSON, or missing."""

    status = 400
    code = "E0000003"
    summary = "The request body was not well-formed."


class HeadTooSlow(ApiError):
    """The head of a request took too long to come (RFC 9110 15.5.9)."""

    status = 408
    code = "E0000003"
    summary = "The request did not come in time."


class BodyTooSlow(HeadTooSlow, web.RequestPayloadError):
    """The body of a request stopped coming; the connection ends with the answer."""

    def __init__(self) -> None:
        super().__init__(remark="the rest of the body did not come in time")

    def render(self, error_id: str) -> web.Response:
        response = super().render(error_id)
        response.force_close()
        return response


class AuthenticationFailed(ApiError):
    """Wrong credentials, or a session token that is invalid or used."""

    status = 401
    code = "E0000004"
    summary = "Authentication failed"


class InvalidSession(ApiError):
    """A session is needed, but there is none."""

    status = 403
    code = "E0000005"
    summary = "Invalid session"


class AccessDenied(ApiError):
    """The caller may not do this."""

    status = 403
    code = "E0000006"
    summary = "You do not have permission to perform the requested action"


class NotFound(ApiError):
    """The object does not exist; `kind` is Okta's type name."""

    status = 404
    code = "E0000007"

    def __init__(self, name: str, kind: str, *, remark: str = "") -> None:
        super().__init__(remark=remark)
        self.summary = f"Not found: Resource not found: {name} ({kind})"


class UnknownPath(ApiError):
    """The path is not served."""

    status = 404
    code = "E0000008"
    summary = "The requested path was not found"


class InternalError(ApiError):
    """A bug in the org."""

    status = 500
    code = "E0000009"
    summary = "Internal Server Error"


class Unavailable(ApiError):
    """The org cannot answer now; a later request may succeed (facts/oauth G.2)."""

    status = 503
    code = "E0000010"
    summary = "Service is in read only mode"


class InvalidApiToken(ApiError):
    """The API token (SSWS) is not from this org, or it is a bearer token."""

    status = 401
    code = "E0000011"
    summary = "Invalid token provided"


class RateLimitExceeded(ApiError):
    """More requests came in a minute than the limit allows."""

    status = 429
    code = "E0000047"
    summary = "API call exceeded rate limit due to too many requests."


class UnsupportedBody(ApiError):
    """The endpoint does not accept the body's content type."""

    status = 400
    code = "E0000021"
    summary = (
        "Bad request.  Accept and/or Content-Type headers likely do not match supported values."
    )


class MethodNotAllowed(ApiError):
    """The path is served, but not by that method."""

    status = 405
    code = "E0000022"
    summary = "The endpoint does not support the provided HTTP method"


class ShownError(WireError):
    """An error shown to the person in the browser, on Okta's own page (facts/oauth C.4).

    `recorded_as`: the id of the request, if the console will show it; the page then links there.
    """

    recorded_as: str | None = None

    def __init__(
        self, error: str, description: str, *, status: int = 400, remark: str = ""
    ) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status
        self.remark = remark or description

    def render(self, error_id: str) -> web.Response:
        from mock_okta.web.pages import page  # noqa: PLC0415 -- importing jinja2 takes 80 ms, which APIs do not need

        return page(
            "error.html",
            status=self.status,
            reason=responses.get(self.status, "Error"),
            error=self.error,
            description=self.description,
            error_id=error_id,
            recorded_as=self.recorded_as,
        )
