"""Fixtures for recorded sign-ins, which need no org."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from mock_okta_harness.recorder import LoadedCassette


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
