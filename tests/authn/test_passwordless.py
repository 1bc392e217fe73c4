"""Signing in by a factor in the password's place (facts/classic C.1, C.2)."""

from typing import Any
from urllib.parse import urlsplit

import pyotp
import pytest

from mock_okta.authn.operations import PATHS, Operation
from tests.authn.proving import NAMES, PUSH, SMS, Body, Proving, links
from tests.authn.reaching import SECRET, STRICT, TOTP, seeded
from tests.authn.signing import AUTHN, NEW_PASSWORD, Signing, error_of
from tests.visiting import LOGIN, OTHER_LOGIN, PASSWORD, USER_ID, Answer, claims_of

WRONG = (403, "E0000068", ["Password is incorrect"])
NOT_NOW = (403, "E0000079")
NOBODY = "nobody@example.com"
NOTHING_REMEMBERED = {
    "allowRememberDevice": False,
    "rememberDeviceLifetimeInMinutes": 0,
    "rememberDeviceByDefault": False,
    "factorsPolicyInfo": {},
}


async def name(signing: Signing, login: str = LOGIN, **more: Any) -> Body:
    """Send only a login, as the widget does with `features.passwordlessAuth`."""
    options = {"warnBeforePasswordExpired": True, "multiOptionalFactorEnroll": False}
    answer = await signing.post(AUTHN, username=login, options=options, **more)
    assert answer.status == 200, answer.text
    return dict(answer.json())


def kinds(state: Body) -> list[str]:
    return [each["factorType"] for each in state["_embedded"]["factors"]]


async def prove(signing: Signing, state: Body, kind: str, query: str = "", **body: Any) -> Answer:
    """Prove one of the factors that are offered."""
    (factor,) = [each for each in state["_embedded"]["factors"] if each["factorType"] == kind]
    href = factor["_links"]["verify"]["href"] + query
    return await signing.post(href, stateToken=state["stateToken"], **body)


async def prove_password(
    signing: Signing, state: Body, password: str = PASSWORD, query: str = ""
) -> Answer:
    return await prove(signing, state, "password", query, password=password)


async def prove_phone(proving: Proving, state: Body) -> Answer:
    await prove(proving, state, "sms", passCode="")
    return await prove(proving, state, "sms", passCode=await proving.passcode())


def code(signing: Signing) -> str:
    return pyotp.TOTP(SECRET).at(signing.org.clock.now())


async def amr_of(proving: Proving, success: Body) -> set[str]:
    """What the tokens say of a sign-in."""
    visitor = proving.visitor
    answer = await visitor.authorize({"sessionToken": success["sessionToken"]})
    body = (await visitor.redeem(answer.returned["code"])).json()
    return set(claims_of(body["id_token"])["amr"])


async def test_factors_are_offered_and_nothing_is_said_of_the_user(proving: Proving) -> None:
    await seeded(proving, SMS, PUSH, any_factor=True)
    state = await name(proving)
    assert list(state) == ["stateToken", "expiresAt", "status", "_embedded", "_links"]
    assert (state["status"], links(state)) == ("UNAUTHENTICATED", {"cancel": None})
    assert list(state["_embedded"]) == ["factors", "policy"]
    assert kinds(state) == ["sms", "push", "password"]
    assert state["_embedded"]["policy"] == NOTHING_REMEMBERED
    profiles = {each["factorType"]: each.get("profile") for each in state["_embedded"]["factors"]}
    assert profiles == {"sms": {"phoneNumber": "+1 XXX-XXX-6688"}, "push": {}, "password": None}
    challenged = (await prove(proving, state, "push")).json()
    assert (challenged["status"], list(challenged["_embedded"])) == (
        "MFA_CHALLENGE",
        ["factor", "policy"],
    )
    assert challenged["_embedded"]["factor"]["profile"] == {}
    assert challenged["_embedded"]["policy"] == NOTHING_REMEMBERED


async def test_a_factor_alone_signs_in_where_one_is_enough(proving: Proving) -> None:
    await seeded(proving, SMS, any_factor=True)
    success = await prove_phone(proving, await name(proving))
    assert success.json()["status"] == "SUCCESS"
    assert success.json()["_embedded"]["user"]["id"] == USER_ID
    assert await amr_of(proving, success.json()) == {"sms"}
    session = (await proving.visitor.ask("GET", "/api/v1/sessions/me")).json()
    assert (session["amr"], session["lastPasswordVerification"]) == (["sms"], None)


async def test_the_password_alone_signs_in_where_one_is_enough(proving: Proving) -> None:
    await seeded(proving, SMS, any_factor=True)
    success = await prove_password(proving, await name(proving))
    assert await amr_of(proving, success.json()) == {"pwd"}


