"""A token, explained: what is in it and which checks it passes."""

from typing import Any

from msgspec import Struct

__all__ = ["DecodedToken", "TokenCheck"]


class TokenCheck(Struct, frozen=True, kw_only=True):
    """One check of a token; `why`: what is wrong, or what is right."""

    name: str
    passed: bool
    why: str


class DecodedToken(Struct, frozen=True, kw_only=True):
    """A token's header and claims, not trusted, and the checks in the order of a verifier."""

    header: dict[str, Any] = {}
    claims: dict[str, Any] = {}
    checks: tuple[TokenCheck, ...]

    @property
    def failures(self) -> tuple[TokenCheck, ...]:
        """The checks that failed."""
        return tuple(each for each in self.checks if not each.passed)
