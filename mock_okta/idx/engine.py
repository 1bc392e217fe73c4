"""The Identity Engine's side of sign-ins that begin elsewhere: transactions for hosted pages."""

from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct, structs

from mock_okta.idx.consents import asked_consent
from mock_okta.idx.errors import refusal_of
from mock_okta.idx.mailed_tokens import MailedTokens
from mock_okta.idx.redirects import TOKEN_REDIRECT, returned_to
from mock_okta.idx.settling import ANEW, Settling
from mock_okta.idx.transactions import state_token_of
from mock_okta.model.authorization_servers import Scope
from mock_okta.model.failures import Failure, SpentOrExpired
from mock_okta.model.interactions import IdentityTransaction, Screen
from mock_okta.model.progress import Progress, RecoveryType, Step
from mock_okta.model.sessions import Session
from mock_okta.services.sign_in.engine import AskedBy
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.storage import Storage
from mock_okta.web.hosted_pages import path_to_go_on, path_to_sign_in

__all__ = ["IdentityEngine"]


_ENDS = (Screen.SUCCESS, Screen.OVER)
_MORE_IS_DUE = {
    "error": "interaction_required",
    "error_description": "Your client is configured to use the interaction code flow and user "
    "interaction is required to complete the request.",
}


class IdentityEngine(Struct, frozen=True, kw_only=True):
    """Leaves a transaction for the widget, which the org's hosted page goes on with."""

    storage: Storage
    transactions: Transactions[IdentityTransaction]
    settling: Settling
    mailed_tokens: MailedTokens
    spends_links: ClassVar[bool] = True

    async def hosted(self, target: str, login_hint: str | None) -> str | None:
        """Return the state token of a sign-in that goes on to `target`, for the app that waits."""
        key = parse_qs(urlsplit(target).query).get("okta_key", [""])[0]
        facts = await self._asked(key)
        return await self._begin(**{"login": login_hint, **facts, "target": target})

    async def sign_in(self, asked: AskedBy, *, anew: bool) -> str:  # noqa: ARG002 -- the port's
        """Return the sign-in page; it asks for its transaction when it is shown."""
        return path_to_sign_in(asked.goes_on_at, asked.login_hint)

    async def step_up(self, asked: AskedBy, session: Session, due: Step) -> str:  # noqa: ARG002 -- the port's
        """Return the page where the user of the session proves what is missing.

        It says so if nothing that the user has would do.
        """
        transaction = self.transactions.new(
            **await self._asked(asked.key),
            target=asked.goes_on_at,
            user_id=session.user_id,
            amr=session.amr,
            idp_id=session.idp_id,
            session_id=session.id,
        )
        return path_to_go_on(await self._settled(transaction), asked.goes_on_at)

    async def go_on(self, progress: Progress, due: Step, target: str) -> str:  # noqa: ARG002 -- the port's
        """Return the page on which a transaction goes on that has made this progress."""
        transaction = self.transactions.new(**{**structs.asdict(progress), "target": target})
        return path_to_go_on(await self._settled(transaction), target)

    async def came_back(self, state_token: str, progress: Progress) -> str:
        """Go on with the transaction that an identity provider was asked to prove, from the start.

        An app that embeds the widget gets an interaction code, or hears that the user has more to
        do, which the widget shows by the same interaction handle (facts/identity A.6).
        """
        transaction = await self.transactions.load(state_token)
        user = await self.storage.users.get(progress.user_id or "")
        if user is None or transaction.screen in _ENDS:
            raise SpentOrExpired(f"the sign-in stands at {transaction.screen}")
        told = {"device_token": progress.device_token or transaction.device_token}
        proved = {"amr": progress.amr, "idp_id": progress.idp_id}
        fresh = structs.replace(transaction, **{**ANEW, **proved})
        settled = await self.settling.settle(fresh, user, **told)
        if settled.screen is Screen.SUCCESS:
            return f"{TOKEN_REDIRECT}?stateToken={state_token_of(settled.handle)}"
        if settled.interaction is None:
            return path_to_go_on(settled.handle, settled.target)
        return returned_to(settled.interaction, **_MORE_IS_DUE)

    async def device(self, user_code: str, session: Session | None) -> str | None:
        """Return the state token by which the widget asks which device the user activates."""
        known = (
            {}
            if session is None
            else {
                "user_id": session.user_id,
                "amr": session.amr,
                "session_id": session.id,
                "idp_id": session.idp_id,
            }
        )
        return await self._begin(screen=Screen.DEVICE_CODE, user_code=user_code, **known)

    async def consent(self, asked: AskedBy, session: Session, scopes: Iterable[Scope]) -> str:
        """Return the state token by which the widget asks for what waits under the key."""
        consentable = tuple(scopes)
        names = {scope.name for scope in consentable}
        beside = [n for n in asked.parameters.get("scope", "").split() if n not in names]
        return await self._begin(
            **await self._asked(asked.key),
            target=asked.goes_on_at,
            screen=Screen.CONSENT,
            user_id=session.user_id,
            amr=session.amr,
            session_id=session.id,
            draft=asked_consent(asked.server, consentable, beside=beside),
        )

    async def redeemed(self, token: str, types: Iterable[RecoveryType], target: str) -> str:
        """Return the state token of a sign-in that goes on with the token of an e-mail's link.

        One that does not work, or whose user is not let in, goes on to a page that says so.
        """
        new = self.transactions.new(target=target)
        try:
            return (await self.mailed_tokens.spend(new, token, *types)).handle
        except Failure as failure:
            return await self._refused(failure, target)

    async def _settled(self, transaction: IdentityTransaction) -> str:
        """Move the transaction to what is due; return its state token."""
        user = await self.storage.users.get(transaction.user_id or "")
        if user is None:
            return transaction.handle
        try:
            return (await self.settling.settle(transaction, user)).handle
        except Failure as failure:
            return await self._refused(failure, transaction.target)

    async def _refused(self, failure: Failure, target: str | None) -> str:
        """Return the state token of a page that says why the user is not let in."""
        refusal = refusal_of(failure)
        if refusal is None:
            raise failure
        return await self._begin(screen=Screen.OVER, message=refusal.shown[0], target=target)

    async def _asked(self, key: str) -> dict[str, Any]:
        """Return what is known of the request that waits under the key, if one does."""
        parked = await self.storage.parked_authorizations.get(key)
        if parked is None:
            return {}
        asked = dict(parked.parameters)
        hint = {} if "login_hint" not in asked else {"login": asked["login_hint"]}
        return {
            "okta_key": key,
            "client_id": asked.get("client_id"),
            "acr_values": tuple(asked.get("acr_values", "").split()),
            **hint,
        }

    async def _begin(self, **facts: Any) -> str:
        return (await self.transactions.advance(self.transactions.new(**facts))).handle
