"""`GET /login/step-up/redirect`: where a step-up ends (facts/classic C.2, D)."""

from aiohttp import web
from msgspec import Struct

from mock_okta.model.directory import User
from mock_okta.model.failures import NotSignable, Overtaken, SpentOrExpired
from mock_okta.model.sessions import Session
from mock_okta.model.transactions import Status, Transaction
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.storage import Collection
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import ShownError
from mock_okta.web.requests import query_of
from mock_okta.web.routing import Route
from mock_okta.web.site import Site

__all__ = ["StepUpEndpoint"]


class StepUpEndpoint(Struct, frozen=True, kw_only=True):
    """Ends a step-up that succeeded, and redirects to the request that asked for it."""

    users: Collection[User]
    sessions: Sessions
    transactions: Transactions[Transaction]
    cookies: Cookies
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve GET /login/step-up/redirect."""
        path = "/login/step-up/redirect"
        return (Route(method="GET", path=path, handler=self.redirect, is_safe=False),)

    async def redirect(self, request: web.Request) -> web.Response:
        """Step up the browser's session, or begin one if the user signed in again."""
        transaction = await self._spent(query_of(request).get("stateToken") or "")
        location = f"{self.site.url}{transaction.target}"
        response = web.Response(status=302, headers={"Location": location})
        if transaction.session_id is None:
            session = await self._new_session(transaction)
            await self.cookies.begin_session(request, response, session)
            return response
        session_of_browser = await self.cookies.session(request)
        # The proofs count only for the session in which they were made; in another, the target asks
        # for a sign-in. A consent adds no authentication method.
        is_its_own = session_of_browser is not None and (
            session_of_browser.id == transaction.session_id
        )
        if session_of_browser is not None and is_its_own and transaction.is_step_up:
            await self.sessions.lift(session_of_browser, transaction.amr)
        return response

    async def _spent(self, state_token: str) -> Transaction:
        try:
            transaction = await self.transactions.load(state_token)
            if transaction.status is Status.SUCCESS:
                await self.transactions.finish(transaction)
                return transaction
            why = f"the transaction is in status {transaction.status}"
        except (SpentOrExpired, Overtaken) as failure:
            why = f"{type(failure).__name__}: {failure}"
        raise ShownError(
            "invalid_request", "The sign-in is unknown, unfinished or expired.", remark=why
        )

    async def _new_session(self, transaction: Transaction) -> Session:
        user = await self.users.get(transaction.user_id or "")
        if user is None:
            raise ShownError("access_denied", "The user was removed.")
        try:
            return await self.sessions.begin(
                user, amr=transaction.amr, fingerprint=transaction.fingerprint
            )
        except NotSignable as failure:
            raise ShownError("access_denied", "The user may no longer sign in.") from failure
