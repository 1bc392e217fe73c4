"""Where a sign-in begins: at an app's interaction, or on the org's own page."""

from msgspec import Struct, structs

from mock_okta.clock import Clock
from mock_okta.idx.authenticators import PASSWORD
from mock_okta.idx.enrolled import enrolled_of
from mock_okta.idx.mailed_tokens import MailedTokens
from mock_okta.idx.requests import Call
from mock_okta.idx.settling import ANEW, Settling
from mock_okta.model.failures import Failure, SpentOrExpired
from mock_okta.model.interactions import IdentityTransaction, Interaction, Purpose, Screen
from mock_okta.model.progress import RecoveryType
from mock_okta.model.sessions import Session
from mock_okta.services.directory.lookup import usable_user
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.storage import Storage

__all__ = ["Beginnings"]

_UNDECIDED = (Screen.CHOOSE_AUTHENTICATOR, Screen.CHOOSE_METHOD)


class Beginnings(Struct, frozen=True, kw_only=True):
    """Begins transactions, and finds those that have begun."""

    storage: Storage
    clock: Clock
    transactions: Transactions[IdentityTransaction]
    mailed_tokens: MailedTokens
    settling: Settling

    async def introspected(self, call: Call, session: Session | None) -> IdentityTransaction:
        """Return the transaction of a handle; raise SpentOrExpired for one that is not there.

        Raises Overtaken if somebody moved it meanwhile.
        """
        body = call.body
        handle = body.state_handle or body.state_token
        if handle is not None:
            return await self.settling.as_due(await self.transactions.load(handle))
        interaction = await self.storage.interactions.get(body.interaction_handle or "")
        if interaction is None:
            raise SpentOrExpired("the interaction handle is unknown or has expired")
        if interaction.state_handle is not None:
            kept = await self.transactions.load(interaction.state_handle)
            return await self._at_password(await self.settling.as_due(kept))
        return await self._begun(body.interaction_handle or "", interaction, call, session)

    async def _at_password(self, transaction: IdentityTransaction) -> IdentityTransaction:
        """Return a recovery in which nothing was sent yet as a sign-in that asks for the password.

        So an app hears that comes with the interaction handle: okta-idx-golang takes `recover` from
        there before each choice (facts/identity C.5). A page comes with the state handle.
        """
        is_undecided = transaction.screen in _UNDECIDED and transaction.challenge is None
        if transaction.purpose is not Purpose.RECOVERY or not is_undecided:
            return transaction
        user = await self.storage.users.get(transaction.user_id or "")
        if user is None or not user.password:
            return transaction
        password = next(each for each in enrolled_of(user) if each.authenticator.key == PASSWORD)
        fresh = structs.replace(transaction, **ANEW)
        return await self.settling.challenges.begin(fresh, user, password, "password")

    async def _begun(
        self, handle: str, interaction: Interaction, call: Call, session: Session | None
    ) -> IdentityTransaction:
        """Begin the transaction of an interaction; of two requests at once, one begins it."""
        new = self.transactions.new(
            screen=Screen.IDENTIFY,
            interaction=interaction,
            client_id=interaction.client_id,
            acr_values=interaction.acr_values,
            login=interaction.login_hint,
            device_token=call.device_token,
            user_agent=call.user_agent,
        )
        begun = await self.transactions.advance(new)  # who is second finds it

        def taken(kept: Interaction) -> Interaction:
            if kept.state_handle is not None:
                return kept
            return structs.replace(kept, state_handle=new.handle)

        kept = await self.storage.interactions.update(handle, taken)
        if kept is None:
            raise SpentOrExpired("the interaction handle has expired")
        if kept.state_handle != new.handle:
            return await self.transactions.load(kept.state_handle or "")
        if interaction.recovery_token is not None or interaction.activation_token is not None:
            return await self._with_token(begun, interaction)
        return await self._with_session(begun, interaction, session)

    async def _with_token(
        self, transaction: IdentityTransaction, interaction: Interaction
    ) -> IdentityTransaction:
        """Let somebody go on who has the link of a recovery or of an activation."""
        activates = interaction.recovery_token is None
        token = interaction.activation_token if activates else interaction.recovery_token
        types = (
            (RecoveryType.ACCOUNT_ACTIVATION,)
            if activates
            else (RecoveryType.PASSWORD, RecoveryType.UNLOCK)
        )
        return await self.mailed_tokens.spend(transaction, token or "", *types)

    async def _with_session(
        self, transaction: IdentityTransaction, interaction: Interaction, session: Session | None
    ) -> IdentityTransaction:
        """Go on with what the browser's session proved, unless the app wants a new sign-in."""
        if session is None or "login" in interaction.prompt:
            return transaction
        age = (self.clock.now() - session.authenticated_at).total_seconds()
        if interaction.max_age is not None and age > interaction.max_age:
            return transaction
        user = await usable_user(self.storage, session.user_id)
        if user is None:
            return transaction
        try:
            return await self.settling.settle(
                transaction,
                user,
                amr=session.amr,
                idp_id=session.idp_id,
                session_id=session.id,
            )
        except Failure:  # the session will not do: the user may sign in as somebody else
            return await self.transactions.load(transaction.handle)
