"""`GET /email/verify/{token}`: where the link of an e-mail leads (facts/identity C, E)."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.idx.authenticators import EMAIL
from mock_okta.idx.remediations import Remediations
from mock_okta.idx.remediations.challenge_authenticator import ChallengeAuthenticator
from mock_okta.idx.requests import Body, Call, CredentialsGiven
from mock_okta.idx.scenes import Scenes
from mock_okta.model.failures import Failure, Overtaken, SpentOrExpired
from mock_okta.model.interactions import IdentityTransaction, MagicLink, Screen, Shown
from mock_okta.services.sign_in.transactions import Transactions
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
)
_STALE = Shown(
    key="idx.return.stale",
    text="This email link is out of date. Return to the screen where you requested it.",
    kind="ERROR",
)
_FAILED = Shown(
    key="idx.return.error",
    text="Could not process this email link. Return to the screen where you requested it.",
    kind="ERROR",
)


class MagicLinksEndpoint(Struct, frozen=True, kw_only=True):
    """Proves the address in the browser that signs in; in another one, shows the passcode.

    An app that has a page of its own for these links gets the passcode there, in any browser.
    Deviation: the browser is known by its device token; Okta does not say by what it knows it.
    """

    storage: Storage
    clock: Clock
    transactions: Transactions[IdentityTransaction]
    scenes: Scenes
    remediations: Remediations
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
        told = await self.transactions.advance(
            self.transactions.new(screen=Screen.ELSEWHERE, **facts)
        )
        location = self.site.url + path_to_go_on(told.handle)
        return web.Response(status=302, headers={"Location": location})

    async def _opened(self, request: web.Request, link: MagicLink | None) -> str | dict[str, Any]:
        """Return where the app takes the passcode, or what the org's own page says."""
        if link is None or link.ends_at <= self.clock.now():
            return {"message": _EXPIRED}
        try:
            transaction = await self._challenged(link)
            own_page = await self._page_of_app(transaction, link.passcode)
            if own_page is not None:
                return own_page
            device_token = self.cookies.device_token(request)
            if device_token is None or device_token != transaction.device_token:
                return _for_another_browser(transaction, link)
            await self._answer(transaction, link)
        except Failure as failure:
            request[NOTES].remarks.append(f"{type(failure).__name__}: {failure}")
            is_late = isinstance(failure, SpentOrExpired | Overtaken)
            return {"message": _STALE if is_late else _FAILED}
        return {"message": _RETURN, "user_id": transaction.user_id}

    async def _challenged(self, link: MagicLink) -> IdentityTransaction:
        """Return the transaction that waits for the passcode; raise SpentOrExpired."""
        transaction = await self.transactions.load(link.state_handle)
        challenge = transaction.challenge
        waits = transaction.screen in (Screen.CHALLENGE, Screen.ENROL)
        is_email = waits and transaction.authenticator == EMAIL
        if not is_email or challenge is None or challenge.value != link.passcode:
            raise SpentOrExpired("another code was sent since, or the sign-in has gone on")
        return transaction

    async def _answer(self, transaction: IdentityTransaction, link: MagicLink) -> None:
        """Post the passcode in the user's place; raise Overtaken if the link was used just now."""
        scene = await self.scenes.of(transaction)
        remediation = self.remediations.at(ChallengeAuthenticator.path, scene)
        if remediation is None:
            raise SpentOrExpired(f"nothing is asked on the screen {scene.screen}")
        given = CredentialsGiven(passcode=link.passcode)
        await remediation.take(scene, Call(body=Body(credentials=given)))

    async def _page_of_app(self, transaction: IdentityTransaction, passcode: str) -> str | None:
        interaction = transaction.interaction
        client = await self.storage.clients.get(transaction.client_id or "")
        if interaction is None or client is None or client.email_callback_uri is None:
            return None
        state = {} if interaction.state is None else {"state": interaction.state}
        joint = "&" if urlsplit(client.email_callback_uri).query else "?"
        return f"{client.email_callback_uri}{joint}{urlencode({'otp': passcode} | state)}"


def _for_another_browser(transaction: IdentityTransaction, link: MagicLink) -> dict[str, Any]:
    """Return the passcode, with what tells whose it is: the user, the app, and their browser."""
    return {
        "message": _ENTER,
        "draft": {"otp": link.passcode},
        "user_id": transaction.user_id,
        "purpose": transaction.purpose,
        "client_id": transaction.client_id,
        "user_agent": transaction.user_agent,
    }
