"""Forgotten passwords: by link, by passcode, by question, by a trusted app: contract C.2, C.3."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from mock_okta import (
    Config,
    Seed,
    SeedApiToken,
    SeedComplexity,
    SeedFactor,
    SeedLockout,
    SeedPasswordPolicy,
    SeedRecovery,
    SeedRecoveryQuestion,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from mock_okta.clock import wire_instant
from tests.authn.signing import (
    API_TOKEN,
    AUTHN,
    LOGIN,
    NEW_PASSWORD,
    PASSWORD,
    Signing,
    error_of,
)

NOBODY, PHONELESS = "nobody@example.com", "phoneless@example.com"
QUESTION = SeedRecoveryQuestion(question="What did I eat?", answer="Beetroot")
WRONG_CODE = (403, "E0000068", ["Your token doesn't match our records. Please try again."])
UNKNOWN_TOKEN = (401, "E0000011", [])
SPENT = (403, "E0000105", [])
FORBIDDEN = (403, "E0000034", [])


def _config(*, max_attempts: int = 10, **recovery: Any) -> Config:
    user = SeedUser(
        login=LOGIN,
        password=PASSWORD,
        profile={"email": "mail@example.com"},
        recovery_question=QUESTION,
        factors=(
            SeedFactor(factor="okta_sms", phone_number="+14155550100"),
            SeedFactor(factor="okta_call", phone_number="+14155550101"),
        ),
    )
    policy = SeedPasswordPolicy(
        complexity=SeedComplexity(min_length=9),
        recovery=SeedRecovery(**recovery),
        lockout=SeedLockout(max_attempts=max_attempts),
    )
    return Config(
        seed=Seed(
            users=(user, SeedUser(login=PHONELESS, password=PASSWORD)),
            password_policies=(policy,),
            api_tokens=(SeedApiToken(token=API_TOKEN),),
        )
    )


@pytest.fixture
def config() -> Config:
    """Override: an org that asks no recovery question."""
    return _config()


async def _reset_state(signing: Signing, **recovery: Any) -> dict[str, Any]:
    """Follow the link of an e-mail."""
    await signing.recover(**recovery)
    state: dict[str, Any] = (await signing.redeem(await signing.token())).json()
    return state


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
    state = await _reset_state(signing)
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


async def test_a_reset_password_is_what_the_policy_asks(signing: Signing) -> None:
    state = await _reset_state(signing)
    status, code, (cause,) = error_of(await signing.follow(state, newPassword="Short-1"))
    assert (status, code) == (403, "E0000080")
    assert cause.startswith("Password requirements were not met.")
    assert (await signing.sign_in()).status == 200
    assert (await signing.follow(state, newPassword=NEW_PASSWORD)).status == 200


async def test_a_reset_needs_a_password(signing: Signing) -> None:
    state = await _reset_state(signing)
    assert error_of(await signing.follow(state))[:2] == (400, "E0000001")


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


async def test_a_wrong_passcode_is_told_and_the_right_one_still_works(signing: Signing) -> None:
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
        (_config(factors=("SMS",)), "EMAIL"),
        (_config(factors=("EMAIL",)), "SMS"),
        (_config(factors=("EMAIL", "SMS")), "CALL"),
        (_config(password_reset=False), "EMAIL"),
        (_config(password_reset=False), "SMS"),
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


@pytest.mark.parametrize("config", [_config(token_lifetime_minutes=90)], ids=["90 minutes"])
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
    state = await _reset_state(signing)
    assert (await signing.follow(state, newPassword=NEW_PASSWORD)).status == 200
    assert error_of(await signing.redeem(earlier)) == SPENT


@pytest.mark.parametrize("verb", ["suspend", "deactivate"])
async def test_a_link_is_of_no_use_to_who_may_not_sign_in(signing: Signing, verb: str) -> None:
    await signing.recover()
    token = await signing.token()
    state = await _reset_state(signing)
    await signing.change(verb)
    assert error_of(await signing.redeem(token)) == SPENT
    refused = await signing.follow(state, newPassword=NEW_PASSWORD)
    assert error_of(refused) == (401, "E0000004", [])
    await signing.recover()
    assert len(await signing.outbox()) == 2


async def test_a_reset_works_once(signing: Signing) -> None:
    state = await _reset_state(signing)
    answers = await asyncio.gather(
        *(signing.follow(state, newPassword=f"Other-Pass-{number}") for number in range(8))
    )
    assert [answer.status for answer in answers].count(200) == 1
    assert error_of(await signing.follow(state, newPassword=NEW_PASSWORD)) == UNKNOWN_TOKEN


async def test_sessions_end_with_a_reset_if_that_is_asked(signing: Signing) -> None:
    await signing.visitor.sign_in()
    state = await _reset_state(signing)
    await signing.follow(state, newPassword=NEW_PASSWORD, revokeSessions=True)
    assert await signing.visitor.session_id() is None


async def test_a_recovery_can_be_cancelled(signing: Signing) -> None:
    state = await _reset_state(signing, relayState="/there")
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


ASKING = _config(asks_question=True, max_attempts=3)
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
    state = await _reset_state(signing, login=PHONELESS)
    assert state["status"] == "PASSWORD_RESET"


@asking
async def test_wrong_answers_are_told_counted_and_lock_out(signing: Signing) -> None:
    state = await _reset_state(signing)
    for _ in range(2):
        assert error_of(await signing.follow(state, answer="wrong")) == (403, "E0000087", [])
    assert error_of(await signing.follow(state, answer="wrong")) == (403, "E0000069", [])
    assert await signing.status() == "LOCKED_OUT"
    missing = await signing.follow(state)
    assert error_of(missing)[:2] == (400, "E0000001")


@asking
async def test_an_answer_may_bring_the_new_password(signing: Signing) -> None:
    state = await _reset_state(signing)
    weak = await signing.follow(state, answer=QUESTION.answer, newPassword="weak")
    assert error_of(weak)[:2] == (403, "E0000080")
    wrong = await signing.follow(state, answer="wrong", newPassword=NEW_PASSWORD)
    assert error_of(wrong) == (403, "E0000087", [])
    success = await signing.follow(state, answer=QUESTION.answer, newPassword=NEW_PASSWORD)
    body = success.json()
    assert (body["status"], "recoveryType" in body) == ("SUCCESS", False)
    assert (await signing.sign_in(password=NEW_PASSWORD)).status == 200


async def test_a_trusted_app_gets_the_token_itself(signing: Signing) -> None:
    signing.org.clock.freeze()
    handed = await signing.recover(factor=None, relayState="/there")
    body = handed.json()
    assert list(body) == [
        "expiresAt",
        "status",
        "relayState",
        "recoveryToken",
        "recoveryType",
        "_embedded",
        "_links",
    ]
    assert (body["status"], body["recoveryType"]) == ("RECOVERY", "PASSWORD")
    assert body["expiresAt"] == wire_instant(signing.org.clock.now() + timedelta(hours=1))
    assert body["_links"]["next"] == {
        "name": "recovery",
        "href": f"{signing.org.url}{AUTHN}/recovery/token",
        "hints": {"allow": ["POST"]},
    }
    assert await signing.outbox() == []
    state = (await signing.redeem(body["recoveryToken"])).json()
    assert (state["status"], state["relayState"]) == ("PASSWORD_RESET", "/there")


@pytest.mark.parametrize("config", [_config(password_reset=False)], ids=["nothing"])
async def test_the_policy_counts_for_trusted_apps_too(signing: Signing) -> None:
    assert error_of(await signing.recover(factor=None)) == FORBIDDEN


async def test_a_trusted_app_is_told_that_a_user_is_unknown(signing: Signing) -> None:
    assert error_of(await signing.recover(login=NOBODY, factor=None)) == (403, "E0000095", [])


async def test_a_bad_api_token_is_refused(signing: Signing) -> None:
    for path in (f"{AUTHN}/recovery/password", AUTHN):
        answer = await signing.post(path, {"Authorization": "SSWS wrong"}, username=LOGIN)
        assert error_of(answer) == UNKNOWN_TOKEN
    bearer = {"Authorization": "Bearer something"}
    public = await signing.post(f"{AUTHN}/recovery/password", bearer, username=LOGIN)
    assert error_of(public)[:2] == (400, "E0000001")


STRONG = Seed(
    users=(
        SeedUser(
            login=LOGIN,
            password=PASSWORD,
            factors=(
                SeedFactor(factor="okta_question", question="disliked_food", answer="beetroot"),
            ),
        ),
    ),
    sign_on_policies=(SeedSignOnPolicy(rules=(SeedSignOnRule(require_factor=True),)),),
)


@pytest.mark.parametrize("config", [Config(seed=STRONG)], ids=["with a factor"])
async def test_a_new_password_does_not_stand_in_for_a_factor(signing: Signing) -> None:
    state = await _reset_state(signing)
    required = (await signing.follow(state, newPassword=NEW_PASSWORD)).json()
    assert (required["status"], "sessionToken" in required) == ("MFA_REQUIRED", False)
    assert "recoveryType" not in required


async def test_a_link_of_a_removed_user_stays_dead_when_they_are_back(signing: Signing) -> None:
    await signing.recover()
    token = await signing.token()
    await signing.visitor.ask("DELETE", f"/_mock/users/{LOGIN}")
    user = {"login": LOGIN, "password": PASSWORD}
    await signing.visitor.ask("PUT", "/_mock/seed", json={"users": [user]})
    assert error_of(await signing.redeem(token)) == UNKNOWN_TOKEN


@pytest.mark.parametrize("config", [Config(seed=STRONG)], ids=["with a factor"])
@pytest.mark.parametrize(("is_trusted", "next_time"), [(True, "SUCCESS"), (False, "MFA_REQUIRED")])
async def test_the_device_that_a_trusted_app_names_is_remembered(
    signing: Signing, *, is_trusted: bool, next_time: str
) -> None:
    """Without an API token the context is ignored, and the caller, who has no cookie, is new."""
    headers = {"Authorization": f"SSWS {API_TOKEN}"} if is_trusted else {}
    document = {"api_tokens": [{"token": API_TOKEN}]}
    await signing.visitor.ask("PUT", "/_mock/seed", json=document)
    statuses = []
    for _ in range(2):
        signing.visitor.http.cookie_jar.clear()
        body = {"username": LOGIN, "password": PASSWORD, "context": {"deviceToken": "device-1"}}
        state = (await signing.post(AUTHN, headers, **body)).json()
        statuses.append(state["status"])
        if state["status"] == "MFA_REQUIRED":
            verify = state["_embedded"]["factors"][0]["_links"]["verify"]["href"]
            proof = {"answer": "beetroot", "stateToken": state["stateToken"]}
            proof["context"] = {"deviceToken": "device-1"}
            await signing.post(f"{verify}?rememberDevice=true", headers, **proof)
    assert statuses == ["MFA_REQUIRED", next_time]
