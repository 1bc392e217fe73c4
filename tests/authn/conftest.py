"""Who signs in by the API."""

import pytest

pytest.register_assert_rewrite("tests.authn.signing", "tests.authn.proving")

from mock_okta.model.directory import EngineName  # noqa: E402 -- as below
from tests.authn.proving import Proving  # noqa: E402 -- after its asserts are set to be rewritten
from tests.authn.signing import Signing  # noqa: E402 -- after its asserts are set to be rewritten
from tests.visiting import Visitor  # noqa: E402 -- as above


@pytest.fixture
def engine() -> EngineName:
    """Classic Engine, whose own hosted pages hand over to the API."""
    return "classic"


@pytest.fixture
def signing(visitor: Visitor) -> Signing:
    """Somebody who follows the links of each state."""
    return Signing(visitor)


@pytest.fixture
def proving(visitor: Visitor) -> Proving:
    """Somebody who has factors, or enrols them."""
    return Proving(visitor)
