"""Wrong passcodes in a row lock a user out, whatever the factor."""

from typing import Any

import pyotp
import pytest

from mock_okta import Config
from tests.authn.proving import CALL, EMAIL, GOOGLE, QUESTION, SMS, Proving
from tests.authn.signing import error_of
from tests.visiting import SEED

LOCKED = (403, "E0000069", [])


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED)


@pytest.mark.parametrize(
    "factor", [SMS, CALL, EMAIL, GOOGLE, QUESTION], ids=lambda factor: factor["factor"]
)
async def test_one_wrong_passcode_too_many_locks_the_user_out(
    proving: Proving, factor: Any
) -> None:
    await proving.seed(factor, lockout={"max_attempts": 3})
    begun = await proving.start()
    if factor in (SMS, CALL, EMAIL):
        await proving.verify(begun, passCode="")
    for _ in range(2):
        assert error_of(await proving.verify(begun, passCode="wrong"))[:2] == (403, "E0000068")
    assert error_of(await proving.verify(begun, passCode="wrong")) == LOCKED
    assert await proving.status() == "LOCKED_OUT"
    assert error_of(await proving.sign_in())[:2] == (401, "E0000004")


async def test_a_locked_out_user_proves_nothing_any_more(proving: Proving) -> None:
    await proving.seed(SMS, lockout={"max_attempts": 2})
    state = await proving.challenged()
    right = await proving.sent("sms")
    for _ in range(2):
        await proving.follow(state, passCode="wrong")
    for given in (right, ""):
        assert error_of(await proving.follow(state, passCode=given)) == LOCKED
    assert error_of(await proving.follow_first(state, "resend")) == LOCKED
    assert len(await proving.messages("sms")) == 1


async def test_wrong_passwords_and_wrong_passcodes_count_together(proving: Proving) -> None:
    await proving.seed(SMS, lockout={"max_attempts": 3})
    begun = await proving.start()
    await proving.verify(begun, passCode="")
    await proving.verify(begun, passCode="wrong")
    await proving.sign_in(password="wrong")
    assert error_of(await proving.verify(begun, passCode="wrong")) == LOCKED


async def test_a_right_passcode_begins_the_count_anew(proving: Proving) -> None:
    await proving.seed(GOOGLE, lockout={"max_attempts": 2})
    secret = (await proving.factors())["google_otp"]["secret"]
    begun = await proving.start()
    await proving.verify(begun, passCode="wrong")
    code = pyotp.TOTP(secret).at(proving.org.clock.now())
    assert (await proving.verify(begun, passCode=code)).status == 200
    begun = await proving.start()
    assert error_of(await proving.verify(begun, passCode="wrong"))[1] == "E0000068"


async def test_a_passcode_where_none_was_sent_is_no_guess(proving: Proving) -> None:
    await proving.seed(SMS, lockout={"max_attempts": 1})
    begun = await proving.start()
    assert error_of(await proving.verify(begun, passCode="wrong"))[:2] == (403, "E0000068")
    assert await proving.status() == "ACTIVE"


async def test_where_nothing_locks_one_may_go_on_guessing(proving: Proving) -> None:
    await proving.seed(SMS, lockout={"max_attempts": 0})
    state = await proving.challenged()
    for _ in range(12):
        assert error_of(await proving.follow(state, passCode="wrong"))[1] == "E0000068"
    assert (await proving.go(state, passCode=await proving.sent("sms")))["status"] == "SUCCESS"
