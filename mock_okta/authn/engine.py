"""Classic Engine's answer to `services.sign_in.engine`: transactions (facts/classic C.2)."""

from collections.abc import Iterable
from typing import ClassVar

from msgspec import Struct, structs

from mock_okta.authn.statuses import STATUS_OF
from mock_okta.model.authorization_servers import Scope
from mock_okta.model.progress import Progress, RecoveryType, Step
from mock_okta.model.sessions import Session
from mock_okta.model.transactions import (
    ConsentAsked,
    RequestAsking,
    ScopeAsked,
    Status,
    Transaction,
)
from mock_okta.services.services import Services
from mock_okta.services.sign_in.engine import AskedBy
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.web.hosted_pages import path_to_go_on, path_to_sign_in

__all__ = ["ClassicEngine", "classic_engine", "classic_transactions"]


def classic_transactions(services: Services) -> Transactions[Transaction]:
    """Return the service that keeps Classic's transactions."""
    return Transactions(
        kept=services.storage.transactions,
        record=Transaction,
        new_handle=services.ids.state_token,
        clock=services.clock,
    )


def classic_engine(services: Services) -> "ClassicEngine":
    """Return Classic Engine."""
    return ClassicEngine(transactions=classic_transactions(services))


class ClassicEngine(Struct, frozen=True, kw_only=True):
    """Begins transactions, which the widget on the org's hosted page goes on with."""

    spends_links: ClassVar[bool] = False
    transactions: Transactions[Transaction]

    async def sign_in(self, asked: AskedBy, *, anew: bool) -> str:
        """Return the path of the sign-in page, or of a step-up if the app requires a factor too."""
        if anew and asked.client.requires_factor:
            return await self._step_up(asked, Status.UNAUTHENTICATED)
        return path_to_sign_in(asked.goes_on_at, asked.login_hint)

    async def hosted(self, target: str, login_hint: str | None) -> None:
        """Return None: the widget begins sign-ins at /api/v1/authn."""

    async def step_up(self, asked: AskedBy, session: Session, due: Step) -> str:
        """Return the path of the page where the session is stepped up."""
        return await self._step_up(
            asked,
            STATUS_OF[due],
            user_id=session.user_id,
            amr=session.amr,
            session_id=session.id,
        )

    async def go_on(self, progress: Progress, due: Step, target: str) -> str:
        """Return the path of the page where a sign-in goes on that began elsewhere."""
        facts = structs.asdict(progress)
        transaction = self.transactions.new(status=STATUS_OF[due], **facts)
        kept = await self.transactions.advance(transaction)
        return path_to_go_on(kept.handle, target)

    async def redeemed(self, token: str, types: Iterable[RecoveryType], target: str) -> None:
        """Return None: the widget spends the token itself, at /api/v1/authn."""

    async def device(self, user_code: str, session: Session | None) -> None:
        """Return None: Classic has no widget for devices."""

    async def consent(self, asked: AskedBy, session: Session, scopes: Iterable[Scope]) -> str:
        """Return the state token with which the widget asks the user for consent."""
        consent = ConsentAsked(
            okta_key=asked.key,
            client_id=asked.client.client_id,
            scopes=tuple(
                ScopeAsked(name=s.name, display_name=s.title, description=s.description)
                for s in scopes
            ),
        )
        return await self._begin(
            asked,
            Status.CONSENT_REQUIRED,
            user_id=session.user_id,
            amr=session.amr,
            session_id=session.id,
            consent=consent,
        )

    async def _step_up(self, asked: AskedBy, status: Status, **facts: object) -> str:
        state_token = await self._begin(
            asked, status, is_step_up=True, request=_asking(asked), **facts
        )
        return path_to_go_on(state_token, asked.goes_on_at)

    async def _begin(self, asked: AskedBy, status: Status, **facts: object) -> str:
        """Store a transaction that leads back to the request; return its state token."""
        transaction = self.transactions.new(
            status=status,
            target=asked.goes_on_at,
            target_name=asked.client.name,
            target_uris=asked.client.uris,
            **facts,
        )
        return (await self.transactions.advance(transaction)).handle


def _asking(asked: AskedBy) -> RequestAsking:
    return RequestAsking(
        client_id=asked.client.client_id,
        client_name=asked.client.name,
        server_name=asked.server.name,
        issuer=asked.server.issuer,
        parameters=asked.parameters,
    )
