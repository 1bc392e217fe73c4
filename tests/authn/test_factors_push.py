"""Okta Verify's push: asked for, answered on the device, and set up."""

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from mock_okta import Config
from tests.authn.proving import (
    FACTOR,
    HEAD,
    OKTA,
    PHONE,
    PUSH,
    Body,
    Proving,
    embedded_factor,
    links,
)
from tests.authn.signing import error_of
from tests.visiting import LOGIN, SEED, Answer

DEVICE = ["credentialId", "deviceType", "keys", "name", "platform", "version"]
WAITING = {"next": "poll", "resend": ["push"], "prev": None, "cancel": None}
OVER = WAITING | {"next": "verify"}
ENROLLING = {"next": "poll", "prev": None, "cancel": None}
TOTP = "token:software:totp"


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED)


async def _pushes(proving: Proving) -> list[Body]:
    pushes: list[Body] = (await proving.visitor.ask("GET", "/_mock/push")).json()["pushes"]
    return pushes


async def _say(proving: Proving, answer: str, **more: int) -> Answer:
    """Answer the last push in the device's place."""
    path = f"/_mock/push/{(await _pushes(proving))[-1]['id']}"
    return await proving.visitor.ask("POST", path, json={"answer": answer, **more})


async def test_a_push_waits_until_it_is_approved(proving: Proving) -> None:
    await proving.seed(PUSH)
    state = await proving.challenged()
    # Keys as in the widget's sample mfa-number-challenge-ov.
    assert list(state) == [*HEAD, "factorResult", "_embedded", "_links"]
    assert (state["status"], state["factorResult"]) == ("MFA_CHALLENGE", "WAITING")
    assert list(embedded_factor(state)) == [*FACTOR, "profile"]
    assert list(embedded_factor(state)["profile"]) == DEVICE
    assert links(state) == WAITING
    for _ in range(2):
        state = await proving.go(state)
        assert (state["status"], state["factorResult"]) == ("MFA_CHALLENGE", "WAITING")
        assert "_embedded" not in embedded_factor(state)
    assert (await _say(proving, "approve")).json()["answer"] == "APPROVED"
    assert (await proving.go(state))["status"] == "SUCCESS"


async def test_a_rejected_push_can_be_sent_again(proving: Proving) -> None:
    await proving.seed(PUSH)
    state = await proving.challenged()
    assert (await _say(proving, "deny")).json()["answer"] == "REJECTED"
    state = await proving.go(state)
    assert (state["factorResult"], links(state)) == ("REJECTED", OVER)
    state = (await proving.follow_first(state, "resend")).json()
    assert (state["factorResult"], links(state)) == ("WAITING", WAITING)
    await _say(proving, "deny")
    state = await proving.go(await proving.go(state))
    assert (state["factorResult"], links(state)) == ("WAITING", WAITING)
    await _say(proving, "approve")
    assert (await proving.go(state))["status"] == "SUCCESS"


async def test_a_push_times_out_after_five_minutes(proving: Proving) -> None:
    await proving.seed(PUSH)
    proving.org.clock.freeze()
    state = await proving.challenged()
    proving.org.clock.advance(timedelta(minutes=4, seconds=59))
    assert (await proving.go(state))["factorResult"] == "WAITING"
    proving.org.clock.advance(timedelta(seconds=1))
    state = await proving.go(state)
    assert (state["factorResult"], links(state)) == ("TIMEOUT", OVER)
    refused = await _say(proving, "approve")
    assert error_of(refused) == (
        400,
        "E0000001",
        ["answer: the push is no longer waiting, it is TIMEOUT"],
    )
    assert (await proving.go(state))["factorResult"] == "WAITING"
    await _say(proving, "approve")
    assert (await proving.go(state))["status"] == "SUCCESS"


async def test_an_answer_is_of_the_push_that_was_sent_last(proving: Proving) -> None:
    await proving.seed(PUSH)
    state = await proving.challenged()
    (earlier,) = await _pushes(proving)
    await proving.follow_first(state, "resend")
    path = f"/_mock/push/{earlier['id']}"
    answer = await proving.visitor.ask("POST", path, json={"answer": "approve"})
    assert error_of(answer)[:2] == (404, "E0000007")
    assert (await proving.go(state))["factorResult"] == "WAITING"


async def test_an_approval_is_of_one_sign_in(proving: Proving) -> None:
    await proving.seed(PUSH)
    state = await proving.challenged()
    await _say(proving, "approve")
    other = await proving.challenged()
    assert other["factorResult"] == "WAITING"
    assert (await proving.go(other))["factorResult"] == "WAITING"
    assert (await proving.go(state))["factorResult"] == "TIMEOUT"


