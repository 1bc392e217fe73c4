"""Ways through enrolment: required and optional, back, skip, cancel; and that none leads around."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.idx.enrolling import Enrolling
from tests.idx.following import Document
from tests.visiting import LOGIN, PASSWORD, Visitor

CALLERS = 64
ANSWER = {"questionKey": "disliked_food", "answer": "Beetroot"}


async def test_what_is_required_cannot_be_put_off(enrolling: Enrolling) -> None:
    document = await enrolling.offered("okta_email", required=("okta_question", "okta_sms"))
    assert document.names == ["select-authenticator-enroll"]
    assert document.options == ["phone_number", "security_question"]
    await enrolling.choose("security_question")
    assert enrolling.document.names == ["enroll-authenticator", "select-authenticator-enroll"]
    handle = document.body["stateHandle"]
    refused = await enrolling.post("/idp/idx/skip", {"stateHandle": handle})
    assert (refused.status, refused.names) == (400, enrolling.document.names)
    document = await enrolling.answer(**ANSWER)
    assert (document.names, document.options) == (["select-authenticator-enroll"], ["phone_number"])
    await enrolling.by_phone()
    document = await enrolling.answer(passcode=await enrolling.passcode())
    assert document.names == ["select-authenticator-enroll", "skip"]
    assert document.options == ["okta_email"]
    assert (await enrolling.take("skip")).interaction_code


async def test_a_required_factor_may_be_any_of_those_offered(enrolling: Enrolling) -> None:
    await enrolling.seed(optional=("okta_sms", "google_otp"), require_factor=True)
    document = await enrolling.start()
    assert document.names == ["select-authenticator-enroll"]
    await enrolling.by_phone()
    document = await enrolling.answer(passcode=await enrolling.passcode())
    assert (document.options, document.names[-1]) == (["google_otp"], "skip")
    assert (await enrolling.take("skip")).interaction_code


async def test_after_one_optional_authenticator_the_others_are_offered_once(
    enrolling: Enrolling,
) -> None:
    document = await enrolling.offered("okta_question", "okta_email")
    assert document.names == ["select-authenticator-enroll", "skip"]
    assert document.options == ["okta_email", "security_question"]
    await enrolling.choose("security_question")
    document = await enrolling.answer(**ANSWER)
    assert document.names == ["select-authenticator-enroll", "skip"]
    assert document.options == ["okta_email"]
    assert (await enrolling.take("skip")).interaction_code
    assert (await enrolling.start()).interaction_code


EACH = ["okta_email", "phone_number", "security_question", "google_otp", "okta_verify", "webauthn"]
ALL = ("okta_sms", "okta_email", "okta_question", "google_otp", "okta_push", "fido_webauthn")


@pytest.mark.parametrize("key", EACH)
async def test_every_enrolment_is_left_for_another_one_by_skip_and_by_cancel(
    enrolling: Enrolling, key: str
) -> None:
    listed = (await enrolling.offered(*ALL)).options
    assert listed == EACH
    await enrolling.choose(key)
    assert enrolling.document.current["key"] == key
    other = "google_otp" if key == "okta_email" else "okta_email"
    assert enrolling.document.options == listed
    assert (await enrolling.choose(other)).current["key"] == other
    await enrolling.choose(key)
    assert (await enrolling.take("cancel")).screen == "identify"
    await enrolling.sign_in(LOGIN, PASSWORD)
    await enrolling.choose(key)
    assert (await enrolling.take("skip")).interaction_code
    assert await enrolling.factors() == {}


async def test_a_code_that_was_sent_for_one_enrols_no_other(enrolling: Enrolling) -> None:
    await enrolling.offered("okta_email", "okta_sms")
    await enrolling.by_phone()
    sent = await enrolling.passcode()
    await enrolling.choose("okta_email")
    document = await enrolling.answer(passcode=sent)
    assert document.keys == ["api.authn.error.PASSCODE_INVALID"]


async def test_what_is_not_offered_cannot_be_enrolled(enrolling: Enrolling) -> None:
    await enrolling.offered("okta_email")
    for id_ in ("aut-made-up", "", None):
        document = await enrolling.take("select-authenticator-enroll", authenticator={"id": id_})
        assert (document.status, document.options) == (400, ["okta_email"])


@pytest.mark.parametrize("at", ["list", "form"])
async def test_who_has_a_factor_by_now_proves_it_before_enrolling_another(
    enrolling: Enrolling, a_visitor: Callable[[], Visitor], at: str
) -> None:
    await enrolling.seed(optional=("okta_sms", "okta_email"), require_factor=True)
    other = Enrolling(a_visitor())
    await other.start()
    if at == "form":
        await other.choose("okta_email")
    await enrolling.start()
    await enrolling.by_phone()
    await enrolling.answer(passcode=await enrolling.passcode())
    if at == "form":
        document = await other.answer(passcode="000000")
    else:
        document = await other.choose("okta_email")
    assert document.screen == "authenticator-verification-data"
    assert document.current["key"] == "phone_number"
    assert list(await enrolling.factors()) == ["okta_sms"]


@pytest.mark.parametrize("screen", ["list", "data"])
async def test_skipping_is_no_way_around_a_factor(
    enrolling: Enrolling, a_visitor: Callable[[], Visitor], screen: str
) -> None:
    await enrolling.seed(optional=("okta_sms", "okta_question"), require_factor=True)
    other = Enrolling(a_visitor())
    document = await other.start()
    if screen == "data":
        document = await other.choose("phone_number")
    handle = document.body["stateHandle"]
    await enrolling.start()
    await enrolling.by_phone()
    await enrolling.answer(passcode=await enrolling.passcode())
    await other.post("/idp/idx/skip", {"stateHandle": handle})
    assert "successWithInteractionCode" not in other.document.body


async def test_one_code_enrols_one_factor_once(enrolling: Enrolling) -> None:
    await enrolling.offered("okta_sms")
    await enrolling.by_phone()
    given = {"passcode": await enrolling.passcode()}
    answers = await _at_once(enrolling.answer(**given) for _ in range(CALLERS))
    taken = [each for each in answers if each.status == 200]
    assert len(taken) == 1
    assert taken[0].interaction_code
    assert list(await enrolling.factors()) == ["okta_sms"]


async def test_of_many_sign_ins_at_once_one_enrols_a_factor(
    enrolling: Enrolling, a_visitor: Callable[[], Visitor]
) -> None:
    await enrolling.seed(optional=("okta_question", "okta_email"), require_factor=True)
    others = [Enrolling(a_visitor()) for _ in range(CALLERS)]
    for each in others:
        await each.start()
        await each.choose("okta_email")
    mailed = [message["passcode"] for message in await enrolling.outbox()]
    answers = await _at_once(
        each.answer(passcode=code) for each, code in zip(others, mailed, strict=True)
    )
    offered = [each for each in answers if each.screen == "select-authenticator-enroll"]
    asked = [each for each in answers if each.screen == "authenticator-verification-data"]
    assert (len(offered), len(asked)) == (1, CALLERS - 1)
    assert list(await enrolling.factors()) == ["okta_email"]


async def test_of_two_factors_at_once_one_is_enrolled(
    enrolling: Enrolling, a_visitor: Callable[[], Visitor]
) -> None:
    await enrolling.seed(optional=("okta_sms", "okta_email"), require_factor=True)
    others = [Enrolling(a_visitor()) for _ in range(CALLERS)]
    codes = []
    for number, each in enumerate(others):
        await each.start()
        await (each.by_phone() if number % 2 else each.choose("okta_email"))
        codes.append(await enrolling.passcode())
    answers = await _at_once(
        each.answer(passcode=code) for each, code in zip(others, codes, strict=True)
    )
    offered = [each for each in answers if each.screen == "select-authenticator-enroll"]
    assert len(offered) == len(await enrolling.factors()) == 1


async def _at_once(acts: Any) -> list[Document]:
    waiting: list[Awaitable[Document]] = list(acts)
    answers = list(await asyncio.gather(*waiting))
    assert all(each.status < 500 for each in answers)
    return answers
