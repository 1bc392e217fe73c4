"""Asking for a factor that the session lacks, before a request goes on (facts/classic C.2)."""

from collections.abc import Mapping
from urllib.parse import urlencode

from msgspec import Struct

from mock_okta.model.directory import User
from mock_okta.model.failures import PolicyRefused
from mock_okta.model.progress import Progress, Step
from mock_okta.model.records import Session
from mock_okta.model.transactions import RequestAsking, Status, Transaction
from mock_okta.oauth.authorization.assurance import factor_is_due
from mock_okta.oauth.errors import AccessDenied
from mock_okta.oauth.requests import Authorization
from mock_okta.services.sign_in.next_step import Requirements
from mock_okta.services.sign_in.transactions import Transactions

__all__ = ["StepUps"]

_REFUSED = "Policy evaluation failed for this request, please check the policy configurations."


class StepUps(Struct, frozen=True, kw_only=True):
    """Leaves a transaction for the widget, which the org's hosted page goes on with."""

    requirements: Requirements
    transactions: Transactions[Transaction]
    status_of: Mapping[Step, Status]

    async def due(self, authorization: Authorization, session: Session, user: User) -> Step | None:
        """Return what the user has to do for this request; None if the session will do.

        An app that asks for a factor is for nobody who can have none: raises AccessDenied. Where
        `acr_values` alone ask for it, such a session will not do later on.
        """
        if not factor_is_due(authorization, session, user):
            return None
        progress = Progress(user_id=user.id, amr=session.amr, is_step_up=True)
        try:
            return await self.requirements.next(progress, user)
        except PolicyRefused as failure:
            if not authorization.client.requires_factor:
                return None
            raise AccessDenied(
                _REFUSED,
                remark=f"the client has requires_factor: {failure}",
            ) from failure

    async def begin(
        self, authorization: Authorization, session: Session, due: Step, target: str
    ) -> str:
        """Return the page's path for a step-up of the session, which goes on to `target`."""
        return await self._path(
            authorization,
            self.status_of[due],
            target,
            user_id=session.user_id,
            amr=session.amr,
            session_id=session.id,
        )

    async def begin_anew(self, authorization: Authorization, target: str) -> str:
        """Return the page's path for a step-up that begins with the password."""
        return await self._path(authorization, Status.UNAUTHENTICATED, target)

    async def _path(
        self, authorization: Authorization, status: Status, target: str, **facts: object
    ) -> str:
        transaction = self.transactions.new(
            status=status,
            is_step_up=True,
            target=target,
            target_name=authorization.client.name,
            target_uris=authorization.client.uris,
            request=_asking(authorization),
            **facts,
        )
        kept = await self.transactions.advance(transaction)
        query = urlencode({"fromURI": target})
        return f"/signin/refresh-auth-state/{kept.handle}?{query}"


def _asking(authorization: Authorization) -> RequestAsking:
    server, client, asked = authorization.server, authorization.client, authorization.request
    parameters = {
        "scope": " ".join(asked.scope),
        "response_type": " ".join(sorted(asked.response_type)),
        "redirect_uri": authorization.redirect_uri,
        "nonce": asked.nonce,
        "response_mode": asked.response_mode,
    }
    return RequestAsking(
        client_id=client.client_id,
        client_name=client.name,
        server_name=server.name,
        issuer=server.issuer,
        parameters={name: value for name, value in parameters.items() if value},
    )
