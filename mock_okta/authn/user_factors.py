"""What the widget loads below `/api/v1/users/{id}/factors` while a user sets up a factor."""

import base64

from aiohttp import web
from msgspec import Struct

from mock_okta.model.directory import User
from mock_okta.model.transactions import Transaction
from mock_okta.services.factors import Factors
from mock_okta.services.factors.question import QUESTIONS
from mock_okta.storage import Collection
from mock_okta.web.errors import NotFound, json_response
from mock_okta.web.qr_codes import qr_code
from mock_okta.web.routing import Cors, Route

__all__ = ["UserFactorsEndpoint"]

_NOTHING = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
"""A picture of one transparent pixel: browsers block other content (facts/classic C.3)."""


class UserFactorsEndpoint(Struct, frozen=True, kw_only=True):
    """Serves the list of security questions, and the QR code of a factor that is being enrolled."""

    users: Collection[User]
    transactions: Collection[Transaction]
    factors: Factors

    def routes(self) -> tuple[Route, ...]:
        """Serve both; only the list is loaded by scripts, so only it needs CORS."""
        path = "/api/v1/users/{user_id}/factors"
        return (
            Route(
                method="GET",
                path=f"{path}/questions",
                handler=self.list_questions,
                cors=Cors.TRUSTED_ORIGINS,
            ),
            Route(method="GET", path=f"{path}/{{factor_id}}/qr", handler=self.draw),
        )

    async def list_questions(self, request: web.Request) -> web.Response:
        """List the questions that the user can choose from (Okta's Factors API)."""
        user_id = request.match_info["user_id"]
        if await self.users.get(user_id) is None:
            raise NotFound(user_id, "User")
        return json_response(
            [{"question": key, "questionText": text} for key, text in QUESTIONS.items()]
        )

    async def draw(self, request: web.Request) -> web.Response:
        """Draw the QR code while the factor is being enrolled; else answer 404, with a picture.

        The request has no credentials: only the user who enrols the factor knows its id.
        """
        content = await self._content(**request.match_info)
        if content is None:
            return web.Response(status=404, body=_NOTHING, content_type="image/png")
        picture = await qr_code(content)
        return web.Response(body=picture, content_type="image/png")

    async def _content(self, user_id: str, factor_id: str) -> str | None:
        user = await self.users.get(user_id)
        transaction = await self._enrolling(user_id, factor_id)
        if user is None or transaction is None or transaction.enrolling is None:
            return None
        kind = self.factors.kind(transaction.enrolling.key)
        return kind.enrolment(user, transaction.enrolling, transaction.challenge).uri

    async def _enrolling(self, user_id: str, factor_id: str) -> Transaction | None:
        """Return the transaction in which that user enrols that factor."""
        found = await self.transactions.one_by("enrolling_id", factor_id)
        return found if found is not None and found.user_id == user_id else None
