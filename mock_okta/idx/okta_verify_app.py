"""`/probe` and `/challenge`: what Okta Verify serves on a computer where FastPass is set up.

The page asks there; `fast_pass.py` names the org's own port for it.
"""

from aiohttp import web
from msgspec import Struct

from mock_okta.model.directory import User
from mock_okta.model.factors import FactorKey
from mock_okta.model.failures import NotWaiting
from mock_okta.services.directory.policies import Policies
from mock_okta.services.factors.pushes import Pushes
from mock_okta.storage import Collection
from mock_okta.web.errors import NotFound
from mock_okta.web.json_bodies import read_leniently
from mock_okta.web.routing import Cors, Route

__all__ = ["OktaVerifyApp"]


class ChallengeGiven(Struct, frozen=True, kw_only=True, rename="camel"):
    """What the page gives the app: the ids of the requests, joined by full stops."""

    challenge_request: str = ""


class OktaVerifyApp(Struct, frozen=True, kw_only=True):
    """Answers for the app on every computer.

    A user whom it knows alone is signed in at once if Okta Verify verifies nobody; else the request
    waits for an answer in `/_mock/push`, as it does for the user's finger.
    """

    policies: Policies
    pushes: Pushes
    users: Collection[User]

    def routes(self) -> tuple[Route, ...]:
        """Serve the paths that the widget asks below a port of the app."""
        return (
            Route(method="GET", path="/probe", handler=self.probe, cors=Cors.ANYBODY),
            Route(method="POST", path="/challenge", handler=self.challenge, cors=Cors.ANYBODY),
        )

    async def probe(self, _: web.Request) -> web.Response:
        """Say that the app is there."""
        return web.Response()

    async def challenge(self, request: web.Request) -> web.Response:
        """Take the challenge; 404 if the app has no account that was asked."""
        given = read_leniently(await request.read(), ChallengeGiven)
        asked = given.challenge_request.split(".")
        known = [each for each in asked if await self._is_ours(each)]
        if not known:
            raise NotFound(given.challenge_request, "PushRequest")
        authenticators = await self.policies.authenticators()
        settings = authenticators["okta_verify"].settings
        if len(known) == 1 and settings.user_verification == "DISCOURAGED":
            await self._approve(known[0])
        return web.Response()

    async def _is_ours(self, request_id: str) -> bool:
        """Return whether that asks an app on a computer, and not one on a phone."""
        request = await self.pushes.get(request_id)
        user = None if request is None else await self.users.get(request.user_id)
        if request is None or user is None:
            return False
        return any(
            each.id == request.factor_id and each.key is FactorKey.SIGNED_NONCE
            for each in user.factors
        )

    async def _approve(self, request_id: str) -> None:
        try:
            await self.pushes.answer(request_id, approves=True, number=None)
        except NotWaiting:
            return  # the user, or another page, was faster
