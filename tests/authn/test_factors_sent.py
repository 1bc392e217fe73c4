"""Passcodes that are sent: by SMS, by a call, by e-mail."""

from datetime import timedelta
from typing import Any

import pytest

from mock_okta import Config
from tests.authn.proving import (
    CALL,
    EMAIL,
    FACTOR,
    HEAD,
    NAMES,
    PHONE,
    SMS,
    Proving,
    embedded_factor,
    links,
)
from tests.authn.signing import error_of
from tests.visiting import LOGIN, SEED

MISMATCH = "Your token doesn't match our records. Please try again."
KINDS = [
    pytest.param(SMS, "sms", PHONE, {"phoneNumber": "+1 XXX-XXX-6688"}, id="sms"),
    pytest.param(CALL, "call", PHONE, {"phoneNumber": "+1 XXX-XXX-6688"}, id="call"),
    pytest.param(EMAIL, "email", LOGIN, {"email": "t...r@example.com"}, id="email"),
]
CHANNELS = [pytest.param(*kind.values[:2], id=kind.id) for kind in KINDS]
PAUSES = [
    pytest.param(SMS, "sms", 30, "E0000109", id="sms"),
    pytest.param(CALL, "call", 30, "E0000133", id="call"),
    pytest.param(EMAIL, "email", 5, "E0000118", id="email"),
]


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED)


@pytest.mark.parametrize(("factor", "channel", "to", "profile"), KINDS)
async def test_a_passcode_is_sent_and_proves_the_factor(
    proving: Proving, factor: Any, channel: str, to: str, profile: Any
) -> None:
    await proving.seed(factor)
    state = await proving.challenged()
    # Keys as in the widget's sample mfa-challenge-email.
    assert list(state) == [*HEAD, "factorResult", "_embedded", "_links"]
    assert (state["status"], state["factorResult"]) == ("MFA_CHALLENGE", "CHALLENGE")
    assert list(state["_embedded"]) == ["user", "factor", "policy"]
    shown = embedded_factor(state)
    assert list(shown) == [*FACTOR, "profile"]
    assert (shown["factorType"], shown["profile"]) == (channel, profile)
    assert links(state) == {"next": "verify", "resend": [channel], "prev": None, "cancel": None}
    (message,) = await proving.messages(channel)
    assert (message["to"], message["template"]) == (to, "passcode")
    assert len(message["passcode"]) == 6
    assert message["passcode"] in message["text"]
    assert (await proving.go(state, passCode=message["passcode"]))["status"] == "SUCCESS"


@pytest.mark.parametrize(("factor", "channel"), CHANNELS)
async def test_a_wrong_passcode_is_refused(proving: Proving, factor: Any, channel: str) -> None:
    await proving.seed(factor)
    state = await proving.challenged()
    sent = await proving.sent(channel)
    wrong = "000000" if sent != "000000" else "000001"
    for given in (wrong, sent[:5], f"{sent}0", "абвгде"):
        refused = await proving.follow(state, passCode=given)
        assert error_of(refused) == (403, "E0000068", [MISMATCH])
    assert (await proving.go(state, passCode=sent))["status"] == "SUCCESS"


@pytest.mark.parametrize(("factor", "channel"), CHANNELS)
async def test_a_passcode_is_good_for_five_minutes(
    proving: Proving, factor: Any, channel: str
) -> None:
    await proving.seed(factor)
    proving.org.clock.freeze()
    state = await proving.challenged()
    sent = await proving.sent(channel)
    proving.org.clock.advance(timedelta(minutes=5))
    late = await proving.follow(state, passCode=sent)
    assert error_of(late) == (403, "E0000068", [MISMATCH])
    assert (await proving.follow_first(state, "resend")).status == 200
    assert (await proving.follow(state, passCode=sent)).status == 403
    fresh = await proving.sent(channel)
    proving.org.clock.advance(timedelta(minutes=4, seconds=59))
    assert (await proving.go(state, passCode=fresh))["status"] == "SUCCESS"


