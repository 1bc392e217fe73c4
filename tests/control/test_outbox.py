"""/_mock/outbox over HTTP, and what an org sends to it."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from mock_okta import (
    Config,
    Org,
    Seed,
    SeedFactor,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from tests.visiting import LOGIN, OTHER_LOGIN, PASSWORD, Visitor

USERS = (
    SeedUser(login=LOGIN, password=PASSWORD, profile={"email": "mail@example.com"}),
    SeedUser(login=OTHER_LOGIN, password=PASSWORD),
)


@pytest.fixture
def config() -> Config:
    """An org that sends its users a message about sign-ins from new devices."""
    return Config(seed=Seed(org=Org(new_sign_on_emails=True), users=USERS))


async def _outbox(visitor: Visitor) -> Any:
    answer = await visitor.ask("GET", "/_mock/outbox")
    assert answer.status == 200
    return answer.json()["messages"]


async def test_a_sign_in_from_a_new_device_is_reported_by_email(visitor: Visitor) -> None:
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


PHONE = "+14155556688"
ASKED = Seed(
    users=(
        SeedUser(
            login=LOGIN,
            password=PASSWORD,
            factors=(SeedFactor(factor="okta_sms", phone_number=PHONE),),
        ),
    ),
    sign_on_policies=(SeedSignOnPolicy(rules=(SeedSignOnRule(require_factor=True),)),),
)


async def _send_a_passcode(visitor: Visitor) -> None:
    body = {"username": LOGIN, "password": PASSWORD}
    state = (await visitor.ask("POST", "/api/v1/authn", json=body)).json()
    (factor,) = state["_embedded"]["factors"]
    token = {"stateToken": state["stateToken"]}
    await visitor.ask("POST", factor["_links"]["verify"]["href"], json=token)


@pytest.mark.parametrize("config", [Config(seed=ASKED)], ids=["sms"])
async def test_a_passcode_is_a_member_of_its_message(visitor: Visitor) -> None:
    await _send_a_passcode(visitor)
    (message,) = await _outbox(visitor)
    words = ["id", "channel", "to", "template", "subject", "text", "passcode", "created_at"]
    assert list(message) == words
    assert (message["channel"], message["to"]) == ("sms", PHONE)
    assert message["text"] == f"Your verification code is {message['passcode']}."


async def test_a_link_is_a_member_of_its_message(visitor: Visitor) -> None:
    body = {"username": LOGIN, "factorType": "EMAIL"}
    await visitor.ask("POST", "/api/v1/authn/recovery/password", json=body)
    (message,) = await _outbox(visitor)
    assert message["link"].startswith(f"{visitor.org.url}/signin/reset-password/")
    assert message["link"] in message["text"]
    assert "passcode" not in message


@pytest.mark.parametrize("config", [Config(seed=ASKED)], ids=["sms"])
async def test_each_message_is_a_line_of_the_log(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="mock_okta.outbox")
    await _send_a_passcode(visitor)
    (message,) = await _outbox(visitor)
    (record,) = [each for each in caplog.records if each.name == "mock_okta.outbox"]
    assert record.getMessage() == f"sms to {PHONE}: {message['text']}"
    names = ("channel", "to", "template", "text", "passcode")
    assert vars(record)["wire"] == {name: message[name] for name in names}


async def test_an_address_cannot_break_the_line(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="mock_okta.outbox")
    user = {"login": "odd", "password": PASSWORD, "profile": {"email": "a@b\nERROR forged"}}
    await visitor.ask("PUT", "/_mock/seed", json={"users": [user]})
    await visitor.sign_in("odd")
    lines = [each.getMessage() for each in caplog.records if each.name == "mock_okta.outbox"]
    assert len(lines) == 1
    assert "\n" not in lines[0]
