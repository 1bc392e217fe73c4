"""`/api/v1/authn` and the paths below it: the HTTP side of the state machine."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.authn.errors import NotAllowedNow, failures_rendered
from mock_okta.authn.operations import PATHS, Operation
from mock_okta.authn.requests import Call, call_of
from mock_okta.authn.transitions import Beginning, BoundStep
from mock_okta.ids import Ids
from mock_okta.model.failures import Overtaken, SpentOrExpired
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.web.api_tokens import ApiTokens
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import json_response
from mock_okta.web.routing import Cors, Handler, Route

__all__ = ["AuthnEndpoint"]


class AuthnEndpoint(Struct, frozen=True, kw_only=True):
    """Calls the step that the table has for the transaction's status.

    `steps` and `beginnings`: the tables of `transitions`, with their methods bound; `sign_in` and
    `activate`: what POST authn begins, by user name or by activation token.
    """

    steps: Mapping[tuple[Status, Operation], BoundStep]
    beginnings: Mapping[str, Beginning]
    sign_in: Beginning
    activate: Beginning
    transactions: Transactions[Transaction]
    ids: Ids
    cookies: Cookies
    api_tokens: ApiTokens

    def routes(self) -> tuple[Route, ...]:
        """Serve the paths of all operations and beginnings; POST authn is both."""
        handlers = {path: self._handler_of(operation) for operation, path in PATHS.items()}
        handlers |= {path: self._handler_beginning(act) for path, act in self.beginnings.items()}
        handlers[PATHS[Operation.AUTHENTICATE]] = self.begin
        return tuple(
            Route(method="POST", path=path, handler=handler, cors=Cors.TRUSTED_ORIGINS)
            for path, handler in handlers.items()
        )

    async def begin(self, request: web.Request) -> web.Response:
        """Begin a transaction, or go on with that of the state token (facts/oauth C.1)."""
        return await self._answer(request, self._begun)

    async def _begun(self, call: Call) -> dict[str, Any]:
        body = call.body
        if body.state_token is None and body.token is not None:
            return await self.activate(call)
        if body.state_token is None:
            return await self.sign_in(call)
        shows = body.username is None and body.password is None
        operation = Operation.INTROSPECT if shows else Operation.AUTHENTICATE
        return await self._operate(operation, call)

    def _handler_of(self, operation: Operation) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            async def operated(call: Call) -> dict[str, Any]:
                return await self._operate(operation, call)

            return await self._answer(request, operated)

        return handler

    def _handler_beginning(self, act: Beginning) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            return await self._answer(request, act)

        return handler

    async def _operate(self, operation: Operation, call: Call) -> dict[str, Any]:
        """Take the step; start again if another request changed the transaction meanwhile."""
        state_token = call.body.state_token
        if not state_token:
            raise SpentOrExpired("there is no stateToken")
        while True:
            transaction = await self.transactions.load(state_token)
            step = self.steps.get((transaction.status, operation))
            if step is None:
                raise NotAllowedNow(remark=f"{operation} is not allowed in {transaction.status}")
            try:
                return await step(transaction, call)
            except Overtaken:
                continue

    async def _answer(self, request: web.Request, act: Beginning) -> web.Response:
        """Answer with what `act` returns; set a cookie if the device is to be remembered."""
        known = self.cookies.device_token(request)
        device_token = known or self.ids.device_token()
        call = await call_of(request, device_token, is_trusted=await self._is_trusted(request))
        with failures_rendered():
            body = await act(call)
        response = json_response(body)
        if call.remember_device and known is None:
            self.cookies.keep_device(response, device_token)
        return response

    async def _is_trusted(self, request: web.Request) -> bool:
        """Return whether the request has an API token; raise InvalidApiToken for a wrong one."""
        if not request.headers.get("Authorization", "").lower().startswith("ssws "):
            return False
        await self.api_tokens.of(request)
        return True
