"""`email-challenge-consent`: asks who opens a link whether it was they who began to sign in."""

from collections.abc import Iterable

from msgspec import Struct

from mock_okta.clock import Clock
from mock_okta.idx.authenticators import EMAIL
from mock_okta.idx.ion import Ion, field
from mock_okta.idx.remediations.challenge_authenticator import ChallengeAuthenticator
from mock_okta.idx.remediations.enroll_authenticator import EnrollAuthenticator
from mock_okta.idx.remediations.remediation import Remediation
from mock_okta.idx.requests import Body, Call, CredentialsGiven
from mock_okta.idx.scenes import Scene, Scenes
from mock_okta.idx.settling import CLEARED
from mock_okta.idx.user_agents import browser_of
from mock_okta.model.failures import Failure, Overtaken, SpentOrExpired, Unsuitable
from mock_okta.model.interactions import IdentityTransaction, MagicLink, Screen, Shown
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.services.users.registration import LEFT_OUT
from mock_okta.storage import Storage

__all__ = ["EXPIRED", "RETURN", "EmailChallengeConsent", "OpenedLinks", "failed_to_open"]

RETURN = Shown(key="idx.return.to.original.tab", text="Please return to the original tab.")
EXPIRED = Shown(
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
_DENIED_HERE = Shown(
    key="idx.operation.cancelled.on.other.device",
    text="Access denied on other device.",
    kind="ERROR",
)
_DENIED_THERE = Shown(
    key="idx.operation.cancelled.by.user", text="Operation cancelled by user.", kind="ERROR"
)
"""By the samples' intents: CONSENT is that of the page that asks, LOGIN that of the sign-in."""
_HOME_PAGE = "Okta Dashboard"
"""The third generation draws nothing where no app is named."""


def failed_to_open(failure: Failure) -> Shown:
    """Return what is said where a link is opened that leads nowhere."""
    return _STALE if isinstance(failure, SpentOrExpired | Overtaken) else _FAILED


class OpenedLinks(Struct, frozen=True, kw_only=True):
    """Answers the challenge of a link in the user's place, or ends the sign-in that asked it."""

    storage: Storage
    clock: Clock
    transactions: Transactions[IdentityTransaction]
    scenes: Scenes
    proving: ChallengeAuthenticator
    enrolling: EnrollAuthenticator

    async def link_of(self, token: str) -> MagicLink | None:
        """Return the link; None for one that is too late, or never was."""
        link = await self.storage.magic_links.get(token)
        return None if link is None or link.ends_at <= self.clock.now() else link

    async def challenged(self, link: MagicLink) -> IdentityTransaction:
        """Return the transaction that waits for the passcode; raise SpentOrExpired."""
        transaction = await self.transactions.load(link.state_handle)
        challenge = transaction.challenge
        waits = transaction.screen in (Screen.CHALLENGE, Screen.ENROL)
        is_email = waits and transaction.authenticator == EMAIL
        if not is_email or challenge is None or challenge.value != link.passcode:
            raise SpentOrExpired("another code was sent since, or the sign-in has gone on")
        return transaction

    async def answer(self, transaction: IdentityTransaction, link: MagicLink) -> None:
        """Post the passcode in the user's place; raise Overtaken if the link was used just now."""
        scene = await self.scenes.of(transaction)
        asked = self.enrolling if transaction.screen is Screen.ENROL else self.proving
        if not asked.is_offered(scene):
            raise SpentOrExpired(f"nothing is asked on the screen {scene.screen}")
        given = CredentialsGiven(passcode=link.passcode)
        await asked.take(scene, Call(body=Body(credentials=given)))

    async def deny(self, transaction: IdentityTransaction) -> None:
        """End the sign-in: the owner of the address did not begin it."""
        await self.transactions.advance(
            transaction, **CLEARED, draft={}, screen=Screen.OVER, message=_DENIED_THERE
        )


class EmailChallengeConsent(Remediation, frozen=True, kw_only=True):
    """Lets the browser that waits continue, or ends its sign-in; each link is answered once.

    Unverified: what Okta says of an answer that comes too late; here it is what the link says.
    """

    name = "email-challenge-consent"
    path = "consent"

    links: OpenedLinks

    def fields(self, scene: Scene) -> Iterable[Ion]:
        options = [{"label": "Allow", "value": True}, {"label": "Deny", "value": False}]
        yield field("consent", type="boolean", required=True, options=options)

    def members(self, scene: Scene) -> Ion:
        app = _HOME_PAGE if scene.client is None else scene.client.name
        browser = browser_of(scene.transaction.user_agent)
        told = (("appName", "Application", app), ("browser", "Browser", browser))
        about = [
            {"name": name, "type": "string", "label": label, "value": value}
            for name, label, value in told
        ]
        return {"requestInfo": about}

    async def take(self, scene: Scene, call: Call) -> IdentityTransaction:
        if call.body.consent is None:
            raise Unsuitable("consent", LEFT_OUT)
        asking = await self.links.transactions.claim(scene.transaction)
        said = await self._said(str(asking.draft["link"]), is_allowed=call.body.consent)
        return await self.links.transactions.advance(
            asking, screen=Screen.ELSEWHERE, message=said, is_claimed=False
        )

    async def _said(self, token: str, *, is_allowed: bool) -> Shown:
        link = await self.links.link_of(token)
        if link is None:
            return EXPIRED
        try:
            waiting = await self.links.challenged(link)
            if is_allowed:
                await self.links.answer(waiting, link)
                return RETURN
            await self.links.deny(waiting)
        except Failure as failure:
            return failed_to_open(failure)
        return _DENIED_HERE
