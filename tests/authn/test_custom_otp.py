"""Tokens of an org's own choice, and what an org sets up for all users of an authenticator."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from mock_okta import Config
from tests.authn.proving import PUSH, Proving
from tests.authn.signing import error_of
from tests.visiting import SEED

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TOKEN = {"factor": "custom_otp", "secret": SECRET}
OTP = {
    "algorithm": "HMacSHA256",
    "pass_code_length": 8,
    "time_interval_in_seconds": 60,
    "acceptable_adjacent_intervals": 2,
}


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED)


def _code(proving: Proving, steps: int = 0) -> str:
    totp = pyotp.TOTP(SECRET, digits=8, digest=hashlib.sha256, interval=60)
    return totp.at(proving.org.clock.now() + steps * timedelta(seconds=60))


async def _set_up(proving: Proving, authenticator: Mapping[str, Any]) -> None:
    document = {"authenticators": [authenticator]}
    answer = await proving.visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text


async def _with_token(proving: Proving) -> None:
    await proving.seed(TOKEN)
    await _set_up(proving, {"key": "custom_otp", "settings": {"otp": OTP}})
    proving.org.clock.freeze()


async def test_a_token_counts_as_the_org_has_set_it_up(proving: Proving) -> None:
    await _with_token(proving)
    state = await proving.start()
    (factor,) = state["_embedded"]["factors"]
    assert (factor["factorType"], factor["provider"], factor["vendorName"]) == (
        "token:hotp",
        "CUSTOM",
        "CUSTOM",
    )
    usual = pyotp.TOTP(SECRET).at(proving.org.clock.now())
    for wrong in (_code(proving, -3), _code(proving, 3), usual):
        assert error_of(await proving.verify(state, passCode=wrong))[:2] == (403, "E0000068")
    answer = await proving.verify(state, passCode=_code(proving, -2))
    assert answer.json()["status"] == "SUCCESS"


async def test_a_code_of_a_token_works_once(proving: Proving) -> None:
    await _with_token(proving)
    code = _code(proving)
    assert (await proving.verify(await proving.start(), passCode=code)).status == 200
    state = await proving.start()
    assert (await proving.verify(state, passCode=code)).status == 403
    proving.org.clock.advance(timedelta(seconds=60))
    assert (await proving.verify(state, passCode=_code(proving))).status == 200


async def test_a_token_that_nobody_set_up_counts_as_usual(proving: Proving) -> None:
    await proving.seed(TOKEN)
    code = pyotp.TOTP(SECRET).at(proving.org.clock.now())
    assert (await proving.verify(await proving.start(), passCode=code)).status == 200


@pytest.mark.parametrize(
    ("required", "is_asked"), [("NEVER", False), ("HIGH_RISK_ONLY", False), ("ALWAYS", True)]
)
async def test_an_org_may_have_every_push_ask_for_a_number(
    proving: Proving, required: str, *, is_asked: bool
) -> None:
    await proving.seed(PUSH)
    await _set_up(proving, {"key": "okta_verify", "settings": {"number_challenge": required}})
    await proving.verify(await proving.start())
    (push,) = (await proving.visitor.ask("GET", "/_mock/push")).json()["pushes"]
    assert (push.get("number") is not None) is is_asked
