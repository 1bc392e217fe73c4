"""Fixtures of tokens without a sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from typing import Unpack

    from mock_okta_harness.control import Control
    from mock_okta_harness.control.minting import MintedTokens, WantedTokens


class MintsTokens(Protocol):
    """Gives tokens for a user, by login or id, or for the org's first; see `Control.mint`."""

    def __call__(self, user: str | None = None, /, **wanted: Unpack[WantedTokens]) -> MintedTokens:
        """Give the tokens that are wanted."""


@pytest.fixture
def okta_mint(okta_control: Control) -> MintsTokens:
    """Tokens of the org, whose discovery document and JWKS are at `okta_issuer` all the while."""
    return okta_control.mint
