"""Signs tokens, and breaks them where a test planned a fault."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from mock_okta.model.faults import TOKEN_FAULTS, BrokenToken, ClockSkew, Fault, TokenName
from mock_okta.services.testing.faults import chance
from mock_okta.services.tokens.broken import broken_claims, needs_other_key, signed
from mock_okta.services.world.key_ring import KeyRing
from mock_okta.services.world.signing_key import SigningKey

__all__ = ["TokenFaults"]

_INSTANTS = ("iat", "exp", "auth_time")


class TokenFaults(Struct, frozen=True, kw_only=True):
    """Signs with the org's keys."""

    keys: KeyRing

    async def sign(
        self, token: TokenName, key: SigningKey, claims: Mapping[str, Any], token_type: str | None
    ) -> str:
        """Return `claims` signed by `key`, unless a planned fault is due for this request."""
        met = chance()
        fault = None if met is None else await met.take(lambda each: _is_for(each, token))
        match fault:
            case BrokenToken(broken=broken):
                other = await self.keys.unpublished() if needs_other_key(broken) else None
                return signed(
                    {**claims, **broken_claims(claims, broken)},
                    broken,
                    key=key,
                    unpublished=other,
                    token_type=token_type,
                )
            case ClockSkew():
                return key.sign(_shifted(claims, fault.seconds), token_type)
            case _:
                return key.sign(claims, token_type)


def _is_for(fault: Fault, token: TokenName) -> bool:
    return isinstance(fault, TOKEN_FAULTS) and fault.token in (None, token)


def _shifted(claims: Mapping[str, Any], seconds: int) -> dict[str, Any]:
    return {name: value + seconds if name in _INSTANTS else value for name, value in claims.items()}
