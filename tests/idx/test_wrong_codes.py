"""What is said of a code that is wrong, and where: at the field that it was given in."""

from typing import Any

import pyotp
import pytest

from mock_okta import MockOkta
from tests.idx.enrolling import Enrolling

WRONG = "api.authn.error.PASSCODE_INVALID"
WRONG_SOFT_TOKEN = "authfactor.challenge.soft_token.invalid_passcode"
USED = "authfactor.challenge.soft_token.used_passcode"


async def _asked(enrolling: Enrolling, factor: str, key: str, **choice: str) -> None:
    await enrolling.seed({"factor": factor}, require_factor=True)
    document = await enrolling.start()
    if document.screen != "challenge-authenticator":
        await enrolling.choose(key, **choice)
    assert enrolling.document.screen == "challenge-authenticator"


def _keys_at(field: dict[str, Any]) -> list[str]:
    return [each["i18n"]["key"] for each in field["messages"]["value"]]


@pytest.mark.parametrize(
    ("factor", "key", "choice", "name", "said"),
    [
        ("okta_email", "okta_email", {"methodType": "email"}, "passcode", WRONG),
        ("okta_otp", "okta_verify", {"methodType": "totp"}, "totp", WRONG),
        ("google_otp", "google_otp", {}, "passcode", WRONG_SOFT_TOKEN),
    ],
)
async def test_a_wrong_code_is_reported_at_its_field(
    enrolling: Enrolling, factor: str, key: str, choice: dict[str, str], name: str, said: str
) -> None:
    await _asked(enrolling, factor, key, **choice)
    refused = await enrolling.take("challenge-authenticator", credentials={name: "000000"})
    field = refused.field("challenge-authenticator", "credentials", name)
    assert (refused.status, _keys_at(dict(field))) == (401, [said])
    assert "messages" not in refused.body


async def test_a_used_code_is_reported_at_its_field(enrolling: Enrolling, org: MockOkta) -> None:
    await _asked(enrolling, "google_otp", "google_otp")
    secret = (await enrolling.factors())["google_otp"]["secret"]
    code = pyotp.TOTP(secret).at(org.clock.now())
    done = await enrolling.take("challenge-authenticator", credentials={"passcode": code})
    assert done.interaction_code
    await enrolling.start()
    refused = await enrolling.take("challenge-authenticator", credentials={"passcode": code})
    field = refused.field("challenge-authenticator", "credentials", "passcode")
    assert (refused.status, _keys_at(dict(field))) == (401, [USED])
