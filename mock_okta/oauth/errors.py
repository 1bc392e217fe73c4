"""OAuth errors, one class for each code; texts from live orgs (facts/oauth C.5, D.3, D.4)."""

from typing import ClassVar

from aiohttp import web

from mock_okta.web.errors import WireError, json_response, okta_error

__all__ = [
    "AccessDenied",
    "AccessForbidden",
    "AuthorizationPending",
    "ConsentRequired",
    "ExpiredToken",
    "InsufficientScope",
    "InvalidClient",
    "InvalidDpopProof",
    "InvalidGrant",
    "InvalidRequest",
    "InvalidRequestObject",
    "InvalidScope",
    "InvalidTarget",
    "InvalidToken",
    "LoginRequired",
    "OAuthError",
    "PlannedError",
    "SlowDown",
    "UnauthorizedClient",
    "UnknownClient",
    "UnmetAuthenticationRequirements",
    "UnsupportedGrantType",
    "UnsupportedResponseMode",
    "UnsupportedResponseType",
    "UseDpopNonce",
]


class OAuthError(WireError):
    """An error with `error` and `error_description`; clients need both."""

    status: ClassVar[int] = 400
    error: str

    def __init__(self, description: str, *, remark: str = "") -> None:
        super().__init__(description)
        self.description = description
        self.remark = remark or f"{self.error}: {description}"

    def render(self, error_id: str) -> web.Response:  # noqa: ARG002 -- OAuth's object has no id
        body = {"error": self.error, "error_description": self.description}
        return json_response(body, status=self.status)


class InvalidRequest(OAuthError):
    """RFC 6749 4.1.2.1 and 5.2."""

    error = "invalid_request"


class InvalidClient(OAuthError):
    """RFC 6749 5.2; 401 since 2020."""

    status = 401
    error = "invalid_client"


class InvalidGrant(OAuthError):
    """RFC 6749 5.2."""

    error = "invalid_grant"


class InvalidScope(OAuthError):
    """RFC 6749 4.1.2.1 and 5.2."""

    error = "invalid_scope"


class UnauthorizedClient(OAuthError):
    """RFC 6749 5.2."""

    error = "unauthorized_client"


class UnsupportedGrantType(OAuthError):
    """RFC 6749 5.2."""

    error = "unsupported_grant_type"


class UnsupportedResponseType(OAuthError):
    """RFC 6749 4.1.2.1."""

    error = "unsupported_response_type"


class UnsupportedResponseMode(OAuthError):
    """Okta's own (facts/oauth C.5)."""

    error = "unsupported_response_mode"


class AccessDenied(OAuthError):
    """RFC 6749 4.1.2.1."""

    error = "access_denied"


class AccessForbidden(AccessDenied):
    """Access denied without a redirect, as published for /par (facts/oauth C.5)."""

    status = 403


class LoginRequired(OAuthError):
    """OIDC Core 3.1.2.6."""

    error = "login_required"


class ConsentRequired(OAuthError):
    """OIDC Core 3.1.2.6."""

    error = "consent_required"


class InvalidRequestObject(OAuthError):
    """OIDC Core 3.1.2.6."""

    error = "invalid_request_object"


class UnmetAuthenticationRequirements(OAuthError):
    """OpenID Connect Core Unmet Authentication Requirements 1.0."""

    error = "unmet_authentication_requirements"


class AuthorizationPending(OAuthError):
    """RFC 8628 3.5."""

    error = "authorization_pending"


class SlowDown(OAuthError):
    """RFC 8628 3.5."""

    error = "slow_down"


class ExpiredToken(OAuthError):
    """RFC 8628 3.5."""

    error = "expired_token"


class InvalidTarget(OAuthError):
    """RFC 8693 2.2.2."""

    error = "invalid_target"


class InvalidToken(OAuthError):
    """RFC 6750 3.1."""

    status = 401
    error = "invalid_token"


class InsufficientScope(OAuthError):
    """RFC 6750 3.1."""

    status = 403
    error = "insufficient_scope"


class InvalidDpopProof(OAuthError):
    """RFC 9449 5: the DPoP header is missing, or its proof is invalid."""

    error = "invalid_dpop_proof"


class UseDpopNonce(OAuthError):
    """RFC 9449 8: the proof must have the nonce of this answer; 400, as recorded."""

    error = "use_dpop_nonce"

    def __init__(self, nonce: str) -> None:
        super().__init__("Authorization server requires nonce in DPoP proof.")
        self.nonce = nonce

    def render(self, error_id: str) -> web.Response:
        response = super().render(error_id)
        response.headers["dpop-nonce"] = self.nonce
        return response


class PlannedError(OAuthError):
    """An error that a test planned."""

    def __init__(self, error: str, description: str) -> None:
        self.error = error
        super().__init__(description)


class UnknownClient(WireError):
    """An unknown client: Okta's error object, with a textual code (facts/oauth A.5, D.3)."""

    code = "invalid_client"
    summary = "Invalid value for 'client_id' parameter."

    def __init__(self, client_id: str, *, status: int = 401) -> None:
        super().__init__(client_id)
        self.status = status
        self.remark = f"no client {client_id!r}: add it to the seed's clients"

    def render(self, error_id: str) -> web.Response:
        return json_response(okta_error(self.code, self.summary, error_id), status=self.status)
