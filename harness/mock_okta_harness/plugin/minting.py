"""Fixtures of tokens without a sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from typing import Unpack

    from mock_okta.model.minting import Minted, Wanted
    from mock_okta_harness.control import Control


class MintsTokens(Protocol):
    """Gives tokens for a user, by login or id, or for the org's first; see `Control.mint`."""

    def __call__(
        self,
        user: str | None = None,
        /,
        *,
        authorization_server: str = "default",
        **wanted: Unpack[Wanted],
    ) -> Minted:
        """Give the tokens that are wanted."""


@pytest.fixture
def okta_mint(okta_control: Control) -> MintsTokens:
    """Tokens of the org, whose discovery document and JWKS are at `okta_issuer` all the while."""
    return okta_control.mint