@pytest.mark.parametrize(("factor", "channel", "pause", "code"), PAUSES)
async def test_another_is_sent_after_a_pause_and_ends_the_one_before(
    proving: Proving, factor: Any, channel: str, pause: int, code: str
) -> None:
    await proving.seed(factor)
    proving.org.clock.freeze()
    state = await proving.challenged()
    first = await proving.sent(channel)
    proving.org.clock.advance(timedelta(seconds=pause - 1))
    for refused in (
        await proving.follow_first(state, "resend"),
        await proving.follow(state, passCode=""),
    ):
        assert error_of(refused) == (429, code, [])
    assert len(await proving.messages(channel)) == 1
    proving.org.clock.advance(timedelta(seconds=1))
    again = (await proving.follow_first(state, "resend")).json()
    assert (again["status"], again["factorResult"]) == ("MFA_CHALLENGE", "CHALLENGE")
    assert len(await proving.messages(channel)) == 2
    assert error_of(await proving.follow(state, passCode=first))[1] == "E0000068"
    assert (await proving.go(state, passCode=await proving.sent(channel)))["status"] == "SUCCESS"


async def test_a_passcode_is_of_the_challenge_it_was_sent_for(proving: Proving) -> None:
    await proving.seed(SMS)
    state = await proving.challenged()
    sent = await proving.sent("sms")
    other = await proving.verify(await proving.start(), passCode=sent)
    assert error_of(other)[1] == "E0000068"
    back = await proving.go(state, "prev")
    assert error_of(await proving.verify(back, passCode=sent))[1] == "E0000068"


async def test_a_passcode_works_once(proving: Proving) -> None:
    await proving.seed(SMS)
    state = await proving.challenged()
    sent = await proving.sent("sms")
    await proving.go(state, passCode=sent)
    assert error_of(await proving.follow(state, passCode=sent))[:2] == (401, "E0000011")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+14155551234", "+14155551234"),
        ("+1 (415) 555-1234", "+14155551234"),
        ("415.555.1234", "+14155551234"),
        ("+44 20 7946 0000", "+442079460000"),
    ],
)
async def test_phone_numbers_are_kept_as_digits(proving: Proving, written: str, kept: str) -> None:
    await proving.seed(enrollment={"required": ["okta_sms"]})
    await proving.enrolling("sms", profile={"phoneNumber": written})
    assert (await proving.messages("sms"))[-1]["to"] == kept


@pytest.mark.parametrize(
    "profile",
    [
        {"phoneNumber": "+112"},
        {"phoneNumber": "+1415555123"},
        {"phoneNumber": "+11155551234"},
        {"phoneNumber": "5551234"},
        {"phoneNumber": "+44"},
        {"phoneNumber": "not a number"},
        {"phoneNumber": "+٤٤٢٠٧٩٤٦٠٠٠٠"},
        {"phoneNumber": ""},
        {"phoneNumber": 14155551234},
        {"phoneNumber": None},
        {"phoneNumber": "+1" + 40 * "5", "validatePhone": False},
        {"phoneNumber": "no digits", "validatePhone": False},
        {},
    ],
)
async def test_what_is_no_phone_number_is_refused(proving: Proving, profile: Any) -> None:
    await proving.seed(enrollment={"required": ["okta_sms", "okta_call"]})
    state = await proving.start()
    for kind in ("sms", "call"):
        refused = await proving.enroll(state, kind, profile=profile)
        assert error_of(refused) == (400, "E0000098", [])
    assert await proving.outbox() == []


async def test_a_phone_number_is_taken_unseen_if_asked(proving: Proving) -> None:
    await proving.seed(enrollment={"required": ["okta_sms"]})
    profile = {"phoneNumber": "+112", "validatePhone": False}
    state = await proving.enrolling("sms", profile=profile)
    assert embedded_factor(state)["profile"] == {"phoneNumber": "+112"}
    assert (await proving.messages("sms"))[-1]["to"] == "+112"