async def test_where_two_are_asked_for_the_second_differs_from_the_first(proving: Proving) -> None:
    await seeded(proving, SMS, TOTP, any_factor=True, asks_factor=True)
    required = (await prove_phone(proving, await name(proving))).json()
    assert (required["status"], kinds(required)) == (
        "MFA_REQUIRED",
        ["token:software:totp", "password"],
    )
    assert required["_embedded"]["user"]["id"] == USER_ID
    path = PATHS[Operation.VERIFY].replace("{factor_id}", "sms")
    again = await proving.post(path, stateToken=required["stateToken"], passCode="")
    assert error_of(again)[:2] == (404, "E0000007")
    assert error_of(await prove_password(proving, required, "wrong")) == WRONG
    success = await prove_password(proving, required)
    assert await amr_of(proving, success.json()) == {"mfa", "pwd", "sms"}


async def test_after_the_password_the_rest_is_as_ever(proving: Proving) -> None:
    await seeded(proving, TOTP, any_factor=True, asks_factor=True)
    required = (await prove_password(proving, await name(proving))).json()
    assert (required["status"], kinds(required)) == ("MFA_REQUIRED", ["token:software:totp"])
    assert error_of(await prove_by_type(proving, required, PASSWORD))[:2] == (404, "E0000007")
    success = await prove(proving, required, "token:software:totp", passCode=code(proving))
    assert await amr_of(proving, success.json()) == {"mfa", "otp", "pwd"}


async def prove_by_type(proving: Proving, state: Body, password: str) -> Answer:
    path = PATHS[Operation.VERIFY].replace("{factor_id}", "password")
    return await proving.post(path, stateToken=state["stateToken"], password=password)


async def test_the_password_may_be_named_by_its_type(proving: Proving) -> None:
    await seeded(proving, SMS, any_factor=True)
    answer = await prove_by_type(proving, await name(proving), PASSWORD)
    assert answer.json()["status"] == "SUCCESS"


@pytest.mark.parametrize("wrong", ["wrong", "", PASSWORD.lower()])
async def test_a_wrong_password_counts_and_locks_out(proving: Proving, wrong: str) -> None:
    lockout = {"lockout": {"max_attempts": 2, "show_lockout_failures": True}}
    await seeded(proving, SMS, any_factor=True, passwords=lockout)
    state = await name(proving)
    assert error_of(await prove_password(proving, state, wrong)) == WRONG
    assert error_of(await prove_password(proving, state, wrong)) == (403, "E0000069", [])
    assert await proving.status() == "LOCKED_OUT"
    assert error_of(await prove_password(proving, state)) == (403, "E0000069", [])
    again = await proving.post(AUTHN, username=LOGIN)
    assert again.json()["status"] == "LOCKED_OUT"


async def test_a_right_password_begins_the_count_anew(proving: Proving) -> None:
    await seeded(
        proving,
        SMS,
        any_factor=True,
        asks_factor=True,
        passwords={"lockout": {"max_attempts": 2}},
    )
    for _ in range(2):
        required = (await prove_phone(proving, await name(proving))).json()
        await prove_password(proving, required, "wrong")
        assert (await prove_password(proving, required)).json()["status"] == "SUCCESS"
    assert await proving.status() == "ACTIVE"


async def test_wrong_passwords_after_a_factor_lock_out_too(proving: Proving) -> None:
    lockout = {"lockout": {"max_attempts": 1}}
    await seeded(proving, SMS, any_factor=True, asks_factor=True, passwords=lockout)
    required = (await prove_phone(proving, await name(proving))).json()
    refused = await prove_password(proving, required, "wrong")
    assert error_of(refused) == (403, "E0000069", [])
    assert await proving.status() == "LOCKED_OUT"


async def _same_but_ids(proving: Proving, login: str) -> tuple[Any, ...]:
    """All that the org says to somebody who names a login, and gives a wrong password."""
    state = await name(proving, login)
    (factor,) = state["_embedded"]["factors"]
    assert factor["id"].startswith("ufp")
    assert (await name(proving, login))["_embedded"]["factors"][0]["id"] == factor["id"]
    refused = await prove_password(proving, state, "wrong")
    introspected = await proving.post(f"{AUTHN}/introspect", stateToken=state["stateToken"])
    shown = introspected.json()["_embedded"]
    sms = PATHS[Operation.VERIFY].replace("{factor_id}", "sms")
    other = await proving.post(sms, stateToken=state["stateToken"], passCode="")
    shapes = (list(state), list(state["_embedded"]), links(state), list(factor), kinds(state))
    return shapes, shown["policy"], error_of(refused), error_of(other)


