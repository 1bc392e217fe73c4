"""Forgotten passwords: who may, the question, the new one (facts/classic C.2, C.3)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from mock_okta import Config
from tests.authn.recovering import (
    FORBIDDEN,
    NOBODY,
    PHONELESS,
    QUESTION,
    STRONG,
    UNKNOWN_TOKEN,
    WRONG_CODE,
    recovery_org,
    reset_state,
)
from tests.authn.signing import AUTHN, LOGIN, NEW_PASSWORD, Signing, error_of


@pytest.fixture
def config() -> Config:
    """Override: an org that asks no recovery question."""
    return recovery_org()


async def test_a_reset_password_is_what_the_policy_asks(signing: Signing) -> None:
    state = await reset_state(signing)
    status, code, (cause,) = error_of(await signing.follow(state, newPassword="Short-1"))
    assert (status, code) == (403, "E0000080")
    assert cause.startswith("Password requirements were not met.")
    assert (await signing.sign_in()).status == 200
    assert (await signing.follow(state, newPassword=NEW_PASSWORD)).status == 200


async def test_a_reset_needs_a_password(signing: Signing) -> None:
    state = await reset_state(signing)
    assert error_of(await signing.follow(state))[:2] == (400, "E0000001")


@pytest.mark.parametrize("factor", ["EMAIL", "SMS", "CALL"])
@pytest.mark.parametrize("login", [NOBODY, PHONELESS])
async def test_the_answer_does_not_tell_who_is_a_user(
    signing: Signing, login: str, factor: str
) -> None:
    signing.org.clock.freeze()
    known = (await signing.recover(factor=factor)).json()
    sent = len(await signing.outbox())
    other = (await signing.recover(login=login, factor=factor)).json()
    known.pop("stateToken", None)
    token = other.pop("stateToken", None)
    assert other == known
    if factor == "EMAIL":
        assert token is None
        return
    assert len(await signing.outbox()) == sent
    state = {**other, "stateToken": token}
    assert error_of(await signing.follow(state, passCode="123456")) == WRONG_CODE
    assert error_of(await signing.follow(state, "resend"))[0] == 429
    signing.org.clock.advance(timedelta(seconds=31))
    assert (await signing.follow(state, "resend")).status == 200
    assert (await signing.follow(state, "cancel")).json() == {}
    assert len(await signing.outbox()) == sent


@pytest.mark.parametrize(
    ("config", "factor"),
    [
        (recovery_org(factors=("SMS",)), "EMAIL"),
        (recovery_org(factors=("EMAIL",)), "SMS"),
        (recovery_org(factors=("EMAIL", "SMS")), "CALL"),
        (recovery_org(password_reset=False), "EMAIL"),
        (recovery_org(password_reset=False), "SMS"),
    ],
    ids=["no e-mail", "no SMS", "no call", "nothing", "nothing by SMS"],
)
@pytest.mark.parametrize("login", [LOGIN, NOBODY])
async def test_the_policy_says_by_what_passwords_are_recovered(
    signing: Signing, factor: str, login: str
) -> None:
    assert error_of(await signing.recover(login=login, factor=factor)) == FORBIDDEN
    assert await signing.outbox() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"factorType": "EMAIL"}, "username"),
        ({"username": LOGIN}, "factorType"),
        ({"username": LOGIN, "factorType": "PIGEON"}, "factorType"),
        ({"username": LOGIN, "factorType": ""}, "factorType"),
        ({"username": LOGIN, "factorType": 1}, "factorType"),
        ({"username": None, "factorType": "EMAIL"}, "username"),
    ],
)
@pytest.mark.parametrize("what", ["password", "unlock"])
async def test_a_recovery_names_user_and_factor(
    signing: Signing, what: str, body: dict[str, Any], field: str
) -> None:
    status, code, (cause,) = error_of(await signing.post(f"{AUTHN}/recovery/{what}", **body))
    assert (status, code) == (400, "E0000001")
    assert cause.startswith(f"{field}: ")


async def test_a_reset_works_once(signing: Signing) -> None:
    state = await reset_state(signing)
    answers = await asyncio.gather(
        *(signing.follow(state, newPassword=f"Other-Pass-{number}") for number in range(8))
    )
    assert [answer.status for answer in answers].count(200) == 1
    assert error_of(await signing.follow(state, newPassword=NEW_PASSWORD)) == UNKNOWN_TOKEN


async def test_sessions_end_with_a_reset_if_that_is_asked(signing: Signing) -> None:
    await signing.visitor.sign_in()
    state = await reset_state(signing)
    await signing.follow(state, newPassword=NEW_PASSWORD, revokeSessions=True)
    assert await signing.visitor.session_id() is None


async def test_a_recovery_can_be_cancelled(signing: Signing) -> None:
    state = await reset_state(signing, relayState="/there")
    assert state["relayState"] == "/there"
    assert (await signing.follow(state, "cancel")).json() == {"relayState": "/there"}
    refused = await signing.follow(state, newPassword=NEW_PASSWORD)
    assert error_of(refused) == UNKNOWN_TOKEN


@pytest.mark.parametrize("factor", ["EMAIL", "SMS"])
async def test_the_relay_state_comes_back(signing: Signing, factor: str) -> None:
    state = (await signing.recover(factor=factor, relayState="/there")).json()
    assert state["relayState"] == "/there"
    if factor == "EMAIL":
        reset = await signing.redeem(await signing.token())
    else:
        reset = await signing.follow(state, passCode=await signing.passcode())
    assert reset.json()["relayState"] == "/there"
    success = await signing.follow(reset.json(), newPassword=NEW_PASSWORD)
    assert success.json()["relayState"] == "/there"


ASKING = recovery_org(asks_question=True, max_attempts=3)
asking = pytest.mark.parametrize("config", [ASKING], ids=["with a question"])


@asking
@pytest.mark.parametrize("factor", ["EMAIL", "SMS"])
async def test_the_recovery_question_comes_before_the_new_password(
    signing: Signing, factor: str
) -> None:
    begun = (await signing.recover(factor=factor)).json()
    if factor == "EMAIL":
        state = (await signing.redeem(await signing.token())).json()
    else:
        state = (await signing.follow(begun, passCode=await signing.passcode())).json()
    assert (state["status"], state["recoveryType"]) == ("RECOVERY", "PASSWORD")
    assert state["_embedded"]["user"]["recovery_question"] == {"question": QUESTION.question}
    assert "policy" not in state["_embedded"]
    assert state["_links"]["next"]["name"] == "answer"
    early = f"{AUTHN}/credentials/reset_password"
    token = state["stateToken"]
    refused = await signing.post(early, stateToken=token, newPassword=NEW_PASSWORD)
    assert error_of(refused)[:2] == (403, "E0000079")
    reset = (await signing.follow(state, answer=" beetROOT ")).json()
    assert (reset["status"], reset["recoveryType"]) == ("PASSWORD_RESET", "PASSWORD")
    assert (await signing.follow(reset, newPassword=NEW_PASSWORD)).status == 200


@asking
async def test_a_user_without_a_question_is_not_asked(signing: Signing) -> None:
    state = await reset_state(signing, login=PHONELESS)
    assert state["status"] == "PASSWORD_RESET"


@asking
async def test_wrong_answers_are_reported_counted_and_lock_out(signing: Signing) -> None:
    state = await reset_state(signing)
    for _ in range(2):
        assert error_of(await signing.follow(state, answer="wrong")) == (403, "E0000087", [])
    assert error_of(await signing.follow(state, answer="wrong")) == (403, "E0000069", [])
    assert await signing.status() == "LOCKED_OUT"
    missing = await signing.follow(state)
    assert error_of(missing)[:2] == (400, "E0000001")


@asking
async def test_an_answer_may_bring_the_new_password(signing: Signing) -> None:
    state = await reset_state(signing)
    weak = await signing.follow(state, answer=QUESTION.answer, newPassword="weak")
    assert error_of(weak)[:2] == (403, "E0000080")
    wrong = await signing.follow(state, answer="wrong", newPassword=NEW_PASSWORD)
    assert error_of(wrong) == (403, "E0000087", [])
    success = await signing.follow(state, answer=QUESTION.answer, newPassword=NEW_PASSWORD)
    body = success.json()
    assert (body["status"], "recoveryType" in body) == ("SUCCESS", False)
    assert (await signing.sign_in(password=NEW_PASSWORD)).status == 200


@pytest.mark.parametrize("config", [Config(seed=STRONG)], ids=["with a factor"])
async def test_a_new_password_does_not_stand_in_for_a_factor(signing: Signing) -> None:
    state = await reset_state(signing)
    required = (await signing.follow(state, newPassword=NEW_PASSWORD)).json()
    assert (required["status"], "sessionToken" in required) == ("MFA_REQUIRED", False)
    assert "recoveryType" not in required
