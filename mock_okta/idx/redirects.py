"""`GET /login/token/redirect`: the end of a sign-in on a page of the org."""

from urllib.parse import urlencode, urlsplit

from aiohttp import web
from msgspec import Struct

from mock_okta.model.failures import NotSignable, Overtaken, SpentOrExpired
from mock_okta.model.interactions import IdentityTransaction, Interaction, Screen
from mock_okta.services.directory.lookup import usable_user
from mock_okta.services.sign_in.sessions import Sessions
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.errors import ShownError
from mock_okta.web.hosted_pages import HOME
from mock_okta.web.requests import query_of
from mock_okta.web.routing import Route
from mock_okta.web.site import Site

__all__ = ["TOKEN_REDIRECT", "TokenRedirectEndpoint", "returned_to"]

TOKEN_REDIRECT = "/login/token/redirect"


def returned_to(interaction: Interaction, **told: str) -> str:
    """Return where the app's page is told that; its state goes with it."""
    state = {} if interaction.state is None else {"state": interaction.state}
    joint = "&" if urlsplit(interaction.redirect_uri).query else "?"
    return f"{interaction.redirect_uri}{joint}{urlencode(told | state)}"


class TokenRedirectEndpoint(Struct, frozen=True, kw_only=True):
    """Spends a sign-in that succeeded: begins a session, or lifts one, and sends the browser on.

    What stands on a session does not outlive it. Unverified: what Okta does then.
    """

    storage: Storage
    sessions: Sessions
    transactions: Transactions[IdentityTransaction]
    cookies: Cookies
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve GET /login/token/redirect."""
        return (Route(method="GET", path=TOKEN_REDIRECT, handler=self.redirect, is_safe=False),)

    async def redirect(self, request: web.Request) -> web.Response:
        """Set the session's cookie and go to the app, or on with its request to /authorize."""
        transaction = await self._spent(query_of(request).get("stateToken") or "")
        response = web.Response(status=302, headers={"Location": self._goes_on_to(transaction)})
        live = await self.cookies.session(request)
        if transaction.session_id is not None:
            if live is None or live.id != transaction.session_id:
                raise ShownError("access_denied", "The session of the sign-in is over.")
            if transaction.proofs:
                await self.sessions.lift(live, transaction.amr, transaction.proofs)
            return response
        user = await usable_user(self.storage, transaction.user_id)
        if user is None:
            raise ShownError("access_denied", "The user is no more.")
        try:
            session = await self.sessions.begin(
                user,
                amr=transaction.amr,
                idp_id=transaction.idp_id,
                fingerprint=transaction.fingerprint,
                proofs=transaction.proofs,
            )
        except NotSignable as failure:
            raise ShownError("access_denied", "The user may not sign in any more.") from failure
        if transaction.keeps_signed_in:
            session = await self.sessions.keep(session)
        await self.cookies.begin_session(request, response, session)
        return response

    def _goes_on_to(self, transaction: IdentityTransaction) -> str:
        interaction = transaction.interaction
        if interaction is None:
            target = transaction.target or HOME
            return target if urlsplit(target).scheme else f"{self.site.url}{target}"
        return returned_to(interaction, interaction_code=str(transaction.draft["interaction_code"]))

    async def _spent(self, state_token: str) -> IdentityTransaction:
        try:
            transaction = await self.transactions.load(state_token)
            if transaction.screen is Screen.SUCCESS:
                await self.transactions.finish(transaction)
                return transaction
            why = f"the transaction stands at {transaction.screen}"
        except (SpentOrExpired, Overtaken) as failure:
            why = f"{type(failure).__name__}: {failure}"
        raise ShownError(
            "invalid_request", "The sign-in is unknown, not over yet, or has expired.", remark=why
        )
