"""Who holds a key and proves it."""

import pytest

from mock_okta import MockOkta
from tests.oauth.holding import Holder
from tests.visiting import Visitor


@pytest.fixture
async def holder(org: MockOkta, visitor: Visitor) -> Holder:
    """Somebody who knows the nonce; time stands still."""
    org.clock.freeze()
    holder = Holder(visitor)
    await holder.know_the_nonce()
    return holder
