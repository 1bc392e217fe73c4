"""Who holds a key and proves it; an app that signs users in by the Identity Engine."""

import pytest

from mock_okta import MockOkta
from mock_okta.storage import Storage
from tests.oauth.holding import Holder
from tests.oauth.interacting import App, keep_storage
from tests.visiting import Visitor


@pytest.fixture
async def holder(org: MockOkta, visitor: Visitor) -> Holder:
    """Somebody who knows the nonce; time stands still."""
    org.clock.freeze()
    holder = Holder(visitor)
    await holder.know_the_nonce()
    return holder


@pytest.fixture
def storages(monkeypatch: pytest.MonkeyPatch) -> list[Storage]:
    """The storages of the orgs that start from now on."""
    return keep_storage(monkeypatch)


@pytest.fixture
def app(storages: list[Storage], visitor: Visitor) -> App:
    """An app that signs users in by the Identity Engine."""
    return App(visitor, storages[0])
