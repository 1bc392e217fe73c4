"""What was proved, in sessions and in tokens (facts/oauth F.6)."""

from typing import Any

import pyotp
import pytest

from mock_okta import Config
from tests.authn.proving import CALL, EMAIL, GOOGLE, OKTA, PUSH, QUESTION, SMS, Proving
from tests.authn.security_keys import SecurityKey
from tests.visiting import APP, SEED, claims_of


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED)


async def _session_token(proving: Proving, factor: Any) -> str:
    """Prove password and factor."""
    await proving.seed(factor)
    match factor["factor"]:
        case "okta_question":
            done = (await proving.verify(await proving.start(), answer="beetroot")).json()
        case "google_otp" | "okta_otp" as kind:
            secret = (await proving.factors())[kind]["secret"]
            code = pyotp.TOTP(secret).at(proving.org.clock.now())
            done = (await proving.verify(await proving.start(), passCode=code)).json()
        case "okta_push":
            state = await proving.challenged()
            (push,) = (await proving.visitor.ask("GET", "/_mock/push")).json()["pushes"]
            path = f"/_mock/push/{push['id']}"
            await proving.visitor.ask("POST", path, json={"answer": "approve"})
            done = await proving.go(state)
        case kind:
            state = await proving.challenged()
            passcode = await proving.sent(kind.removeprefix("okta_"))
            done = await proving.go(state, passCode=passcode)
    return str(done["sessionToken"])


@pytest.mark.parametrize(
    ("factor", "amr"),
    [
        (SMS, "sms"),
        (CALL, "tel"),
        (EMAIL, "email"),
        (GOOGLE, "otp"),
        (OKTA, "otp"),
        (QUESTION, "kba"),
        (PUSH, "swk"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["factor"],
)
async def test_tokens_say_which_factor_was_proved(proving: Proving, factor: Any, amr: str) -> None:
    token = await _session_token(proving, factor)
    answer = await proving.visitor.authorize({"sessionToken": token})
    tokens = (await proving.visitor.redeem(answer.returned["code"])).json()
    expected = sorted(["mfa", "pwd", amr])
    assert sorted(claims_of(tokens["id_token"])["amr"]) == expected
    for name in ("id_token", "access_token"):
        said = await proving.visitor.introspect(tokens[name], {"token_type_hint": name})
        assert said["active"] is True
    assert (await proving.visitor.userinfo(tokens["access_token"])).status == 200


async def test_a_key_is_in_the_tokens_of_the_sign_in_that_enrolled_it(proving: Proving) -> None:
    await proving.seed(enrollment={"required": ["fido_webauthn"]})
    state = await proving.enrolling("webauthn", "FIDO")
    challenge = state["_embedded"]["factor"]["_embedded"]["activation"]["challenge"]
    done = await proving.go(state, **SecurityKey(APP).register(challenge))
    answer = await proving.visitor.authorize({"sessionToken": done["sessionToken"]})
    tokens = (await proving.visitor.redeem(answer.returned["code"])).json()
    assert sorted(claims_of(tokens["id_token"])["amr"]) == ["hwk", "mfa", "pwd"]


async def test_the_session_says_when_a_factor_was_proved(proving: Proving) -> None:
    proving.org.clock.freeze()
    token = await _session_token(proving, SMS)
    url = f"/login/sessionCookieRedirect?token={token}&redirectUrl={proving.org.url}"
    await proving.visitor.ask("GET", url)
    session = (await proving.visitor.ask("GET", "/api/v1/sessions/me")).json()
    assert sorted(session["amr"]) == ["mfa", "pwd", "sms"]
    assert session["lastFactorVerification"] == session["lastPasswordVerification"]
    assert session["mfaActive"] is True


async def test_a_session_without_a_factor_says_so(proving: Proving) -> None:
    await proving.seed(SMS, require_factor=False)
    await proving.visitor.sign_in()
    session = (await proving.visitor.ask("GET", "/api/v1/sessions/me")).json()
    assert (session["amr"], session["lastFactorVerification"]) == (["pwd"], None)
    assert session["mfaActive"] is True
