"""Where an app begins a sign-in by the Identity Engine (facts/identity A.2, A.7)."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
from aiohttp import web
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.ids import Ids
from mock_okta.model.failures import SpentOrExpired
from mock_okta.model.interactions import Interaction
from mock_okta.model.progress import RecoveryType
from mock_okta.oauth.authorization.assurance import most_seconds
from mock_okta.oauth.checks.authorization import (
    max_age_is_a_number,
    prompt_does_not_contradict_itself,
    registered_redirect_uri,
)
from mock_okta.oauth.checks.grant_types import grant_type_is_allowed
from mock_okta.oauth.checks.pkce import challenge_is_given_where_required, challenge_is_well_formed
from mock_okta.oauth.checks.scopes import (
    granted_scopes,
    openid_is_asked_where_needed,
    scopes_are_known,
)
from mock_okta.oauth.client_authentication import ClientAuthentication
from mock_okta.oauth.errors import AccessDenied, InvalidRequest
from mock_okta.oauth.grants.interaction_code import INTERACTION_CODE
from mock_okta.oauth.requests import Authorization, authorization_request
from mock_okta.oauth.servers import Servers, server_routes
from mock_okta.services.users.recovery import Recoveries
from mock_okta.storage import Storage
from mock_okta.web.errors import json_response
from mock_okta.web.requests import Parameters
from mock_okta.web.routing import Cors, Route

__all__ = ["InteractEndpoint"]

_LIFETIME = timedelta(hours=1)

ASKED: tuple[Callable[[Authorization], None], ...] = (
    challenge_is_well_formed,
    challenge_is_given_where_required,
    scopes_are_known,
    openid_is_asked_where_needed,
    prompt_does_not_contradict_itself,
    max_age_is_a_number,
)
"""Rules of /authorize that hold here too; Okta's SDKs send no `nonce` and need no `state`."""


class InteractEndpoint(Struct, frozen=True, kw_only=True):
    """Keeps what an app asks for under an interaction handle, which the engine introspects.

    A confidential client need not authenticate here, for Okta's Java SDK does so at /token alone; a
    wrong secret is refused. Recovery and activation tokens are looked at, not spent.
    """

    storage: Storage
    servers: Servers
    client_authentication: ClientAuthentication
    recoveries: Recoveries
    clock: Clock
    ids: Ids
    is_identity_engine: bool

    def routes(self) -> tuple[Route, ...]:
        """Serve POST interact; as at Okta, discovery does not name it."""
        return server_routes("POST", "/v1/interact", self.post, Cors.TRUSTED_ORIGINS)

    async def post(self, request: web.Request) -> web.Response:
        """Answer `{"interaction_handle": …}`; raise an OAuthError."""
        server = await self.servers.of(request)
        self._engine_is_there()
        parameters, client = await self.client_authentication.named(request, "interaction")
        grant_type_is_allowed(client, INTERACTION_CODE)
        # What it ends in is a code, so the rules for codes are its own.
        asked = msgspec.structs.replace(
            authorization_request(parameters), response_type=frozenset({"code"})
        )
        authorization = Authorization(
            server=server,
            client=client,
            redirect_uri=registered_redirect_uri(client, asked),
            request=asked,
        )
        for rule in ASKED:
            rule(authorization)
        await self._is_good(parameters, "recovery", RecoveryType.PASSWORD, RecoveryType.UNLOCK)
        await self._is_good(parameters, "activation", RecoveryType.ACCOUNT_ACTIVATION)
        handle = self.ids.opaque()
        await self.storage.interactions.put(handle, self._interaction(authorization, parameters))
        return json_response({"interaction_handle": handle})

    def _engine_is_there(self) -> None:
        if not self.is_identity_engine:
            raise AccessDenied(
                "The requested feature is not enabled in this environment.",
                remark="the org runs the Classic Engine, and /interact is of the Identity Engine",
            )

    async def _is_good(self, parameters: Parameters, kind: str, *types: RecoveryType) -> None:
        """A recovery or activation token that is sent is known, unused and not too old."""
        token = parameters.get(f"{kind}_token")
        if token is None:
            return
        try:
            await self.recoveries.find_redeemable(token, *types)
        except SpentOrExpired as failure:
            raise InvalidRequest(f"The {kind} token is invalid", remark=str(failure)) from failure

    def _interaction(self, authorization: Authorization, parameters: Parameters) -> Interaction:
        asked = authorization.request
        return Interaction(
            server_id=authorization.server.id,
            client_id=authorization.client.client_id,
            redirect_uri=authorization.redirect_uri,
            scopes=granted_scopes(authorization),
            expires_at=self.clock.now() + _LIFETIME,
            state=asked.state,
            nonce=asked.nonce,
            code_challenge=asked.code_challenge,
            acr_values=asked.acr_values,
            max_age=most_seconds(asked.max_age),
            prompt=asked.prompt,
            login_hint=asked.login_hint,
            recovery_token=parameters.get("recovery_token"),
            activation_token=parameters.get("activation_token"),
        )