PEOPLE: dict[str, dict[str, Any]] = {
    "suspended@example.com": {"status": "SUSPENDED"},
    "locked@example.com": {"status": "LOCKED_OUT"},
    "bare@example.com": {"factors": []},
    "ruled@example.com": {"groups": ["Everyone", "Ruled"]},
    "denied@example.com": {"groups": ["Everyone", "Denied"]},
}


async def _with_people(proving: Proving) -> None:
    people = [
        {"login": login, "password": PASSWORD, "profile": NAMES, "factors": [SMS], **more}
        for login, more in {LOGIN: {}, **PEOPLE}.items()
    ]
    rules = [
        {"name": "Ruled", "groups": ["Ruled"]},
        {"name": "No", "groups": ["Denied"], "access": "DENY"},
        {"name": "Any", "primary_factor": "PASSWORD_IDP_ANY_FACTOR"},
    ]
    document = {"users": people, "sign_on_policies": [{"rules": rules}]}
    answer = await proving.visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text


@pytest.mark.parametrize("login", PEOPLE)
async def test_who_may_not_begin_so_is_asked_for_the_password_as_nobody_is(
    proving: Proving, login: str
) -> None:
    """Nobody learns who has an account: Okta's widget says so of such a login (issue 1020)."""
    await _with_people(proving)
    assert await _same_but_ids(proving, login) == await _same_but_ids(proving, NOBODY)


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ("bare@example.com", "SUCCESS"),
        ("ruled@example.com", "SUCCESS"),
        ("denied@example.com", (401, "E0000004", [])),
        ("locked@example.com", WRONG),
        ("suspended@example.com", WRONG),
        (NOBODY, WRONG),
    ],
)
async def test_their_password_lets_in_whom_it_would_let_in_anyway(
    proving: Proving, login: str, expected: object
) -> None:
    await _with_people(proving)
    answer = await prove_password(proving, await name(proving, login))
    assert (answer.json().get("status") or error_of(answer)) == expected


async def test_who_must_begin_with_the_password_is_never_asked_for_a_factor_instead(
    proving: Proving,
) -> None:
    await _with_people(proving)
    state = await name(proving, "ruled@example.com")
    path = PATHS[Operation.VERIFY].replace("{factor_id}", "sms")
    refused = await proving.post(path, stateToken=state["stateToken"], passCode="")
    assert error_of(refused)[:2] == (404, "E0000007")
    assert await proving.outbox() == []


async def test_without_such_a_rule_the_password_is_missed(proving: Proving) -> None:
    await seeded(proving, SMS)
    refused = await proving.post(AUTHN, username=LOGIN, options={})
    assert error_of(refused) == (400, "E0000001", ["password: The field cannot be left blank"])


async def test_a_rule_that_changes_meanwhile_still_wants_the_password(proving: Proving) -> None:
    await seeded(proving, SMS, any_factor=True)
    state = await name(proving)
    await prove(proving, state, "sms", passCode="")
    sent = await proving.passcode()
    rules = [{"primary_factor": "PASSWORD_IDP"}]
    policies = {"sign_on_policies": [{"rules": rules}]}
    await proving.visitor.ask("PUT", "/_mock/seed", json=policies)
    required = (await prove(proving, state, "sms", passCode=sent)).json()
    assert (required["status"], kinds(required)) == ("MFA_REQUIRED", ["password"])
    success = await prove_password(proving, required)
    assert success.json()["status"] == "SUCCESS"


async def test_a_first_proof_makes_no_device_remembered(proving: Proving) -> None:
    await seeded(proving, SMS, any_factor=True, asks_factor=True)
    query = "?rememberDevice=true"
    for _ in range(2):
        state = await name(proving)
        required = (await prove_password(proving, state, query=query)).json()
        assert required["status"] == "MFA_REQUIRED"
    state = await name(proving)
    await prove(proving, state, "sms", passCode="")
    proved = await prove(proving, state, "sms", query, passCode=await proving.passcode())
    assert proved.json()["status"] == "MFA_REQUIRED"
    state = await name(proving)
    assert (await prove_password(proving, state)).json()["status"] == "MFA_REQUIRED"


async def test_a_second_proof_makes_the_device_remembered(proving: Proving) -> None:
    await seeded(proving, SMS, any_factor=True, asks_factor=True)
    required = (await prove_phone(proving, await name(proving))).json()
    remembered = await prove_password(proving, required, query="?rememberDevice=true")
    assert remembered.json()["status"] == "SUCCESS"
    assert (await prove_password(proving, await name(proving))).json()["status"] == "SUCCESS"


