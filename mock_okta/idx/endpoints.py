"""`/idp/idx/*`: the wire's side of the remediations (facts/identity A.3)."""

from typing import Any

from aiohttp import web
from msgspec import Struct, structs

from mock_okta.ids import Ids
from mock_okta.idx.beginning import Beginnings
from mock_okta.idx.documents import Documents, messages_alone
from mock_okta.idx.errors import NotOffered, Refusal, refusal_of
from mock_okta.idx.ion import MEDIA_TYPE, Ion
from mock_okta.idx.remediations import Remediations
from mock_okta.idx.requests import Call, call_of
from mock_okta.idx.scenes import Scenes
from mock_okta.model.failures import (
    Failure,
    Overtaken,
    PolicyRefused,
    SpentOrExpired,
    WrongPassword,
)
from mock_okta.model.interactions import IdentityTransaction
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import json_response
from mock_okta.web.requests import NOTES
from mock_okta.web.routing import Cors, Handler, Route

__all__ = ["IdxEndpoint"]


class IdxEndpoint(Struct, frozen=True, kw_only=True):
    """Takes what is posted to the remediation that the table has for the transaction's screen."""

    beginnings: Beginnings
    transactions: Transactions[IdentityTransaction]
    scenes: Scenes
    remediations: Remediations
    documents: Documents
    cookies: Cookies
    ids: Ids

    def routes(self) -> tuple[Route, ...]:
        """Serve introspect, and the path of every remediation."""
        handlers: dict[str, Handler] = {"introspect": self.introspect}
        handlers |= {path: self._handler_of(path) for path in self.remediations.paths}
        return tuple(
            Route(
                method="POST",
                path=f"/idp/idx/{path}",
                handler=handler,
                cors=Cors.TRUSTED_ORIGINS,
            )
            for path, handler in handlers.items()
        )

    async def introspect(self, request: web.Request) -> web.Response:
        """Show where a transaction stands, by any handle; begin it for an interaction handle."""

        async def shown(call: Call) -> IdentityTransaction:
            session = await self.cookies.session(request)
            while True:
                try:
                    return await self.beginnings.introspected(call, session)
                except Overtaken:
                    continue

        return await self._answer(request, shown)

    def _handler_of(self, path: str) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            async def taken(call: Call) -> IdentityTransaction:
                return await self._take(path, call)

            return await self._answer(request, taken)

        return handler

    async def _take(self, path: str, call: Call) -> IdentityTransaction:
        """Take the remediation; start again if another request was faster."""
        while True:
            transaction = _asked_from(
                await self.transactions.load(call.body.state_handle or ""), call
            )
            scene = await self.scenes.of(transaction)
            remediation = self.remediations.at(path, scene)
            try:
                if remediation is None:
                    return await self._led_on(path, transaction)
                return await remediation.take(scene, call)
            except Overtaken:
                continue

    async def _led_on(self, path: str, transaction: IdentityTransaction) -> IdentityTransaction:
        """Return the transaction, moved on if its screen is no longer due."""
        moved = await self.beginnings.settling.as_due(transaction)
        if moved is transaction:
            raise NotOffered(f"{path} is not offered on the screen {transaction.screen}")
        return moved

    async def _answer(self, request: web.Request, act: Any) -> web.Response:
        """Answer with the document of what `act` returns; a browser gets a device token."""
        known = self.cookies.device_token(request)
        device_token = known or self.ids.device_token()
        call = await call_of(request, device_token, request.cookies.get(self.cookies.session_name))
        try:
            transaction = await act(call)
            response = _ion(self.documents.of(await self.scenes.of(transaction)))
        except Failure as failure:
            refusal = refusal_of(failure)
            if refusal is None:
                raise
            request[NOTES].remarks.append(_why(failure))
            response = _ion(await self._refused(call, refusal), status=refusal.status)
        if known is None:
            self.cookies.keep_device(response, device_token)
        return response

    async def _refused(self, call: Call, refusal: Refusal) -> Ion:
        """Return the whole document of the transaction as it is, with the refusal in it.

        The refusal alone, where the transaction is no more or a policy refuses its screen, too.
        """
        handle = call.body.state_handle or call.body.state_token or ""
        try:
            scene = await self.scenes.of(await self.transactions.load(handle))
        except (SpentOrExpired, PolicyRefused):
            return messages_alone(refusal)
        return self.documents.of(scene, refusal)


def _asked_from(transaction: IdentityTransaction, call: Call) -> IdentityTransaction:
    """Note the browser of a sign-in that began on a server or on a link: its first one counts."""
    return structs.replace(
        transaction,
        device_token=transaction.device_token or call.device_token,
        user_agent=call.user_agent,
    )


def _why(failure: Failure) -> str:
    """Return the true reason, for the log. The user may be told another one."""
    cause = failure.__cause__
    true = cause if isinstance(cause, WrongPassword) else failure
    return f"{type(true).__name__}: {true}"


def _ion(body: Ion, *, status: int = 200) -> web.Response:
    return json_response(body, status=status, text=MEDIA_TYPE)
