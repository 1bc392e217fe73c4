"""The passcode of an SMS or a call, which leads to a new password: facts/oauth C.2, C.3."""

import asyncio
from datetime import timedelta

import pytest

from mock_okta import Config
from tests.authn.recovering import WRONG_CODE, recovery_org
from tests.authn.signing import AUTHN, NEW_PASSWORD, Signing, error_of


@pytest.fixture
def config() -> Config:
    """An org that asks no recovery question."""
    return recovery_org()


@pytest.mark.parametrize("factor", ["SMS", "CALL", "sms", "Call"])
async def test_a_passcode_leads_to_a_new_password(signing: Signing, factor: str) -> None:
    state = (await signing.recover(factor=factor)).json()
    factor = factor.upper()
    assert list(state) == [
        "stateToken",
        "expiresAt",
        "status",
        "recoveryType",
        "factorType",
        "_links",
    ]
    assert (state["status"], state["factorType"]) == ("RECOVERY_CHALLENGE", factor)
    path = f"{AUTHN}/recovery/factors/{factor.lower()}"
    assert state["_links"]["next"] == {
        "name": "verify",
        "href": f"{signing.org.url}{path}/verify",
        "hints": {"allow": ["POST"]},
    }
    assert state["_links"]["resend"] == {
        "name": factor.lower(),
        "href": f"{signing.org.url}{path}/resend",
        "hints": {"allow": ["POST"]},
    }
    (message,) = await signing.outbox()
    number = "+14155550100" if factor == "SMS" else "+14155550101"
    assert (message["channel"], message["to"]) == (factor.lower(), number)
    reset = (await signing.follow(state, passCode=await signing.passcode())).json()
    assert (reset["status"], reset["recoveryType"]) == ("PASSWORD_RESET", "PASSWORD")
    assert (await signing.follow(reset, newPassword=NEW_PASSWORD)).status == 200


async def test_a_challenge_tells_nothing_of_the_user(signing: Signing) -> None:
    state = (await signing.recover(factor="SMS")).json()
    shown = await signing.post(f"{AUTHN}/introspect", stateToken=state["stateToken"])
    assert shown.json()["_links"] == state["_links"]
    assert "_embedded" not in shown.json()


async def test_a_wrong_passcode_is_reported_and_the_right_one_still_works(signing: Signing) -> None:
    state = (await signing.recover(factor="SMS")).json()
    right = await signing.passcode()
    for wrong in (f"{(int(right) + 1) % 10**6:06d}", "", right[:5], f"{right}0"):
        assert error_of(await signing.follow(state, passCode=wrong)) == WRONG_CODE
    assert (await signing.follow(state, passCode=right)).status == 200


async def test_a_passcode_comes_in_time(signing: Signing) -> None:
    state = (await signing.recover(factor="SMS")).json()
    right = await signing.passcode()
    for _ in range(2):  # the state token slides on with each use
        signing.org.clock.advance(timedelta(minutes=2, seconds=30))
        late = await signing.follow(state, passCode="000000")
        assert error_of(late)[1] == "E0000068"
    assert error_of(await signing.follow(state, passCode=right)) == WRONG_CODE


async def test_a_passcode_is_sent_again_after_half_a_minute_and_replaces_the_first(
    signing: Signing,
) -> None:
    state = (await signing.recover(factor="CALL")).json()
    first = await signing.passcode()
    early = await signing.follow(state, "resend")
    assert error_of(early)[:2] == (429, "E0000133")
    signing.org.clock.advance(timedelta(seconds=30))
    again = (await signing.follow(state, "resend")).json()
    assert (again["stateToken"], again["_links"]) == (state["stateToken"], state["_links"])
    assert len(await signing.outbox()) == 2
    second = await signing.passcode()
    if first != second:
        assert error_of(await signing.follow(state, passCode=first)) == WRONG_CODE
    assert (await signing.follow(state, passCode=second)).status == 200


async def test_sms_and_call_are_not_mixed_up(signing: Signing) -> None:
    state = (await signing.recover(factor="SMS")).json()
    path = f"{AUTHN}/recovery/factors/call/verify"
    token, code = state["stateToken"], await signing.passcode()
    refused = await signing.post(path, stateToken=token, passCode=code)
    assert error_of(refused)[:2] == (403, "E0000079")
    named = f"{AUTHN}/recovery/factors/SMS/verify"
    assert (await signing.post(named, stateToken=token, passCode=code)).status == 200


async def test_64_uses_of_one_passcode_lead_to_one_new_password(signing: Signing) -> None:
    state = (await signing.recover(factor="SMS")).json()
    code = await signing.passcode()
    answers = await asyncio.gather(*(signing.follow(state, passCode=code) for _ in range(64)))
    resets = [answer.json() for answer in answers if answer.status == 200]
    assert len(resets) == 1
    refusals = {error_of(answer)[:2] for answer in answers if answer.status != 200}
    assert refusals == {(403, "E0000079")}
