"""/_mock/outbox over HTTP, and what an org sends to it."""

from collections.abc import Callable
from typing import Any

import pytest

from mock_okta import Config, Seed, SeedOrg, SeedUser
from tests.visiting import LOGIN, OTHER_LOGIN, PASSWORD, Visitor

USERS = (
    SeedUser(login=LOGIN, password=PASSWORD, profile={"email": "mail@example.com"}),
    SeedUser(login=OTHER_LOGIN, password=PASSWORD),
)


@pytest.fixture
def config() -> Config:
    """An org that tells its users of sign-ins from new devices."""
    return Config(seed=Seed(org=SeedOrg(new_sign_on_emails=True), users=USERS))


async def _outbox(visitor: Visitor) -> Any:
    answer = await visitor.ask("GET", "/_mock/outbox")
    assert answer.status == 200
    return answer.json()["messages"]


async def test_a_sign_in_from_a_new_device_is_told_by_email(visitor: Visitor) -> None:
    await visitor.sign_in()
    (message,) = await _outbox(visitor)
    assert list(message) == ["id", "channel", "to", "template", "subject", "text", "created_at"]
    assert (message["channel"], message["to"]) == ("email", "mail@example.com")
    assert message["template"] == "new-sign-on"
    assert LOGIN in message["text"]
    assert message["created_at"].endswith("Z")


async def test_a_sign_in_from_a_known_device_is_not(visitor: Visitor) -> None:
    await visitor.sign_in()
    await visitor.sign_in()
    assert len(await _outbox(visitor)) == 1


async def test_another_browser_is_another_device(a_visitor: Callable[[], Visitor]) -> None:
    for visitor in (a_visitor(), a_visitor()):
        await visitor.sign_in()
    assert len(await _outbox(visitor)) == 2


async def test_a_device_is_new_to_each_user(visitor: Visitor) -> None:
    await visitor.sign_in(LOGIN)
    await visitor.sign_in(OTHER_LOGIN)
    assert [m["to"] for m in await _outbox(visitor)] == ["mail@example.com", OTHER_LOGIN]


async def test_the_outbox_can_be_emptied(visitor: Visitor) -> None:
    await visitor.sign_in(LOGIN)
    answer = await visitor.ask("DELETE", "/_mock/outbox")
    assert (answer.status, answer.body) == (204, b"")
    assert await _outbox(visitor) == []


async def test_a_reset_empties_the_outbox_and_forgets_devices(visitor: Visitor) -> None:
    await visitor.sign_in()
    await visitor.ask("POST", "/_mock/reset")
    assert await _outbox(visitor) == []
    await visitor.sign_in()
    assert len(await _outbox(visitor)) == 1


@pytest.mark.parametrize("config", [Config(seed=Seed(users=USERS))], ids=["usual org"])
async def test_no_email_is_sent_unless_the_org_does_so(visitor: Visitor) -> None:
    await visitor.sign_in()
    assert await _outbox(visitor) == []
