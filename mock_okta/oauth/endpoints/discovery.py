"""Both discovery documents, derived from the tables of what is served (facts/oauth A.3, A.4).

Sources: OIDC Discovery 3, RFC 8414, and recorded traffic for the order of members.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.oauth.checks.authorization import RESPONSE_TYPES
from mock_okta.oauth.checks.dpop import DPOP_ALGORITHMS
from mock_okta.oauth.client_authentication import CLIENT_AUTHENTICATION_METHODS
from mock_okta.oauth.errors import UnknownClient
from mock_okta.oauth.grants import UNADVERTISED_GRANTS
from mock_okta.oauth.jwt_checks import HMAC_ALGORITHMS, KEY_ALGORITHMS
from mock_okta.oauth.response_modes import RESPONSE_MODES
from mock_okta.oauth.servers import Servers
from mock_okta.services.tokens.claims import CLAIMS
from mock_okta.services.world.key_ring import KeyRing
from mock_okta.storage import Storage
from mock_okta.web.errors import json_response
from mock_okta.web.requests import query_of
from mock_okta.web.routing import Cors, Route

__all__ = ["DiscoveryEndpoint", "cacheable"]

_OIDC, _OAUTH = ".well-known/openid-configuration", ".well-known/oauth-authorization-server"
_AUTHENTICATED = ("introspection_endpoint", "revocation_endpoint")
_OIDC_CLAIMS = (
    "iss", "ver", "sub", "aud", "iat", "exp", "jti", "auth_time", "amr", "idp", "nonce", "name",
    "nickname", "preferred_username", "given_name", "middle_name", "family_name", "email",
    "email_verified", "profile", "zoneinfo", "locale", "address", "phone_number", "picture",
    "website", "gender", "birthdate", "updated_at", "at_hash", "c_hash",
)  # fmt: skip
_OAUTH_CLAIMS = ("ver", "jti", "iss", "aud", "iat", "exp", "cid", "uid", "scp", "sub")
_DAY = timedelta(days=1)

assert set(CLAIMS) <= set(_OIDC_CLAIMS)  # noqa: S101 -- discovery names every claim that is served


def cacheable(
    response: web.Response, keys: KeyRing, clock: Clock, life: timedelta = _DAY
) -> web.Response:
    """Let browsers cache the answer for `life`, if keys persist and the next key is published.

    Deviation: if the keys are only for this run, there is no caching. A browser with cached keys,
    as Okta's headers allow, could not sign in after a restart.
    """
    if keys.persists:
        response.headers["Cache-Control"] = f"max-age={int(life.total_seconds())}, must-revalidate"
        response.headers["Expires"] = format_datetime(clock.now() + life, usegmt=True)
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


class DiscoveryEndpoint(Struct, frozen=True, kw_only=True):
    """Serves the discovery documents.

    `advertised`: the routes that discovery may name. `grant_types`: the grants in Okta's order.
    What is not served is not named.
    """

    storage: Storage
    servers: Servers
    keys: KeyRing
    clock: Clock
    advertised: Iterable[Route]
    grant_types: Iterable[str]

    def routes(self) -> tuple[Route, ...]:
        """Serve both documents of all servers, also at the path form of RFC 8414."""
        paths = {
            f"/{_OIDC}": self.openid_configuration,
            f"/{_OAUTH}": self.oauth_authorization_server,
            f"/oauth2/{{server_id}}/{_OIDC}": self.openid_configuration,
            f"/oauth2/{{server_id}}/{_OAUTH}": self.oauth_authorization_server,
            f"/{_OAUTH}/oauth2/{{server_id}}": self.oauth_authorization_server,
        }
        return tuple(
            Route(
                method="GET",
                path=path,
                handler=handler,
                cors=Cors.ANYBODY_WITH_COOKIES,
            )
            for path, handler in paths.items()
        )

    async def openid_configuration(self, request: web.Request) -> web.Response:
        """OIDC Discovery 3."""
        server = await self._server_for(request)
        return self._answer(self._openid_document(server))

    async def oauth_authorization_server(self, request: web.Request) -> web.Response:
        """RFC 8414 3."""
        server = await self._server_for(request)
        return self._answer(self._oauth_document(server))

    def _answer(self, document: Mapping[str, Any]) -> web.Response:
        return cacheable(json_response(document), self.keys, self.clock)

    async def _server_for(self, request: web.Request) -> AuthorizationServer:
        """Return the server as the client of `client_id` sees it (facts/oauth A.5)."""
        server = await self.servers.of(request)
        client_id = query_of(request).get("client_id")
        if client_id is None:
            return server
        client = await self.storage.clients.get(client_id)
        if client is None:
            raise UnknownClient(client_id, status=400)
        return self.servers.for_client(server, client)

    def _openid_document(self, server: AuthorizationServer) -> dict[str, Any]:
        endpoints = self._endpoints(server)
        return {
            "issuer": server.issuer,
            **_picked(endpoints, "authorization_endpoint", "token_endpoint", "userinfo_endpoint"),
            "jwks_uri": endpoints["jwks_uri"],
            # Okta leaves 'token' and client_credentials out of this document, though they work.
            "response_types_supported": _response_types(without=("token",)),
            "response_modes_supported": list(RESPONSE_MODES),
            "grant_types_supported": self._grant_types(without=("client_credentials",)),
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": _published_scopes(server),
            "token_endpoint_auth_methods_supported": list(CLIENT_AUTHENTICATION_METHODS),
            "claims_supported": list(_OIDC_CLAIMS),
            **self._common_end(endpoints),
        }

    def _oauth_document(self, server: AuthorizationServer) -> dict[str, Any]:
        endpoints = self._endpoints(server)
        return {
            "issuer": server.issuer,
            **_picked(endpoints, "authorization_endpoint", "token_endpoint", "jwks_uri"),
            "response_types_supported": _response_types(),
            "response_modes_supported": list(RESPONSE_MODES),
            "grant_types_supported": self._grant_types(),
            "subject_types_supported": ["public"],
            "scopes_supported": _published_scopes(server),
            "token_endpoint_auth_methods_supported": list(CLIENT_AUTHENTICATION_METHODS),
            "claims_supported": list(_OAUTH_CLAIMS),
            **self._common_end(endpoints),
        }

    def _common_end(self, endpoints: Mapping[str, str]) -> dict[str, Any]:
        document: dict[str, Any] = {"code_challenge_methods_supported": ["S256"]}
        for name in _AUTHENTICATED:
            if name in endpoints:
                document[name] = endpoints[name]
                document[f"{name}_auth_methods_supported"] = list(CLIENT_AUTHENTICATION_METHODS)
        document |= _picked(endpoints, "end_session_endpoint")
        document["request_parameter_supported"] = True
        document["request_object_signing_alg_values_supported"] = [
            *HMAC_ALGORITHMS,
            *KEY_ALGORITHMS,
        ]
        document |= _picked(
            endpoints, "device_authorization_endpoint", "pushed_authorization_request_endpoint"
        )
        return document | {"dpop_signing_alg_values_supported": list(DPOP_ALGORITHMS)}

    def _endpoints(self, server: AuthorizationServer) -> dict[str, str]:
        marker = "server_id"
        return {
            route.metadata: server.base_url + route.path.replace(f"{{{marker}}}", server.id)
            for route in self.advertised
            if route.metadata is not None and (f"{{{marker}}}" in route.path) is not server.is_org
        }

    def _grant_types(self, without: tuple[str, ...] = ()) -> list[str]:
        """Return the grants in Okta's order; 'implicit' belongs to the authorize endpoint."""
        names = ["authorization_code", "implicit"]
        names += [name for name in self.grant_types if name not in names]
        return [name for name in names if name not in (*without, *UNADVERTISED_GRANTS)]


def _picked(endpoints: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: endpoints[name] for name in names if name in endpoints}


def _response_types(without: tuple[str, ...] = ()) -> list[str]:
    names = [" ".join(response_type) for response_type in RESPONSE_TYPES]
    return [name for name in names if name not in without]


def _published_scopes(server: AuthorizationServer) -> list[str]:
    return [scope.name for scope in server.scopes.values() if scope.published]
