"""The link of an e-mail, which leads to a new password: facts/oauth C.2, C.3."""

import asyncio
import re
from datetime import timedelta

import pytest

from mock_okta import Config
from tests.authn.recovering import SPENT, UNKNOWN_TOKEN, recovery_org, reset_state
from tests.authn.signing import AUTHN, LOGIN, NEW_PASSWORD, PASSWORD, Signing, error_of


@pytest.fixture
def config() -> Config:
    """An org that asks no recovery question."""
    return recovery_org()


async def test_an_email_brings_a_link_and_the_answer_has_neither_token_nor_links(
    signing: Signing,
) -> None:
    answer = await signing.recover()
    assert answer.status == 200
    assert answer.json() == {
        "status": "RECOVERY_CHALLENGE",
        "factorResult": "WAITING",
        "factorType": "EMAIL",
        "recoveryType": "PASSWORD",
    }
    (message,) = await signing.outbox()
    assert (message["channel"], message["to"]) == ("email", "mail@example.com")
    assert message["template"] == "forgot-password"
    path = re.escape(f"{signing.org.url}/signin/reset-password/")
    assert re.fullmatch(path + r"[\w-]{20}", await signing.link())


async def test_the_link_leads_to_a_new_password(signing: Signing) -> None:
    state = await reset_state(signing)
    assert list(state) == [
        "stateToken",
        "expiresAt",
        "status",
        "recoveryType",
        "_embedded",
        "_links",
    ]
    assert (state["status"], state["recoveryType"]) == ("PASSWORD_RESET", "PASSWORD")
    assert list(state["_embedded"]) == ["user", "policy"]
    assert state["_links"]["next"]["name"] == "resetPassword"
    success = (await signing.follow(state, newPassword=NEW_PASSWORD)).json()
    assert list(success) == ["expiresAt", "status", "sessionToken", "_embedded"]
    assert (await signing.sign_in()).status == 401
    assert (await signing.sign_in(password=NEW_PASSWORD)).status == 200


async def test_a_link_is_good_once(signing: Signing) -> None:
    await signing.recover()
    token = await signing.token()
    assert (await signing.redeem(token)).status == 200
    assert error_of(await signing.redeem(token)) == SPENT


async def test_of_64_uses_of_one_link_one_comes_through(signing: Signing) -> None:
    await signing.recover()
    token = await signing.token()
    answers = await asyncio.gather(*(signing.redeem(token) for _ in range(64)))
    assert [answer.status for answer in answers].count(200) == 1
    refusals = [error_of(answer) for answer in answers if answer.status != 200]
    assert refusals == 63 * [SPENT]


@pytest.mark.parametrize("config", [recovery_org(token_lifetime_minutes=90)], ids=["90 minutes"])
async def test_a_link_is_good_as_long_as_the_policy_says(signing: Signing) -> None:
    for minutes, refused in ((89, None), (91, SPENT)):
        await signing.recover()
        token = await signing.token()
        signing.org.clock.advance(timedelta(minutes=minutes))
        answer = await signing.redeem(token)
        assert (answer.status == 200) if refused is None else (error_of(answer) == refused)


@pytest.mark.parametrize("token", ["", "nonsense", "a" * 20, "\x00", "00" + "a" * 40])
async def test_a_token_that_never_was_is_unknown(signing: Signing, token: str) -> None:
    assert error_of(await signing.redeem(token)) == UNKNOWN_TOKEN


async def test_a_token_is_needed(signing: Signing) -> None:
    answer = await signing.post(f"{AUTHN}/recovery/token")
    assert error_of(answer)[:2] == (400, "E0000001")


async def test_a_new_password_ends_the_links_sent_before(signing: Signing) -> None:
    await signing.recover()
    earlier = await signing.token()
    signing.org.clock.advance(timedelta(seconds=1))
    state = await reset_state(signing)
    assert (await signing.follow(state, newPassword=NEW_PASSWORD)).status == 200
    assert error_of(await signing.redeem(earlier)) == SPENT


@pytest.mark.parametrize("verb", ["suspend", "deactivate"])
async def test_a_link_is_of_no_use_to_who_may_not_sign_in(signing: Signing, verb: str) -> None:
    await signing.recover()
    token = await signing.token()
    state = await reset_state(signing)
    await signing.change(verb)
    assert error_of(await signing.redeem(token)) == SPENT
    refused = await signing.follow(state, newPassword=NEW_PASSWORD)
    assert error_of(refused) == (401, "E0000004", [])
    await signing.recover()
    assert len(await signing.outbox()) == 2


async def test_a_link_of_a_removed_user_stays_dead_when_they_are_back(signing: Signing) -> None:
    await signing.recover()
    token = await signing.token()
    await signing.visitor.ask("DELETE", f"/_mock/users/{LOGIN}")
    user = {"login": LOGIN, "password": PASSWORD}
    await signing.visitor.ask("PUT", "/_mock/seed", json={"users": [user]})
    assert error_of(await signing.redeem(token)) == UNKNOWN_TOKEN
