"""The token endpoint (RFC 6749 3.2; facts/oauth D)."""

from collections.abc import Mapping

import msgspec
from aiohttp import web
from msgspec import Struct

from mock_okta.model.directory import Client
from mock_okta.oauth.checks.grant_types import grant_type_is_allowed
from mock_okta.oauth.client_authentication import ClientAuthentication
from mock_okta.oauth.dpop import DpopProofs
from mock_okta.oauth.errors import (
    InvalidClient,
    InvalidRequest,
    UnsupportedGrantType,
)
from mock_okta.oauth.grants import Grant
from mock_okta.oauth.requests import TokenRequest, token_request
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.web.errors import json_response
from mock_okta.web.requests import Parameters, origin_of_page, parameters_of
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site, has_redirect_origin

__all__ = ["TokenEndpoint"]


def parameters_are_given_once(parameters: Parameters) -> None:
    """RFC 6749 3.2."""
    if parameters.repeated:
        raise InvalidRequest(
            f"The token request has a repeated '{parameters.repeated[0]}' parameter."
        )


def grant_type_is_served(request: TokenRequest, grants: Mapping[str, Grant]) -> str:
    """RFC 6749 5.2. Returns the grant type."""
    if request.grant_type is None:
        raise InvalidRequest("The token request must specify a 'grant_type'.")
    if request.grant_type not in grants:
        raise UnsupportedGrantType(
            "The authorization grant type is not supported by the authorization server. "
            f"Configured grant types: [{', '.join(grants)}]."
        )
    return request.grant_type


def browser_uses_pkce(client: Client, request: TokenRequest) -> None:
    """facts/oauth H.3: a request with an Origin comes from a public client, and proves its code."""
    proven = request.grant_type == "refresh_token" or request.code_verifier is not None
    if not client.is_public or not proven:
        raise InvalidClient(
            "Browser requests to the token endpoint must use Proof Key for Code Exchange.",
            remark="the request has an Origin header: a server-side client must not send one",
        )


def browser_comes_from_redirect_uri(client: Client, origin: str) -> None:
    """facts/oauth H.3."""
    if not has_redirect_origin(client, origin):
        raise InvalidRequest(
            "Browser requests to the token endpoint must be part of at least one whitelisted "
            "redirect_uri.",
            remark=f"origin {origin} has no login redirect URI of client {client.client_id}: "
            "add a URI of it to its login_redirect_uris",
        )


class TokenEndpoint(Struct, frozen=True, kw_only=True):
    """Authenticates the client, then lets the grant it names redeem what it proves."""

    servers: Servers
    client_authentication: ClientAuthentication
    grants: Mapping[str, Grant]
    dpop: DpopProofs
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve POST token."""
        return server_routes(
            "POST", "/v1/token", self.post, Cors.REDIRECT_ORIGINS, metadata="token_endpoint"
        )

    async def post(self, request: web.Request) -> web.Response:
        """RFC 6749 5."""
        server = await self.servers.of(request)
        parameters = await parameters_of(request)
        parameters_are_given_once(parameters)
        asked = token_request(parameters, origin_of_page(request))
        client = await self.client_authentication.client_of(request, parameters)
        server = self.servers.for_client(server, client)
        grant_type = grant_type_is_served(asked, self.grants)
        grant_type_is_allowed(client, grant_type)
        if asked.origin is not None and asked.origin != self.site.url:
            browser_uses_pkce(client, asked)
            browser_comes_from_redirect_uri(client, asked.origin)
        jkt = await self.dpop.key_for_tokens(request, client)
        bound = msgspec.structs.replace(asked, jkt=jkt)
        response = json_response(await self.grants[grant_type].redeem(server, client, bound))
        if jkt is not None:
            response.headers["dpop-nonce"] = await self.dpop.nonces.current()
        return response
