"""Choosing another authenticator while one is asked for."""

from collections.abc import Mapping

import pytest

from tests.idx.enrolling import PHONE, Enrolling

GOOGLE = {"factor": "google_otp"}
EMAIL = {"factor": "okta_email"}
SMS = {"factor": "okta_sms", "phone_number": PHONE}
CALL = {"factor": "okta_call", "phone_number": PHONE}
PUSH = {"factor": "okta_push"}


@pytest.mark.parametrize(
    ("others", "key"),
    [
        ([EMAIL], "okta_email"),
        ([SMS], "phone_number"),
        ([SMS, CALL], "phone_number"),
        ([PUSH], "okta_verify"),
    ],
)
async def test_what_is_sent_is_chosen_after_a_code_was_asked_for(
    enrolling: Enrolling, others: list[Mapping[str, str]], key: str
) -> None:
    await enrolling.seed(GOOGLE, *others, require_factor=True)
    await enrolling.start()
    await enrolling.choose("google_otp")
    document = await enrolling.choose(key)
    assert (document.status, document.screen) == (200, "authenticator-verification-data")
    assert document.current["key"] == key
    assert len(document.current["methods"]) == len(others)


async def test_what_was_sent_already_is_not_sent_again_at_once(enrolling: Enrolling) -> None:
    await enrolling.seed(GOOGLE, EMAIL, require_factor=True)
    await enrolling.start()
    await enrolling.choose("okta_email", methodType="email")
    await enrolling.choose("okta_email")
    document = await enrolling.choose("okta_email", methodType="email")
    assert (document.status, document.keys) == (429, ["tooManyRequests"])
    assert len(await enrolling.outbox()) == 1


async def test_the_only_authenticator_is_listed_until_something_is_sent(
    enrolling: Enrolling,
) -> None:
    await enrolling.seed(EMAIL, require_factor=True)
    document = await enrolling.start()
    assert document.names == [
        "authenticator-verification-data",
        "select-authenticator-authenticate",
    ]
    assert document.options == ["okta_email"]
    sent = await enrolling.choose("okta_email", methodType="email")
    assert sent.names == ["challenge-authenticator"]
    assert len(await enrolling.outbox()) == 1
