"""A new user proves the address by enrolling it; nothing leads around that."""

import pytest

from tests.idx.enrolling import Enrolling
from tests.visiting import PASSWORD

NEW = "new@example.com"


async def _registered(enrolling: Enrolling) -> None:
    policies = {"registration": {"activation_email": True}}
    answer = await enrolling.visitor.ask("PUT", "/_mock/seed", json=policies)
    assert answer.status == 200, answer.text
    await enrolling.begin()
    await enrolling.take("select-enroll-profile")
    profile = {"firstName": "New", "lastName": "User", "email": NEW}
    await enrolling.take("enroll-profile", userProfile=profile, credentials={"passcode": PASSWORD})
    assert enrolling.document.names == ["enroll-authenticator", "select-authenticator-enroll"]


async def test_the_code_ends_a_registration(enrolling: Enrolling) -> None:
    await _registered(enrolling)
    document = await enrolling.answer(passcode="000000")
    assert document.keys == ["api.authn.error.PASSCODE_INVALID"]
    assert (await enrolling.answer(passcode=await enrolling.passcode())).interaction_code


@pytest.mark.parametrize("path", ["skip", "challenge/poll", "challenge/send", "credential/enroll"])
async def test_no_other_form_stands_in_for_the_code(enrolling: Enrolling, path: str) -> None:
    await _registered(enrolling)
    handle = enrolling.document.body["stateHandle"]
    document = await enrolling.post(f"/idp/idx/{path}", {"stateHandle": handle})
    assert document.screen == "enroll-authenticator"
    users = (await enrolling.visitor.ask("GET", "/_mock/org")).json()["users"]
    assert [each["status"] for each in users if each["login"] == NEW] == ["PROVISIONED"]


async def test_the_list_sends_another_code(enrolling: Enrolling) -> None:
    await _registered(enrolling)
    await enrolling.choose("okta_email")
    assert (await enrolling.answer(passcode=await enrolling.passcode())).interaction_code