async def test_a_push_is_answered_once(proving: Proving) -> None:
    await proving.seed(PUSH)
    state = await proving.challenged()
    await _say(proving, "deny")
    assert error_of(await _say(proving, "approve"))[:2] == (400, "E0000001")
    assert (await proving.go(state))["factorResult"] == "REJECTED"


@pytest.mark.parametrize(("offset", "result"), [(0, "APPROVED"), (1, "REJECTED")])
async def test_the_number_that_the_sign_in_shows_has_to_be_picked(
    proving: Proving, offset: int, result: str
) -> None:
    await proving.seed(PUSH | {"number_challenge": True})
    state = await proving.challenged()
    assert "_embedded" not in embedded_factor(state)
    state = await proving.go(state)
    challenge = embedded_factor(state)["_embedded"]["challenge"]
    assert list(challenge) == ["correctAnswer"]
    number = challenge["correctAnswer"]
    assert (await _pushes(proving))[-1]["number"] == number
    answered = (await _say(proving, "approve", number=number + offset)).json()
    assert answered["answer"] == result
    state = await proving.go(state)
    if result == "APPROVED":
        assert state["status"] == "SUCCESS"
    else:
        assert state["factorResult"] == "REJECTED"
        assert "_embedded" not in embedded_factor(state)


async def test_a_push_that_shows_no_number_refuses_one(proving: Proving) -> None:
    await proving.seed(PUSH)
    state = await proving.challenged()
    assert (await _say(proving, "approve", number=42)).json()["answer"] == "REJECTED"
    assert (await proving.go(state))["factorResult"] == "REJECTED"


async def test_the_code_may_be_given_instead(proving: Proving) -> None:
    """As the widget does: back from the push that it polls, then the other factor."""
    await proving.seed(PUSH, OKTA)
    begun = await proving.go(await proving.challenged(), "prev")
    _, code = begun["_embedded"]["factors"]
    secret = (await proving.factors())["okta_otp"]["secret"]
    answer = await proving.post(
        code["_links"]["verify"]["href"],
        stateToken=begun["stateToken"],
        passCode=pyotp.TOTP(secret).at(proving.org.clock.now()),
    )
    assert answer.json()["status"] == "SUCCESS"


async def test_a_user_who_wants_pushes_unasked_is_known_by_it(proving: Proving) -> None:
    await proving.seed(PUSH)
    begun = await proving.start()
    (factor,) = begun["_embedded"]["factors"]
    policy = begun["_embedded"]["policy"]["factorsPolicyInfo"]
    assert policy == {factor["id"]: {"autoPushEnabled": False}}
    for wanted in (True, False):
        begun = await proving.start()
        href = f"{factor['_links']['verify']['href']}?autoPush={str(wanted).lower()}"
        await proving.post(href, stateToken=begun["stateToken"])
        await _say(proving, "approve")
        done = await proving.post(href, stateToken=begun["stateToken"])
        assert done.json()["status"] == "SUCCESS"
        policy = (await proving.start())["_embedded"]["policy"]["factorsPolicyInfo"]
        assert policy == {factor["id"]: {"autoPushEnabled": wanted}}


async def test_okta_verify_is_enrolled_by_a_scan_and_brings_its_codes(proving: Proving) -> None:
    await proving.seed(enrollment={"required": ["okta_push"]})
    state = await proving.enrolling("push")
    # Keys as in the widget's sample mfa-enroll-ov-manual.
    assert list(state) == [*HEAD, "factorResult", "_embedded", "_links"]
    assert (state["status"], state["factorResult"]) == ("MFA_ENROLL_ACTIVATE", "WAITING")
    assert list(embedded_factor(state)) == [*FACTOR, "_embedded"]
    activation = embedded_factor(state)["_embedded"]["activation"]
    assert list(activation) == ["expiresAt", "factorResult", "_links"]
    assert list(activation["_links"]) == ["qrcode", "send"]
    assert [each["name"] for each in activation["_links"]["send"]] == ["email", "sms"]
    assert links(state) == ENROLLING
    picture = await proving.visitor.ask("GET", activation["_links"]["qrcode"]["href"])
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")
    assert (await proving.go(state))["factorResult"] == "WAITING"
    assert (await _pushes(proving))[-1]["purpose"] == "enrollment"
    await _say(proving, "approve")
    assert (await proving.go(state))["status"] == "SUCCESS"
    assert list(await proving.factors()) == ["okta_push", "okta_otp"]
    again = await proving.start()
    push, code = again["_embedded"]["factors"]
    assert (push["factorType"], list(push["profile"])) == ("push", DEVICE)
    secret = (await proving.factors())["okta_otp"]["secret"]
    answer = await proving.post(
        code["_links"]["verify"]["href"],
        stateToken=again["stateToken"],
        passCode=pyotp.TOTP(secret).at(proving.org.clock.now()),
    )
    assert answer.json()["status"] == "SUCCESS"


