"""Who holds a key and proves it."""

import pytest

from mock_okta import MockOkta

pytest.register_assert_rewrite(
    "tests.oauth.devices", "tests.oauth.holding", "tests.oauth.sign_in_page"
)

from tests.oauth.holding import Holder  # noqa: E402 -- after its asserts are set to be rewritten
from tests.visiting import Visitor  # noqa: E402 -- as above


@pytest.fixture
async def holder(org: MockOkta, visitor: Visitor) -> Holder:
    """Somebody who knows the nonce; time stands still."""
    org.clock.freeze()
    holder = Holder(visitor)
    await holder.know_the_nonce()
    return holder
