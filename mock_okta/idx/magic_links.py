"""`GET /email/verify/{token}`: where the link of an e-mail leads (facts/identity C, E)."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from msgspec import Struct

from mock_okta.idx.authenticators import EMAIL
from mock_okta.idx.remediations.email_consent import (
    EXPIRED,
    RETURN,
    OpenedLinks,
    failed_to_open,
)
from mock_okta.model.failures import Failure
from mock_okta.model.interactions import IdentityTransaction, MagicLink, Purpose, Screen, Shown
from mock_okta.services.directory.policies import Policies
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.hosted_pages import MAGIC_LINK, path_to_go_on
from mock_okta.web.requests import NOTES
from mock_okta.web.routing import Route
from mock_okta.web.site import Site

__all__ = ["MagicLinksEndpoint"]

_ENTER = Shown(
    key="idx.enter.otp.in.original.tab", text="Enter the OTP in your original browser or device."
)


class MagicLinksEndpoint(Struct, frozen=True, kw_only=True):
    """Proves the address in the browser that signs in; in another one, shows the passcode or asks.

    An app that has a page of its own for these links gets the passcode there, in any browser.
    Deviation: the browser is known by its device token; Okta does not say by what it knows it.
    """

    storage: Storage
    policies: Policies
    transactions: Transactions[IdentityTransaction]
    links: OpenedLinks
    cookies: Cookies
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve the link."""
        return (Route(method="GET", path=MAGIC_LINK, handler=self.open, is_safe=False),)

    async def open(self, request: web.Request) -> web.Response:
        """Send the browser to the page that says what came of it."""
        token = request.match_info["token"]
        facts = await self._opened(request, token)
        if isinstance(facts, str):
            return web.Response(status=302, headers={"Location": facts})
        told = await self.transactions.advance(self.transactions.new(**facts))
        location = self.site.url + path_to_go_on(told.handle)
        return web.Response(status=302, headers={"Location": location})

    async def _opened(self, request: web.Request, token: str) -> str | dict[str, Any]:
        """Return where the app takes the passcode, or what the org's own page shows."""
        link = await self.links.link_of(token)
        if link is None:
            return _told(EXPIRED)
        try:
            transaction = await self.links.challenged(link)
            own_page = await self._page_of_app(transaction, link.passcode)
            if own_page is not None:
                return own_page
            device_token = self.cookies.device_token(request)
            if device_token is None or device_token != transaction.device_token:
                return await self._in_another_browser(transaction, link, token)
            await self.links.answer(transaction, link)
        except Failure as failure:
            request[NOTES].remarks.append(f"{type(failure).__name__}: {failure}")
            return _told(failed_to_open(failure))
        return _told(RETURN) | {"user_id": transaction.user_id}

    async def _in_another_browser(
        self, transaction: IdentityTransaction, link: MagicLink, token: str
    ) -> dict[str, Any]:
        """Return the passcode, or the question that the org has in its place.

        Both with what tells whose it is: the user, the app, and their browser.
        """
        whose = {
            "user_id": transaction.user_id,
            "client_id": transaction.client_id,
            "user_agent": transaction.user_agent,
        }
        known = await self.policies.authenticators()
        if known[EMAIL].settings.link_asks_consent:
            asks = {"screen": Screen.EMAIL_CONSENT, "purpose": Purpose.CONSENT}
            return {**whose, **asks, "draft": {"link": token}}
        shown = {"draft": {"otp": link.passcode}, "purpose": transaction.purpose}
        return {**whose, **shown, **_told(_ENTER)}

    async def _page_of_app(self, transaction: IdentityTransaction, passcode: str) -> str | None:
        interaction = transaction.interaction
        client = await self.storage.clients.get(transaction.client_id or "")
        if interaction is None or client is None or client.email_callback_uri is None:
            return None
        state = {} if interaction.state is None else {"state": interaction.state}
        joint = "&" if urlsplit(client.email_callback_uri).query else "?"
        return f"{client.email_callback_uri}{joint}{urlencode({'otp': passcode} | state)}"


def _told(message: Shown) -> dict[str, Any]:
    return {"screen": Screen.ELSEWHERE, "message": message}
