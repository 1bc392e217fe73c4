"""Wrong passwords lock a user out, as the policy has it; and the ways back: facts/oauth C.2."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from mock_okta import (
    Config,
    Lockout,
    Recovery,
    RecoveryQuestion,
    Seed,
    SeedApiToken,
    SeedAuthorizationServer,
    SeedClient,
    SeedFactor,
    SeedPasswordPolicy,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from tests.authn.signing import API_TOKEN, LOGIN, PASSWORD, Signing, error_of
from tests.visiting import Answer

FAILED = (401, "E0000004", [])
NATIVE = "0oa1nat00000000000h7"
PHONES = {"mobilePhone": "+14155550101", "primaryPhone": "+14155550102"}
ANSWER = "beetroot"


def _config(
    status: Any = "ACTIVE",
    *,
    recovery: Recovery | None = None,
    phones: Mapping[str, str] = PHONES,
    **lockout: Any,
) -> Config:
    user = SeedUser(
        login=LOGIN,
        password=PASSWORD,
        status=status,
        profile=dict(phones),
        recovery_question=RecoveryQuestion(question="What did I eat?", answer=ANSWER),
    )
    attempts = Lockout(**{"max_attempts": 3, **lockout})
    grants = ("authorization_code", "password")
    return Config(
        seed=Seed(
            users=(user,),
            clients=(
                SeedClient(name="Native", type="native", client_id=NATIVE, grant_types=grants),
            ),
            authorization_servers=(SeedAuthorizationServer(id="default"),),
            password_policies=(
                SeedPasswordPolicy(lockout=attempts, recovery=recovery or Recovery()),
            ),
            api_tokens=(SeedApiToken(token=API_TOKEN),),
        )
    )


def _locked(**settings: Any) -> Any:
    return _config("LOCKED_OUT", **settings)


@pytest.fixture
def config() -> Config:
    """Override: three wrong passwords lock a user out, without a message."""
    return _config()


async def _by_api(signing: Signing, password: str) -> bool:
    answer = await signing.sign_in(password=password)
    return answer.json().get("status") == "SUCCESS"


async def _by_form(signing: Signing, password: str) -> bool:
    form = {"username": LOGIN, "password": password}
    return (await signing.visitor.ask("POST", "/login/login.htm", data=form)).status == 302


async def _by_grant(signing: Signing, password: str) -> bool:
    form = {"grant_type": "password", "client_id": NATIVE, "username": LOGIN, "scope": "openid"}
    answer = await signing.visitor.post("token", form | {"password": password})
    if answer.status != 200:
        assert (answer.status, answer.json()) == (
            400,
            {
                "error": "invalid_grant",
                "error_description": "The credentials provided were invalid.",
            },
        )
    return answer.status == 200


WAYS = (_by_api, _by_form, _by_grant)
Way = Callable[[Signing, str], Awaitable[bool]]


@pytest.mark.parametrize("last", WAYS)
@pytest.mark.parametrize("first", WAYS)
async def test_wrong_passwords_lock_out_by_whatever_way_they_come(
    signing: Signing, first: Way, last: Way
) -> None:
    for way in (first, first, last):
        assert await signing.status() == "ACTIVE"
        assert not await way(signing, "wrong")
    assert await signing.status() == "LOCKED_OUT"
    for way in WAYS:
        assert not await way(signing, PASSWORD)


async def test_a_right_password_begins_the_count_anew(signing: Signing) -> None:
    for password in ("wrong", "wrong", PASSWORD, "wrong", "wrong", PASSWORD):
        assert await _by_api(signing, password) is (password == PASSWORD)
    assert await signing.status() == "ACTIVE"


async def test_a_hidden_lockout_looks_like_a_wrong_password(signing: Signing) -> None:
    for _ in range(3):
        assert error_of(await signing.sign_in(password="wrong")) == FAILED
    assert error_of(await signing.sign_in(password="wrong")) == FAILED
    assert error_of(await signing.sign_in()) == FAILED


@pytest.mark.parametrize("config", [_config(show_lockout_failures=True)], ids=["shown"])
async def test_a_shown_lockout_has_a_body_of_its_own_and_no_token(signing: Signing) -> None:
    answers = [await signing.sign_in(password="wrong") for _ in range(3)]
    assert [error_of(answer) for answer in answers[:2]] == [FAILED, FAILED]
    for answer in (answers[2], await signing.sign_in()):
        assert answer.status == 200
        assert answer.json() == {
            "status": "LOCKED_OUT",
            "_embedded": {},
            "_links": {
                "next": {
                    "name": "unlock",
                    "href": f"{signing.org.url}/api/v1/authn/recovery/unlock",
                    "hints": {"allow": ["POST"]},
                }
            },
        }


async def test_many_wrong_passwords_at_once_are_all_counted(signing: Signing) -> None:
    answers = await asyncio.gather(*(signing.sign_in(password="wrong") for _ in range(8)))
    assert [error_of(answer) for answer in answers] == 8 * [FAILED]
    assert await signing.status() == "LOCKED_OUT"


@pytest.mark.parametrize("config", [_config(max_attempts=0)], ids=["never"])
async def test_a_policy_may_lock_nobody_out(signing: Signing) -> None:
    for _ in range(12):
        assert not await _by_api(signing, "wrong")
    assert await _by_api(signing, PASSWORD)


async def test_by_itself_a_lockout_does_not_end(signing: Signing) -> None:
    for _ in range(3):
        await signing.sign_in(password="wrong")
    signing.org.clock.advance(timedelta(days=365))
    assert error_of(await signing.sign_in()) == FAILED


@pytest.mark.parametrize("config", [_config(auto_unlock_minutes=60)], ids=["an hour"])
@pytest.mark.parametrize("way", WAYS)
async def test_a_lockout_ends_when_the_policy_says(signing: Signing, way: Way) -> None:
    for _ in range(3):
        await signing.sign_in(password="wrong")
    signing.org.clock.advance(timedelta(minutes=59))
    assert not await way(signing, PASSWORD)
    signing.org.clock.advance(timedelta(minutes=1))
    assert await way(signing, PASSWORD)
    assert await signing.status() == "ACTIVE"


@pytest.mark.parametrize("config", [_config("PASSWORD_EXPIRED")], ids=["expired"])
async def test_an_expired_password_still_is_after_a_lockout(signing: Signing) -> None:
    for _ in range(3):
        await signing.sign_in(password="wrong")
    await signing.change("unlock")
    assert (await signing.sign_in()).json()["status"] == "PASSWORD_EXPIRED"


async def test_a_session_outlives_a_lockout(signing: Signing) -> None:
    session_id = await signing.visitor.sign_in()
    for _ in range(3):
        await signing.sign_in(password="wrong")
    assert await signing.visitor.session_id() == session_id


def _is_unlocked(answer: Answer) -> None:
    """The user gets a message, and must sign in: an unlock does not prove the password."""
    body = answer.json()
    assert answer.status == 200
    assert list(body) == ["status", "recoveryType", "_embedded"]
    assert (body["status"], body["recoveryType"]) == ("SUCCESS", "UNLOCK")
    assert body["_embedded"]["user"]["profile"]["login"] == LOGIN


@pytest.mark.parametrize("config", [_locked()], ids=["locked"])
async def test_a_link_unlocks(signing: Signing) -> None:
    asked = await signing.recover("unlock")
    assert asked.json() == {
        "status": "RECOVERY_CHALLENGE",
        "factorResult": "WAITING",
        "factorType": "EMAIL",
        "recoveryType": "UNLOCK",
    }
    assert await signing.status() == "LOCKED_OUT"
    (message,) = await signing.outbox()
    assert (message["channel"], message["template"]) == ("email", "account-unlock")
    assert (await signing.link()).startswith(f"{signing.org.url}/signin/user-unlock/")
    _is_unlocked(await signing.redeem(await signing.token()))
    assert await _by_api(signing, PASSWORD)


@pytest.mark.parametrize("config", [_locked()], ids=["locked"])
@pytest.mark.parametrize(
    ("factor", "channel", "phone"),
    [("SMS", "sms", PHONES["mobilePhone"]), ("CALL", "call", PHONES["mobilePhone"])],
)
async def test_a_passcode_unlocks(signing: Signing, factor: str, channel: str, phone: str) -> None:
    state = (await signing.recover("unlock", factor=factor)).json()
    assert (state["factorType"], state["recoveryType"]) == (factor, "UNLOCK")
    (message,) = await signing.outbox()
    assert (message["channel"], message["to"]) == (channel, phone)
    _is_unlocked(await signing.follow(state, passCode=await signing.passcode()))
    assert await _by_api(signing, PASSWORD)


LANDLINE = {"primaryPhone": PHONES["primaryPhone"]}


@pytest.mark.parametrize("config", [_locked(phones=LANDLINE)], ids=["with a landline"])
@pytest.mark.parametrize(("factor", "called"), [("SMS", []), ("CALL", [PHONES["primaryPhone"]])])
async def test_a_landline_is_called_and_gets_no_sms(
    signing: Signing, factor: str, called: list[str]
) -> None:
    state = (await signing.recover("unlock", factor=factor)).json()
    assert (state["status"], state["factorType"]) == ("RECOVERY_CHALLENGE", factor)
    assert [each["to"] for each in await signing.outbox()] == called


ASKING = Recovery(asks_question=True)


@pytest.mark.parametrize("config", [_locked(recovery=ASKING)], ids=["with a question"])
async def test_the_recovery_question_comes_before_the_unlocking(signing: Signing) -> None:
    await signing.recover("unlock")
    state = (await signing.redeem(await signing.token())).json()
    assert (state["status"], state["recoveryType"]) == ("RECOVERY", "UNLOCK")
    assert error_of(await signing.follow(state, answer="wrong")) == (403, "E0000087", [])
    assert await signing.status() == "LOCKED_OUT"
    _is_unlocked(await signing.follow(state, answer=ANSWER))


@pytest.mark.parametrize("config", [_locked()], ids=["locked"])
async def test_a_trusted_app_gets_the_token_itself(signing: Signing) -> None:
    handed = (await signing.recover("unlock", factor=None)).json()
    assert (handed["status"], handed["recoveryType"]) == ("RECOVERY", "UNLOCK")
    assert await signing.outbox() == []
    _is_unlocked(await signing.redeem(handed["recoveryToken"]))


async def test_who_is_not_locked_out_gets_no_link_and_the_same_answer(signing: Signing) -> None:
    answers = [
        (await signing.recover("unlock", login)).json() for login in (LOGIN, "nobody@example.com")
    ]
    assert answers[0] == answers[1]
    assert await signing.outbox() == []
    refused = await signing.recover("unlock", factor=None)
    assert error_of(refused) == (403, "E0000032", [])


@pytest.mark.parametrize("config", [_locked()], ids=["locked"])
async def test_a_link_to_unlock_is_of_no_use_once_the_user_is_unlocked(signing: Signing) -> None:
    await signing.recover("unlock")
    await signing.change("unlock")
    spent = await signing.redeem(await signing.token())
    assert error_of(spent) == (403, "E0000105", [])


@pytest.mark.parametrize("config", [_locked(recovery=Recovery(unlock=False))], ids=["never"])
@pytest.mark.parametrize("factor", ["EMAIL", "SMS", "CALL", None])
async def test_a_policy_may_forbid_that_users_unlock_themselves(
    signing: Signing, factor: str | None
) -> None:
    refused = await signing.recover("unlock", factor=factor)
    assert error_of(refused) == (403, "E0000032", [])
    assert await signing.outbox() == []


@pytest.mark.parametrize("config", [_locked()], ids=["locked"])
async def test_a_new_password_unlocks_too(signing: Signing) -> None:
    await signing.recover("password")
    state = (await signing.redeem(await signing.token())).json()
    success = await signing.follow(state, newPassword="Other-Pass-2")
    assert "sessionToken" in success.json()
    assert await signing.status() == "ACTIVE"


async def test_who_is_locked_out_on_the_way_does_not_get_through(signing: Signing) -> None:
    await signing.change("expire_password")
    state = (await signing.sign_in()).json()
    for _ in range(3):
        await signing.sign_in(password="wrong")
    change = {"oldPassword": PASSWORD, "newPassword": "Other-Pass-2"}
    refused = await signing.follow(state, **change)
    assert error_of(refused)[:2] == (403, "E0000069")
    assert await signing.status() == "LOCKED_OUT"


FACTOR = SeedFactor(factor="okta_question", question="disliked_food", answer=ANSWER)
STRONG = Seed(
    users=(SeedUser(login=LOGIN, password=PASSWORD, factors=(FACTOR,)),),
    sign_on_policies=(SeedSignOnPolicy(rules=(SeedSignOnRule(require_factor=True),)),),
    password_policies=(SeedPasswordPolicy(lockout=Lockout(max_attempts=3)),),
)


@pytest.mark.parametrize("config", [Config(seed=STRONG)], ids=["with a factor"])
@pytest.mark.parametrize("wrong", ["password", "answer"])
async def test_a_right_answer_is_too_late_for_who_is_locked_out(
    signing: Signing, wrong: str
) -> None:
    state = (await signing.sign_in()).json()
    verify = state["_embedded"]["factors"][0]["_links"]["verify"]["href"]
    token = {"stateToken": state["stateToken"]}
    for _ in range(3):
        if wrong == "password":
            await signing.sign_in(password="wrong")
        else:
            await signing.post(verify, answer="wrong", **token)
    assert await signing.status() == "LOCKED_OUT"
    late = await signing.post(verify, answer=ANSWER, **token)
    assert error_of(late) == (403, "E0000069", [])
