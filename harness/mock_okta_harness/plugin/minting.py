"""Fixtures for tokens without a sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from typing import Unpack

    from mock_okta.model.minting import Minted, Wanted
    from mock_okta_harness.control import Control


class MintsTokens(Protocol):
    """Mints tokens for a user (login or id), or for the org's first user; see `Control.mint`."""

    def __call__(
        self,
        user: str | None = None,
        /,
        *,
        authorization_server: str = "default",
        **wanted: Unpack[Wanted],
    ) -> Minted:
        """Return the tokens."""


@pytest.fixture
def okta_mint(okta_control: Control) -> MintsTokens:
    """Tokens of the org, which serves its discovery document and JWKS at `okta_issuer`."""
    return okta_control.mint