@pytest.mark.parametrize("kind", ["sms", "call"])
async def test_a_phone_is_enrolled_by_the_passcode_it_gets(proving: Proving, kind: str) -> None:
    await proving.seed(enrollment={"required": [f"okta_{kind}"]})
    proving.org.clock.freeze()
    begun = await proving.start()
    answer = await proving.enroll(
        begun, kind, query="?updatePhone=true", profile={"phoneNumber": PHONE}
    )
    state = answer.json()
    # Keys as in the widget's sample mfa-enroll-activate-sms.
    assert list(state) == [*HEAD, "_embedded", "_links"]
    assert state["status"] == "MFA_ENROLL_ACTIVATE"
    assert list(embedded_factor(state)) == [*FACTOR, "profile"]
    assert embedded_factor(state)["profile"] == {"phoneNumber": "+1 XXX-XXX-6688"}
    assert links(state) == {"next": "activate", "resend": [kind], "prev": None, "cancel": None}
    first = await proving.sent(kind)
    assert error_of(await proving.follow_first(state, "resend"))[0] == 429
    proving.org.clock.advance(timedelta(seconds=30))
    assert (await proving.follow_first(state, "resend")).status == 200
    assert error_of(await proving.follow(state, passCode=first))[1] == "E0000068"
    assert error_of(await proving.follow(state, passCode=""))[1] == "E0000068"
    assert (await proving.go(state, passCode=await proving.sent(kind)))["status"] == "SUCCESS"
    again = await proving.start()
    assert again["status"] == "MFA_REQUIRED"
    (factor,) = again["_embedded"]["factors"]
    assert factor["id"] == embedded_factor(state)["id"]


async def test_the_passcode_of_an_enrolment_expires_too(proving: Proving) -> None:
    await proving.seed(enrollment={"required": ["okta_sms"]})
    state = await proving.enrolling("sms", profile={"phoneNumber": PHONE})
    sent = await proving.sent("sms")
    proving.org.clock.advance(timedelta(minutes=5))
    assert error_of(await proving.follow(state, passCode=sent))[1] == "E0000068"


async def test_a_call_may_go_to_an_extension(proving: Proving) -> None:
    await proving.seed(enrollment={"required": ["okta_call"]})
    profile = {"phoneNumber": PHONE, "phoneExtension": "12,3#"}
    state = await proving.enrolling("call", profile=profile)
    shown = {"phoneNumber": "+1 XXX-XXX-6688", "phoneExtension": "12,3#"}
    assert embedded_factor(state)["profile"] == shown
    begun = await proving.start()
    for extension in ("ext. 12345678901", 12):
        begun = await proving.start()
        taken = profile | {"phoneExtension": extension}
        assert (await proving.enroll(begun, "call", profile=taken)).status == 200


@pytest.mark.parametrize(
    ("profile", "to"),
    [
        ({}, NAMES["email"]),
        ({"profile": None}, NAMES["email"]),
        ({"profile": {"email": None}}, NAMES["email"]),
        ({"profile": {"email": "second@example.com"}}, "second@example.com"),
    ],
)
async def test_an_email_address_of_the_user_is_enrolled(
    proving: Proving, profile: Any, to: str
) -> None:
    await proving.seed(
        enrollment={"required": ["okta_email"]},
        profile=NAMES | {"secondEmail": "second@example.com"},
    )
    state = await proving.enrolling("email", **profile)
    assert links(state)["resend"] == ["email"]
    assert (await proving.messages("email"))[-1]["to"] == to
    assert (await proving.go(state, passCode=await proving.sent("email")))["status"] == "SUCCESS"


@pytest.mark.parametrize("email", ["other@example.com", 1])
async def test_somebody_elses_email_address_is_refused(proving: Proving, email: Any) -> None:
    await proving.seed(enrollment={"required": ["okta_email"]})
    refused = await proving.enroll(await proving.start(), "email", profile={"email": email})
    cause = "email: The email address is not one of the user's."
    assert error_of(refused) == (400, "E0000001", [cause])


async def test_what_may_be_enrolled_is_listed_as_okta_does(proving: Proving) -> None:
    """Keys as in the widget's samples mfa-enroll-sms and mfa-enroll-email-with-sms-enrolled."""
    await proving.seed(
        SMS,
        enrollment={"required": ["okta_question"], "optional": ["okta_email", "okta_sms"]},
        require_factor=False,
    )
    state = await proving.start()
    assert list(state) == [*HEAD, "_embedded", "_links"]
    question, email, sms = state["_embedded"]["factors"]
    words = ["factorType", "provider", "vendorName", "_links", "status", "enrollment"]
    assert list(question) == words
    assert list(question["_links"]) == ["questions", "enroll"]
    assert (question["status"], question["enrollment"]) == ("NOT_SETUP", "REQUIRED")
    assert list(email) == [*words, "_embedded"]
    assert (email["enrollment"], email["_embedded"]) == ("OPTIONAL", {"emails": []})
    assert list(sms) == ["factorType", "provider", "vendorName", "status", "enrollment"]
    assert (sms["status"], sms["enrollment"]) == ("ACTIVE", "OPTIONAL")