@pytest.mark.parametrize("user", [{"status": "PASSWORD_EXPIRED"}, {"password_age_days": 99}])
async def test_an_expired_password_matters_to_a_user_who_uses_it(
    proving: Proving, user: dict[str, Any]
) -> None:
    passwords = {"age": {"max_age_days": 90}}
    await seeded(proving, SMS, any_factor=True, passwords=passwords, **user)
    assert (await prove_phone(proving, await name(proving))).json()["status"] == "SUCCESS"
    expired = (await prove_password(proving, await name(proving))).json()
    assert expired["status"] == "PASSWORD_EXPIRED"
    changed = await proving.follow(expired, oldPassword=PASSWORD, newPassword=NEW_PASSWORD)
    assert changed.json()["status"] == "SUCCESS"


async def test_back_from_a_challenge_all_factors_are_offered_again(proving: Proving) -> None:
    await seeded(proving, SMS, any_factor=True)
    state = await name(proving)
    challenged = (await prove(proving, state, "sms", passCode="")).json()
    sent = await proving.passcode()
    back = await proving.go(challenged, "prev")
    assert back | {"expiresAt": 0} == state | {"expiresAt": 0}
    refused = await prove(proving, back, "sms", passCode=sent)
    assert refused.json().get("status") != "SUCCESS"
    assert (await prove_password(proving, back)).json()["status"] == "SUCCESS"


async def test_before_a_login_is_given_no_factor_can_be_proved(proving: Proving) -> None:
    await seeded(proving, TOTP, any_factor=True)
    await proving.visitor.ask("PUT", "/_mock/seed", json={"clients": [STRICT]})
    request = {"prompt": "login", "client_id": str(STRICT["client_id"]), "scope": "openid"}
    await proving.visitor.sign_in()
    location = (await proving.visitor.authorize(request)).location
    state_token = urlsplit(location).path.rpartition("/")[2]
    for kind in ("token:software:totp", "password"):
        path = PATHS[Operation.VERIFY].replace("{factor_id}", kind)
        answer = await proving.post(path, stateToken=state_token, passCode=code(proving))
        assert error_of(answer)[:2] == NOT_NOW


async def test_a_step_up_may_begin_without_a_password(proving: Proving) -> None:
    await seeded(proving, TOTP, any_factor=True)
    await proving.visitor.ask("PUT", "/_mock/seed", json={"clients": [STRICT]})
    request = {"prompt": "login", "client_id": str(STRICT["client_id"]), "scope": "openid"}
    await proving.visitor.sign_in()
    location = (await proving.visitor.authorize(request)).location
    state_token = urlsplit(location).path.rpartition("/")[2]
    state = await name(proving, stateToken=state_token)
    assert (state["status"], state["stateToken"]) == ("UNAUTHENTICATED", state_token)
    assert set(state["_embedded"]) >= {"factors", "policy", "target"}
    required = await prove(proving, state, "token:software:totp", passCode=code(proving))
    assert (required.json()["status"], kinds(required.json())) == ("MFA_REQUIRED", ["password"])
    success = await prove_password(proving, required.json())
    assert (success.json()["status"], success.json()["type"]) == ("SUCCESS", "SESSION_STEP_UP")


async def test_a_session_of_a_factor_alone_steps_up_by_the_password(proving: Proving) -> None:
    await seeded(proving, SMS, any_factor=True)
    success = (await prove_phone(proving, await name(proving))).json()
    asked = {"acr_values": "urn:okta:loa:2fa:any", "sessionToken": success["sessionToken"]}
    location = (await proving.visitor.authorize(asked)).location
    state_token = urlsplit(location).path.rpartition("/")[2]
    state = (await proving.post(f"{AUTHN}/introspect", stateToken=state_token)).json()
    assert (state["status"], kinds(state)) == ("MFA_REQUIRED", ["password"])
    assert (await prove_password(proving, state)).json()["status"] == "SUCCESS"


@pytest.mark.parametrize("login", [LOGIN, OTHER_LOGIN])
async def test_another_login_may_be_given_instead(proving: Proving, login: str) -> None:
    await seeded(proving, SMS, any_factor=True)
    state = await name(proving, login)
    again = await name(proving, LOGIN, stateToken=state["stateToken"])
    assert kinds(again) == ["sms", "password"]
    stranger = await name(proving, NOBODY, stateToken=state["stateToken"])
    assert kinds(stranger) == ["password"]
    path = PATHS[Operation.VERIFY].replace("{factor_id}", "sms")
    refused = await proving.post(path, stateToken=state["stateToken"], passCode="")
    assert error_of(refused)[:2] == (404, "E0000007")


@pytest.mark.parametrize("login", ["", "\x00", "ä" * 300, "a b"])
async def test_an_odd_login_is_nobodys(proving: Proving, login: str) -> None:
    await seeded(proving, SMS, any_factor=True)
    assert kinds(await name(proving, login)) == ["password"]
