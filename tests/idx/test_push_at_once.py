"""A push that is sent without asking first (`autoChallenge`), once the user wanted that."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.idx.enrolling import Enrolling
from tests.idx.following import Document

PUSH, TOTP = {"factor": "okta_push"}, {"factor": "okta_otp"}


def asked(document: Document, remediation: str) -> bool | None:
    """What the checkbox says; None where there is none."""
    fields = document.form(remediation)["value"]
    nested = [each for field in fields for each in field.get("form", {}).get("value", ())]
    values = {each["name"]: each.get("value") for each in (*fields, *nested)}
    found: bool | None = values.get("autoChallenge")
    return found


async def pushes(enrolling: Enrolling) -> list[Mapping[str, Any]]:
    answer = await enrolling.visitor.ask("GET", "/_mock/push")
    found: list[Mapping[str, Any]] = answer.json()["pushes"]
    return found


async def wants(enrolling: Enrolling, *, at_once: bool) -> Document:
    """Answer the screen that asks before a push is sent."""
    form = enrolling.document.form("authenticator-verification-data")["value"][0]["form"]
    chosen = {"id": form["value"][0]["value"], "methodType": "push", "autoChallenge": at_once}
    return await enrolling.take("authenticator-verification-data", authenticator=chosen)


async def test_from_the_next_sign_in_on_the_push_is_sent_at_once(enrolling: Enrolling) -> None:
    await enrolling.seed(PUSH, require_factor=True)
    document = await enrolling.start()
    assert asked(document, "authenticator-verification-data") is False
    document = await wants(enrolling, at_once=True)
    (first,) = await pushes(enrolling)
    document = await enrolling.start()
    (second,) = await pushes(enrolling)  # it takes the first one's place
    assert first["id"] != second["id"]
    assert document.screen == "challenge-poll"
    assert asked(document, "challenge-poll") is True


async def test_it_is_asked_again_once_the_user_takes_that_back(enrolling: Enrolling) -> None:
    await enrolling.seed(PUSH | {"auto_push": True}, require_factor=True)
    document = await enrolling.start()
    assert asked(document, "challenge-poll") is True
    document = await enrolling.take("challenge-poll", autoChallenge=False)
    assert asked(document, "challenge-poll") is None
    document = await enrolling.start()
    assert asked(document, "authenticator-verification-data") is False
    assert len(await pushes(enrolling)) == 1


async def test_what_a_poll_says_outlives_the_approval(enrolling: Enrolling) -> None:
    await enrolling.seed(PUSH | {"auto_push": True}, require_factor=True)
    await enrolling.start()
    (push,) = await pushes(enrolling)
    await enrolling.visitor.ask("POST", f"/_mock/push/{push['id']}", json={"answer": "approve"})
    document = await enrolling.take("challenge-poll", autoChallenge=False)
    assert document.names == []
    document = await enrolling.start()
    assert document.screen == "authenticator-verification-data"


@pytest.mark.parametrize("factors", [[TOTP], [PUSH, TOTP]])
async def test_only_a_push_has_the_checkbox(
    enrolling: Enrolling, factors: list[Mapping[str, str]]
) -> None:
    await enrolling.seed(*factors, require_factor=True)
    document = await enrolling.start()
    has_push = PUSH in factors
    assert (asked(document, "authenticator-verification-data") is None) is not has_push


async def test_the_code_is_still_entered_by_choice(enrolling: Enrolling) -> None:
    await enrolling.seed(PUSH | {"auto_push": True}, TOTP, require_factor=True)
    await enrolling.start()
    document = await enrolling.choose("okta_verify", methodType="totp")
    assert document.screen == "challenge-authenticator"
    document = await enrolling.choose("okta_verify", methodType="push")
    assert asked(document, "challenge-poll") is True
