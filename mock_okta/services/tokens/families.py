"""Refresh families, for people to look at."""

from collections.abc import Sequence

from msgspec import Struct

from mock_okta.model.grants import RefreshToken
from mock_okta.model.insight import FamilyToken, RefreshFamily
from mock_okta.services.tokens.tokens import Tokens
from mock_okta.storage import Storage

__all__ = ["Families"]


class Families(Struct, frozen=True, kw_only=True):
    """Shows and ends refresh families."""

    storage: Storage
    tokens: Tokens

    async def all(self, user_id: str | None, client_id: str | None) -> tuple[RefreshFamily, ...]:
        """Return the families of a user, of a client, of both together, or all."""
        found: dict[str, list[RefreshToken]] = {}
        for token in await self.storage.refresh_tokens.values():
            if user_id in (None, token.user_id) and client_id in (None, token.client_id):
                found.setdefault(token.family, []).append(token)
        return tuple([await self._shown(each) for each in found.values()])

    async def end(self, family: str) -> bool:
        """Revoke a family; return False if there is none."""
        tokens = await self.storage.refresh_tokens.values()
        if not any(each.family == family for each in tokens):
            return False
        await self.tokens.revoke_family(family)
        return True

    async def _shown(self, tokens: Sequence[RefreshToken]) -> RefreshFamily:
        first = tokens[0]
        user = await self.storage.users.get(first.user_id)
        return RefreshFamily(
            id=first.family,
            authorization_server=first.server_id,
            client_id=first.client_id,
            user_id=first.user_id,
            login="" if user is None else user.login,
            scopes=first.scopes,
            authenticated_at=first.authenticated_at,
            ends_at=first.ends_at,
            is_revoked=await self.storage.revocations.get(first.family) is not None,
            tokens=tuple(
                FamilyToken(
                    expires_at=each.expires_at, rotated_at=each.rotated_at, reused_at=each.reused_at
                )
                for each in tokens
            ),
        )
