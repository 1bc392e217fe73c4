"""The device grant (RFC 8628 3.4 and 3.5; facts/oauth D.9).

Okta's guide only shows the error `authorization_pending`; the other texts are our own.
"""

from typing import Any

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.model.authorization_servers import AuthorizationServer
from mock_okta.model.clients import Client
from mock_okta.model.grants import DeviceAuthorization, DeviceDecision
from mock_okta.oauth.errors import (
    AccessDenied,
    AuthorizationPending,
    ExpiredToken,
    InvalidGrant,
    InvalidRequest,
    SlowDown,
)
from mock_okta.oauth.grants.grant import issued_first
from mock_okta.oauth.requests import TokenRequest
from mock_okta.services.directory.lookup import usable_user
from mock_okta.services.sign_in.devices import DEVICE_CODE, Devices
from mock_okta.services.tokens.token_claims import Granted
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.storage import Storage

__all__ = ["DEVICE_CODE", "DeviceCodeGrant"]

_SPENT = "The device code is invalid or has expired."


def device_code_is_of_client(
    device: DeviceAuthorization | None, server: AuthorizationServer, client: Client
) -> DeviceAuthorization:
    """RFC 6749 5.2. Returns the device."""
    if device is None or device.server_id != server.id:
        raise InvalidGrant(_SPENT, remark="the device code is unknown, used, or expired long ago")
    if device.client_id != client.client_id:
        raise InvalidGrant(_SPENT, remark=f"the device code belongs to client {device.client_id}")
    return device


class DeviceCodeGrant(Struct, frozen=True, kw_only=True):
    """Issues tokens to a device once, after its user allowed it; until then it must poll again."""

    storage: Storage
    clock: Clock
    devices: Devices
    tokens: Tokens

    async def redeem(
        self, server: AuthorizationServer, client: Client, request: TokenRequest
    ) -> dict[str, Any]:
        if request.device_code is None:
            raise InvalidRequest("The token request must specify a 'device_code'.")
        devices = self.storage.device_authorizations
        device = device_code_is_of_client(await devices.get(request.device_code), server, client)
        await self._user_has_allowed(device, request.device_code)
        taken = await devices.take(request.device_code)
        if taken is None:
            raise InvalidGrant(_SPENT)
        granted = await self._granted(taken, server, client, request.jkt)
        return await issued_first(self.tokens, granted)

    async def _user_has_allowed(self, device: DeviceAuthorization, device_code: str) -> None:
        """RFC 8628 3.5."""
        if device.ends_at <= self.clock.now():
            raise ExpiredToken("The device code has expired.")
        match device.decision:
            case DeviceDecision.ALLOWED:
                return
            case DeviceDecision.DENIED:
                raise AccessDenied("The device authorization was denied.")
            case DeviceDecision.PENDING:
                await self._is_pending(device_code)

    async def _is_pending(self, device_code: str) -> None:
        if await self.devices.polls_too_fast(device_code):
            raise SlowDown("The device polls too fast. Wait for the interval between requests.")
        raise AuthorizationPending(
            "The device authorization is pending. Please try again later.",
            remark="no user has entered the user code at /activate and decided yet",
        )

    async def _granted(
        self,
        device: DeviceAuthorization,
        server: AuthorizationServer,
        client: Client,
        jkt: str | None,
    ) -> Granted:
        user = await usable_user(self.storage, device.user_id)
        if user is None:
            raise InvalidGrant(_SPENT, remark="the user who allowed the device was removed")
        return Granted(
            server=server,
            client=client,
            user=user,
            scopes=device.scopes,
            lifetimes=device.lifetimes,
            amr=device.amr,
            authenticated_at=device.authenticated_at,
            jkt=jkt,
            idp_id=device.idp_id,
        )
