"""Fixtures of tokens without a sign-in: minted by the org, or recorded, which needs no org."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from typing import Unpack

    from mock_okta.model.minting import Minted, Wanted
    from mock_okta_harness.control import Control
    from mock_okta_harness.recorder import LoadedCassette


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


class LoadsCassettes(Protocol):
    """Loads a cassette by its file name; see `load_cassette`."""

    def __call__(
        self, name: str, /, *, at: datetime | None = None, org_url: str | None = None
    ) -> LoadedCassette:
        """Return the cassette with tokens that are valid now, or from `at` on."""


@pytest.fixture
def okta_cassette_folder(request: pytest.FixtureRequest) -> Path:
    """Override this: the folder of cassettes; by default `cassettes` beside the test's file."""
    return request.path.parent / "cassettes"


@pytest.fixture
def okta_cassette(okta_cassette_folder: Path) -> LoadsCassettes:
    """Recorded sign-ins: `okta_cassette("sign-in.yaml").access_token`, with `.jwks`, valid now."""
    from mock_okta_harness.recorder import load_cassette  # noqa: PLC0415 -- lazy
    from mock_okta_harness.recorder.loading import YOUR_ORG  # noqa: PLC0415 -- lazy

    def load(
        name: str, /, *, at: datetime | None = None, org_url: str | None = None
    ) -> LoadedCassette:
        return load_cassette(okta_cassette_folder / name, at=at, org_url=org_url or YOUR_ORG)

    return load
