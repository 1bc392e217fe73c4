"""Rules of /token for every grant, in order (facts/oauth D.4, H.3)."""

from collections.abc import Callable, Collection

from msgspec import Struct

from mock_okta.model.clients import Client
from mock_okta.oauth.checks.grant_types import grant_type_is_allowed
from mock_okta.oauth.errors import InvalidClient, InvalidRequest, UnsupportedGrantType
from mock_okta.oauth.requests import TokenRequest
from mock_okta.web.site import has_redirect_origin

__all__ = ["TOKEN_RULES", "Redeeming"]


class Redeeming(Struct, frozen=True, kw_only=True):
    """A token request of an authenticated client; `served`: all grant types of the server."""

    client: Client
    request: TokenRequest
    served: Collection[str]

    @property
    def grant_type(self) -> str:
        """The grant type; empty if none is given."""
        return self.request.grant_type or ""


def grant_type_is_given(redeeming: Redeeming) -> None:
    """RFC 6749 4."""
    if redeeming.request.grant_type is None:
        raise InvalidRequest("The token request must specify a 'grant_type'.")


def grant_type_is_served(redeeming: Redeeming) -> None:
    """RFC 6749 5.2."""
    if redeeming.grant_type not in redeeming.served:
        raise UnsupportedGrantType(
            "The authorization grant type is not supported by the authorization server. "
            f"Configured grant types: [{', '.join(redeeming.served)}]."
        )


def client_may_use_grant_type(redeeming: Redeeming) -> None:
    """RFC 6749 5.2."""
    grant_type_is_allowed(redeeming.client, redeeming.grant_type)


def browser_uses_pkce(redeeming: Redeeming) -> None:
    """facts/oauth H.3: a request with an Origin comes from a public client, and must use PKCE."""
    if redeeming.request.origin is None:
        return
    is_refresh = redeeming.grant_type == "refresh_token"
    proven = is_refresh or redeeming.request.code_verifier is not None
    if not redeeming.client.is_public or not proven:
        raise InvalidClient(
            "Browser requests to the token endpoint must use Proof Key for Code Exchange.",
            remark="the request has an Origin header: a server-side client must not send one",
        )


def browser_comes_from_redirect_uri(redeeming: Redeeming) -> None:
    """facts/oauth H.3."""
    client, origin = redeeming.client, redeeming.request.origin
    if origin is not None and not has_redirect_origin(client, origin):
        raise InvalidRequest(
            "Browser requests to the token endpoint must be part of at least one whitelisted "
            "redirect_uri.",
            remark=f"origin {origin} has no login redirect URI of client {client.client_id}: "
            "add a URI of it to its login_redirect_uris",
        )


TOKEN_RULES: tuple[Callable[[Redeeming], None], ...] = (
    grant_type_is_given,
    grant_type_is_served,
    client_may_use_grant_type,
    browser_uses_pkce,
    browser_comes_from_redirect_uri,
)
"""They come after client authentication and before the DPoP proof, so a refusal keeps the proof."""