async def test_a_qr_code_that_is_too_old_is_made_anew(proving: Proving) -> None:
    await proving.seed(enrollment={"required": ["okta_push"]})
    state = await proving.enrolling("push")
    proving.org.clock.advance(timedelta(minutes=5))
    state = await proving.go(state)
    assert (state["status"], state["factorResult"]) == ("MFA_ENROLL_ACTIVATE", "TIMEOUT")
    activation = embedded_factor(state)["_embedded"]["activation"]
    assert list(activation) == ["factorResult", "_links"]
    assert list(activation["_links"]) == ["activate"]
    assert links(state) == ENROLLING | {"next": "activate"}
    state = await proving.go(state)
    assert (state["factorResult"], links(state)) == ("WAITING", ENROLLING)
    await _say(proving, "approve")
    assert (await proving.go(state))["status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("channel", "body", "to"),
    [("email", {}, LOGIN), ("sms", {"profile": {"phoneNumber": "415 555 6688"}}, PHONE)],
)
async def test_an_activation_link_can_be_sent(
    proving: Proving, channel: str, body: Any, to: str
) -> None:
    await proving.seed(enrollment={"required": ["okta_push"]})
    state = await proving.enrolling("push")
    send = embedded_factor(state)["_embedded"]["activation"]["_links"]["send"]
    (href,) = [each["href"] for each in send if each["name"] == channel]
    answer = await proving.post(href, stateToken=state["stateToken"], **body)
    assert (answer.status, answer.json()["factorResult"]) == (200, "WAITING")
    (message,) = await proving.messages(channel)
    assert message["to"] == to
    token = (await _pushes(proving))[-1]["id"]
    factor_id = embedded_factor(state)["id"]
    assert re.fullmatch(rf"oktaverify://{LOGIN}/\?t={token}&f={factor_id}&s=.*", message["link"])
    assert message["link"] in message["text"]
    await _say(proving, "approve")
    assert (await proving.go(state))["status"] == "SUCCESS"


async def test_a_link_goes_to_a_phone_or_an_address_while_there_is_a_push_to_set_up(
    proving: Proving,
) -> None:
    await proving.seed(enrollment={"required": ["okta_push", "google_otp"]})
    state = await proving.enrolling("push")
    path = f"/api/v1/authn/factors/{embedded_factor(state)['id']}/lifecycle/activate"
    token = state["stateToken"]
    assert error_of(await proving.post(f"{path}/pigeon", stateToken=token))[:2] == (404, "E0000007")
    for profile in ({}, {"phoneNumber": "+112"}):
        refused = await proving.post(f"{path}/sms", stateToken=token, profile=profile)
        assert error_of(refused) == (400, "E0000098", [])
    proving.org.clock.advance(timedelta(minutes=5))
    await proving.go(state)
    assert error_of(await proving.post(f"{path}/email", stateToken=token))[1] == "E0000079"
    google = await proving.enrolling(TOTP, "GOOGLE")
    path = f"/api/v1/authn/factors/{embedded_factor(google)['id']}/lifecycle/activate/email"
    refused = await proving.post(path, stateToken=google["stateToken"])
    assert error_of(refused)[1] == "E0000079"
    assert await proving.outbox() == []


async def test_codes_of_okta_verify_are_offered_with_its_push(proving: Proving) -> None:
    """Who cannot scan sets the codes up by hand: the widget looks for that offer."""
    await proving.seed(enrollment={"required": ["okta_push"]})
    begun = await proving.start()
    offers = [(each["factorType"], each["enrollment"]) for each in begun["_embedded"]["factors"]]
    assert offers == [("push", "REQUIRED"), (TOTP, "OPTIONAL")]
    state = (await proving.enroll(begun, TOTP)).json()
    secret = embedded_factor(state)["_embedded"]["activation"]["sharedSecret"]
    code = pyotp.TOTP(secret).at(proving.org.clock.now())
    assert (await proving.go(state, passCode=code))["status"] == "MFA_ENROLL"
    assert list(await proving.factors()) == ["okta_otp"]


async def test_the_device_gets_what_to_answer(proving: Proving) -> None:
    await proving.seed(PUSH)
    await proving.challenged()
    (message,) = await proving.messages("push")
    assert message["to"] == "Test Device"
    assert LOGIN in message["text"]
