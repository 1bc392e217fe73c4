"""`/api/v1/authn` and what lies below it: the wire's side of the state machine."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from msgspec import Struct

from mock_okta.authn.errors import NotAllowedNow, failures_told
from mock_okta.authn.operations import PATHS, Operation
from mock_okta.authn.parts import Parts
from mock_okta.authn.requests import Call, call_of
from mock_okta.authn.steps import Beginning, activation, primary
from mock_okta.authn.transitions import BEGINNINGS, TRANSITIONS
from mock_okta.model.failures import Overtaken, SpentOrExpired
from mock_okta.web.api_tokens import ApiTokens
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import json_response
from mock_okta.web.routing import Cors, Handler, Route

__all__ = ["AuthnEndpoint"]


class AuthnEndpoint(Struct, frozen=True, kw_only=True):
    """Takes a request to the step that the table has for the transaction's status."""

    parts: Parts
    cookies: Cookies
    api_tokens: ApiTokens

    def routes(self) -> tuple[Route, ...]:
        """Serve every operation's path, and those that begin; POST authn does both."""
        handlers = {path: self._handler_of(operation) for operation, path in PATHS.items()}
        handlers |= {path: self._handler_beginning(step) for path, step in BEGINNINGS.items()}
        handlers[PATHS[Operation.AUTHENTICATE]] = self.begin
        return tuple(
            Route(method="POST", path=path, handler=handler, cors=Cors.TRUSTED_ORIGINS)
            for path, handler in handlers.items()
        )

    async def begin(self, request: web.Request) -> web.Response:
        """Begin a transaction, or go on with the one whose state token came (facts/oauth C.1)."""
        return await self._answer(request, self._begun)

    async def _begun(self, call: Call) -> dict[str, Any]:
        body = call.body
        if body.state_token is None and body.token is not None:
            return await activation.begin(self.parts, call)
        if body.state_token is None:
            return await primary.sign_in(self.parts, call)
        shows = body.username is None and body.password is None
        operation = Operation.INTROSPECT if shows else Operation.AUTHENTICATE
        return await self._operate(operation, call)

    def _handler_of(self, operation: Operation) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            async def operated(call: Call) -> dict[str, Any]:
                return await self._operate(operation, call)

            return await self._answer(request, operated)

        return handler

    def _handler_beginning(self, step: Beginning) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            async def begun(call: Call) -> dict[str, Any]:
                return await step(self.parts, call)

            return await self._answer(request, begun)

        return handler

    async def _operate(self, operation: Operation, call: Call) -> dict[str, Any]:
        """Take the step; again from the start if somebody else was faster."""
        state_token = call.body.state_token
        if not state_token:
            raise SpentOrExpired("there is no stateToken")
        while True:
            transaction = await self.parts.transactions.load(state_token)
            step = TRANSITIONS.get((transaction.status, operation))
            if step is None:
                raise NotAllowedNow(remark=f"{operation} is not allowed in {transaction.status}")
            try:
                return await step(self.parts, transaction, call)
            except Overtaken:
                continue

    async def _answer(
        self, request: web.Request, act: Callable[[Call], Awaitable[dict[str, Any]]]
    ) -> web.Response:
        """Answer with what `act` returns; a browser whose device is remembered gets a cookie."""
        known = self.cookies.device_token(request)
        device_token = known or self.parts.ids.device_token()
        call = await call_of(request, device_token, is_trusted=await self._is_trusted(request))
        with failures_told():
            body = await act(call)
        response = json_response(body)
        if call.remember_device and known is None:
            self.cookies.keep_device(response, device_token)
        return response

    async def _is_trusted(self, request: web.Request) -> bool:
        """Tell whether an API token comes along; raise InvalidApiToken if it is none."""
        if not request.headers.get("Authorization", "").lower().startswith("ssws "):
            return False
        await self.api_tokens.of(request)
        return True
