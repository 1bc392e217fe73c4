"""What a browser meets at an org of Classic Engine; tests of Identity Engine name that engine."""

import pytest

from mock_okta.model.directory import EngineName


@pytest.fixture
def engine() -> EngineName:
    """Classic Engine: its session's cookie is `sid`, its hosted page hands over to the API."""
    return "classic"
