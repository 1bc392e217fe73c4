"""The device authorization endpoint (RFC 8628 3.1 and 3.2; facts/oauth E.5)."""

from aiohttp import web
from msgspec import Struct

from mock_okta.oauth.checks.grant_types import grant_type_is_allowed
from mock_okta.oauth.checks.scopes import known_or_default, openid_goes_with_its_scopes
from mock_okta.oauth.client_authentication import ClientAuthentication
from mock_okta.oauth.grants.device_code import DEVICE_CODE
from mock_okta.oauth.requests import scopes_of
from mock_okta.oauth.responses import device_authorization_response
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.services.sign_in.devices import Devices
from mock_okta.web.errors import json_response
from mock_okta.web.routing import Cors, Route
from mock_okta.web.site import Site

__all__ = ["ACTIVATE_PATH", "DeviceEndpoint"]

ACTIVATE_PATH = "/activate"


class DeviceEndpoint(Struct, frozen=True, kw_only=True):
    """Gives a device one code to poll with, and another to show to a person.

    The policy is checked when a person allows the device, because the user is not known before.
    """

    servers: Servers
    client_authentication: ClientAuthentication
    devices: Devices
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve POST device/authorize."""
        metadata = "device_authorization_endpoint"
        return server_routes("POST", "/v1/device/authorize", self.post, Cors.ANYBODY, metadata)

    async def post(self, request: web.Request) -> web.Response:
        """RFC 8628 3.1."""
        server = await self.servers.of(request)
        parameters, client = await self.client_authentication.received(
            request, "device authorization"
        )
        grant_type_is_allowed(client, DEVICE_CODE)
        scopes = known_or_default(server, client, scopes_of(parameters))
        openid_goes_with_its_scopes(scopes)
        device_code, user_code = await self.devices.start(server, client, scopes)
        verification_uri = self.site.url + ACTIVATE_PATH
        return json_response(
            device_authorization_response(device_code, user_code, verification_uri)
        )
