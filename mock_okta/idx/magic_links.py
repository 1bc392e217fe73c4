"""`GET /email/verify/{token}`: where the link of an e-mail leads (facts/identity C, E)."""

from urllib.parse import urlencode, urlsplit

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.idx.settling import Settling
from mock_okta.model.factors import FactorKey
from mock_okta.model.failures import Failure, SpentOrExpired
from mock_okta.model.interactions import IdentityTransaction, MagicLink, Screen, Shown
from mock_okta.storage import Storage
from mock_okta.web.cookies import Cookies
from mock_okta.web.hosted_pages import MAGIC_LINK, path_to_go_on
from mock_okta.web.requests import NOTES
from mock_okta.web.routing import Route
from mock_okta.web.site import Site

__all__ = ["MagicLinksEndpoint"]

_RETURN = Shown(key="idx.return.to.original.tab", text="Please return to the original tab.")
_ENTER = Shown(
    key="idx.enter.otp.in.original.tab", text="Enter the OTP in your original browser or device."
)
_EXPIRED = Shown(
    key="idx.return.link.expired",
    text="This email link has expired. To resend it, return to the screen where you requested it.",
    kind="ERROR",
)
_STALE = Shown(
    key="idx.return.stale",
    text="This email link is out of date. Return to the screen where you requested it.",
    kind="ERROR",
)


class MagicLinksEndpoint(Struct, frozen=True, kw_only=True):
    """Proves the address in the browser that signs in; in another one, shows the passcode.

    An app that has a page of its own for these links gets the passcode there, in any browser.
    Deviation: the browser is known by its device token; Okta does not say by what it knows it.
    """

    storage: Storage
    clock: Clock
    settling: Settling
    cookies: Cookies
    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Serve the link."""
        return (Route(method="GET", path=MAGIC_LINK, handler=self.open, is_safe=False),)

    async def open(self, request: web.Request) -> web.Response:
        """Send the browser to the page that says what came of it."""
        link = await self.storage.magic_links.get(request.match_info["token"])
        facts = await self._opened(request, link)
        if isinstance(facts, str):
            return web.Response(status=302, headers={"Location": facts})
        transactions = self.settling.transactions
        told = await transactions.advance(transactions.new(screen=Screen.OVER, **facts))
        location = self.site.url + path_to_go_on(told.handle)
        return web.Response(status=302, headers={"Location": location})

    async def _opened(
        self, request: web.Request, link: MagicLink | None
    ) -> str | dict[str, object]:
        """Return where the app takes the passcode, or what the org's own page says."""
        if link is None or link.ends_at <= self.clock.now():
            return {"message": _EXPIRED}
        try:
            transaction = await self._challenged(link)
            own_page = await self._page_of_app(transaction, link.passcode)
            if own_page is not None:
                return own_page
            whose = {"user_id": transaction.user_id, "purpose": transaction.purpose}
            if self.cookies.device_token(request) != transaction.device_token:
                return {"message": _ENTER, "draft": {"otp": link.passcode}, **whose}
            await self._prove(transaction)
        except Failure as failure:
            request[NOTES].remarks.append(f"{type(failure).__name__}: {failure}")
            return {"message": _STALE}
        return {"message": _RETURN, "user_id": transaction.user_id}

    async def _challenged(self, link: MagicLink) -> IdentityTransaction:
        """Return the transaction that waits for the passcode; raise SpentOrExpired."""
        transaction = await self.settling.transactions.load(link.state_handle)
        challenge = transaction.challenge
        waits = transaction.screen in (Screen.CHALLENGE, Screen.ENROL)
        if not waits or challenge is None or challenge.value != link.passcode:
            raise SpentOrExpired("another code was sent since, or the sign-in has gone on")
        return transaction

    async def _prove(self, transaction: IdentityTransaction) -> None:
        user = await self.storage.users.get(transaction.user_id or "")
        if user is None:
            raise SpentOrExpired("the user is no more")
        await self.settling.proved(transaction, user, FactorKey.EMAIL)

    async def _page_of_app(self, transaction: IdentityTransaction, passcode: str) -> str | None:
        interaction = transaction.interaction
        client = await self.settling.client_of(transaction)
        if interaction is None or client is None or client.email_callback_uri is None:
            return None
        state = {} if interaction.state is None else {"state": interaction.state}
        joint = "&" if urlsplit(client.email_callback_uri).query else "?"
        return f"{client.email_callback_uri}{joint}{urlencode({'otp': passcode} | state)}"
