"""The end of a sign-in: what the user has to agree to, and the interaction code for the app."""

from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct

from mock_okta.idx.activations import Activations
from mock_okta.idx.consents import asked_consent
from mock_okta.model.directory import User
from mock_okta.model.failures import SpentOrExpired
from mock_okta.model.interactions import (
    IdentityTransaction,
    Interaction,
    InteractionCode,
    Screen,
)
from mock_okta.services.sign_in.consents import Consents, without_declined
from mock_okta.services.sign_in.staying import Staying
from mock_okta.services.sign_in.transactions import Transactions
from mock_okta.services.world import World

__all__ = ["Finishing"]

_CODE_LIFETIME = timedelta(seconds=60)
"""Okta's guide to the Interaction Code grant type."""


class Finishing(Struct, frozen=True, kw_only=True):
    """Ends the sign-ins of users who have nothing left to do."""

    world: World
    consents: Consents
    staying: Staying
    activations: Activations
    transactions: Transactions[IdentityTransaction]

    async def finish(self, transaction: IdentityTransaction, user: User) -> IdentityTransaction:
        """End the sign-in: with an interaction code for an app, or at the way into a session.

        A user who has to agree to what the app asks for is asked before the code is made.
        """
        if "mfa" in transaction.amr and transaction.session_id is None:
            await self.staying.remember_device(
                user, transaction.device_token, stays_signed_in=transaction.keeps_signed_in
            )
        if transaction.user_code:
            question = await self.activations.question(transaction.user_code)
            return await self.transactions.advance(
                transaction, screen=Screen.CONSENT, draft=question
            )
        if transaction.interaction is None:
            return await self.transactions.advance(transaction, screen=Screen.SUCCESS)
        interaction, asked = await self._consented(transaction, transaction.interaction, user)
        if asked is not None:
            return await self.transactions.advance(transaction, screen=Screen.CONSENT, draft=asked)
        claimed = await self.transactions.claim(transaction)
        value, now = self.world.ids.opaque(), self.world.clock.now()
        session = await self.world.storage.sessions.get(transaction.session_id or "")
        code = InteractionCode(
            interaction=interaction,
            user_id=user.id,
            amr=transaction.amr,
            authenticated_at=now if session is None else session.authenticated_at,
            expires_at=now + _CODE_LIFETIME,
            idp_id=transaction.idp_id,
        )
        await self.world.storage.interaction_codes.put(value, code)
        return await self.transactions.advance(
            claimed, screen=Screen.SUCCESS, draft={"interaction_code": value}, is_claimed=False
        )

    async def _consented(
        self, transaction: IdentityTransaction, interaction: Interaction, user: User
    ) -> tuple[Interaction, dict[str, Any] | None]:
        """Return the interaction with what the user agreed to, or what they have to be asked."""
        client = await self.world.storage.clients.get(transaction.client_id or "")
        kept = await self.world.storage.authorization_servers.get(interaction.server_id)
        if client is None or kept is None:
            raise SpentOrExpired("the app or its authorization server is gone")
        server = self.world.issuers.seen(kept, client)
        asks_anew, scopes = "consent" in interaction.prompt, interaction.scopes
        needed = await self.consents.needed(server, client, user, scopes, asks_anew=asks_anew)
        if not needed:
            return interaction, None
        if transaction.declined is None:
            names = {scope.name for scope in needed}
            beside = [name for name in interaction.scopes if name not in names]
            return interaction, asked_consent(server, needed, beside=beside)
        given = without_declined(client, needed, transaction.declined)
        await self.consents.remember(server, client, user, given)
        left_out = {scope.name for scope in needed} - {scope.name for scope in given}
        scopes = tuple(name for name in scopes if name not in left_out)
        return msgspec.structs.replace(interaction, scopes=scopes), None
