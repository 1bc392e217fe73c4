"""Signing up by the profile alone: the password is enrolled next, and the address is proved."""

from typing import Any

import pytest

from tests.idx.enrolling import Enrolling, shape
from tests.idx.following import Document, Following
from tests.visiting import LOGIN, PASSWORD, Visitor, claims_of

NEW = "new@example.com"
PROFILE = {"firstName": "New", "lastName": "User", "email": NEW}
CODE_WRONG = "api.authn.error.PASSCODE_INVALID"


async def _seed(visitor: Visitor, **policies: Any) -> None:
    registration = {"asks_password": False} | policies.pop("registration", {})
    body = {"registration": registration} | policies
    answer = await visitor.ask("PUT", "/_mock/seed", json=body)
    assert answer.status == 200, answer.text


async def _registered(enrolling: Enrolling, **policies: Any) -> Document:
    await _seed(enrolling.visitor, **policies)
    await enrolling.begin()
    await enrolling.take("select-enroll-profile")
    return await enrolling.take("enroll-profile", userProfile=PROFILE)


async def _status(visitor: Visitor) -> str:
    users = (await visitor.ask("GET", "/_mock/org")).json()["users"]
    return next(str(each["status"]) for each in users if each["login"] == NEW)


PROVES_ADDRESS = {"activation_email": True}


async def test_the_form_has_no_password(following: Following) -> None:
    await _seed(following.visitor)
    await following.begin()
    document = await following.take("select-enroll-profile")
    assert shape(document.form("enroll-profile")["value"]) == [
        "userProfile(firstName! lastName! email!)"
    ]
    assert "currentAuthenticator" not in document.body
    back = await following.take("select-identify")
    assert back.screen == "identify"


async def test_a_password_is_enrolled_next_and_ends_in_tokens(enrolling: Enrolling) -> None:
    listed = await _registered(enrolling)
    assert (listed.names, listed.options) == (["select-authenticator-enroll"], ["okta_password"])
    asked = await enrolling.choose("okta_password")
    assert asked.screen == "enroll-authenticator"
    assert asked.current["settings"]["complexity"]["minLength"] == 8
    assert (await enrolling.answer(passcode=PASSWORD)).interaction_code
    assert claims_of((await enrolling.tokens())["id_token"])["amr"] == ["pwd"]
    await enrolling.begin()
    assert (await enrolling.sign_in(NEW, PASSWORD)).interaction_code


async def test_a_weak_password_is_refused_and_the_list_is_the_way_back(
    enrolling: Enrolling,
) -> None:
    await _registered(enrolling)
    await enrolling.choose("okta_password")
    refused = await enrolling.answer(passcode="short")
    assert (refused.status, refused.screen) == (400, "enroll-authenticator")
    assert set(refused.keys) == {"password.passwordRequirementsNotMet"}
    again = await enrolling.choose("okta_password")
    assert (again.status, again.screen, again.keys) == (200, "enroll-authenticator", [])
    assert (await enrolling.answer(passcode=PASSWORD)).interaction_code


@pytest.mark.parametrize(
    "order", [("okta_password", "okta_email"), ("okta_email", "okta_password")]
)
async def test_password_and_address_are_enrolled_in_any_order(
    enrolling: Enrolling, order: tuple[str, str]
) -> None:
    listed = await _registered(enrolling, registration=PROVES_ADDRESS)
    assert listed.options == ["okta_password", "okta_email"]
    assert "skip" not in listed.names
    for done, key in enumerate(order):
        assert await _status(enrolling.visitor) == "PROVISIONED"
        assert enrolling.document.options == [
            each for each in listed.options if each in order[done:]
        ]
        await enrolling.choose(key)
        given = PASSWORD if key == "okta_password" else await enrolling.passcode()
        await enrolling.answer(passcode=given)
    assert enrolling.document.interaction_code
    assert await _status(enrolling.visitor) == "ACTIVE"
    claims = claims_of((await enrolling.tokens())["id_token"])
    assert claims["amr"] == ["mfa", "email", "pwd"]


async def test_a_password_alone_does_not_let_somebody_in_who_has_to_prove_the_address(
    enrolling: Enrolling,
) -> None:
    await _registered(enrolling, registration=PROVES_ADDRESS)
    await enrolling.choose("okta_password")
    await enrolling.answer(passcode=PASSWORD)
    assert enrolling.document.options == ["okta_email"]
    other = Following(enrolling.visitor)
    await other.begin()
    assert "successWithInteractionCode" not in (await other.sign_in(NEW, PASSWORD)).body
    await enrolling.choose("okta_email")
    wrong = await enrolling.answer(passcode="000000")
    assert (wrong.screen, wrong.keys) == ("enroll-authenticator", [CODE_WRONG])
    assert await _status(enrolling.visitor) == "PROVISIONED"


async def test_the_link_proves_the_address_too(enrolling: Enrolling) -> None:
    await _registered(enrolling, registration=PROVES_ADDRESS)
    waiting = await enrolling.choose("okta_email")
    link = (await enrolling.visitor.ask("GET", "/_mock/outbox")).json()["messages"][-1]["link"]
    await enrolling.visitor.ask("GET", link)
    enrolling.seen.append(waiting)
    document = await enrolling.take("poll")
    assert document.options == ["okta_password"]


async def test_what_the_org_requires_comes_after_it(enrolling: Enrolling) -> None:
    policies = [{"required": ["okta_question"], "optional": ["google_otp"]}]
    await _registered(enrolling, enrollment_policies=policies)
    await enrolling.choose("okta_password")
    document = await enrolling.answer(passcode=PASSWORD)
    assert (document.names, document.options) == (
        ["select-authenticator-enroll"],
        ["security_question"],
    )


async def test_a_user_who_gives_up_begins_anew(enrolling: Enrolling) -> None:
    await _registered(enrolling)
    await enrolling.choose("okta_password")
    assert (await enrolling.take("cancel")).screen == "identify"
    assert (await enrolling.sign_in(LOGIN, PASSWORD)).interaction_code


async def test_a_taken_address_is_refused_before_there_is_anything_to_enrol(
    following: Following,
) -> None:
    await _seed(following.visitor)
    await following.begin()
    await following.take("select-enroll-profile")
    document = await following.take("enroll-profile", userProfile=PROFILE | {"email": LOGIN})
    assert (document.status, document.screen) == (400, "enroll-profile")
    assert document.keys == ["registration.error.notUniqueWithinOrg"]
