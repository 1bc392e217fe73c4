"""Signing up: the form and what is wrong with it, the way back, and many who want one name."""

import asyncio
from typing import Any

import pytest

from tests.idx.enrolling import Enrolling, shape
from tests.idx.following import Document, Following
from tests.visiting import LOGIN, PASSWORD, Visitor, claims_of

NEW = "new@example.com"
PROFILE = {"firstName": "New", "lastName": "User", "email": NEW}


async def _seed(visitor: Visitor, **registration: Any) -> None:
    body = {"registration": registration}
    answer = await visitor.ask("PUT", "/_mock/seed", json=body)
    assert answer.status == 200, answer.text


async def _on_the_form(following: Following, **registration: Any) -> Document:
    await _seed(following.visitor, **registration)
    await following.begin()
    document = await following.take("select-enroll-profile")
    assert document.screen == "enroll-profile"
    return document


async def _register(following: Following, password: str = PASSWORD, **profile: Any) -> Document:
    given = {name: value for name, value in (PROFILE | profile).items() if value is not None}
    return await following.take(
        "enroll-profile", userProfile=given, credentials={"passcode": password}
    )


async def _users(visitor: Visitor, login: str = NEW) -> list[dict[str, Any]]:
    users = (await visitor.ask("GET", "/_mock/org")).json()["users"]
    return [each for each in users if each["login"] == login]


def _said_at(document: Document, *field: str) -> list[tuple[str, list[str]]]:
    messages = document.field("enroll-profile", *field)["messages"]["value"]
    return [(each["i18n"]["key"], each["i18n"]["params"]) for each in messages]


async def test_the_form_has_the_fields_of_the_policy(following: Following) -> None:
    fields = [{"name": "nickName", "title": "Nick name", "required": False}]
    document = await _on_the_form(following, fields=fields)
    assert document.names == ["enroll-profile", "select-identify"]
    assert shape(document.form("enroll-profile")["value"]) == [
        "userProfile(nickName email!)",
        "credentials!(passcode!*)",
    ]
    assert document.form("enroll-profile")["href"].endswith("/idp/idx/enroll/new")
    assert document.current["settings"]["complexity"]["minLength"] == 8
    assert document.field("enroll-profile", "userProfile", "nickName")["label"] == "Nick name"
    assert document.body["intent"] == "ENROLLMENT"


async def test_an_org_without_registration_does_not_offer_it(following: Following) -> None:
    document = await following.begin()
    assert "select-enroll-profile" not in document.names
    handle = document.body["stateHandle"]
    refused = await following.post("/idp/idx/enroll", {"stateHandle": handle})
    assert (refused.status, refused.screen) == (400, "identify")


async def test_a_user_who_registers_is_signed_in(following: Following) -> None:
    await _seed(following.visitor)
    await following.begin(scope="openid email profile")
    await following.take("select-enroll-profile")
    document = await _register(following)
    assert (document.status, document.names) == (200, [])
    (user,) = await _users(following.visitor)
    assert user["status"] == "ACTIVE"
    tokens = await following.tokens()
    claims = claims_of(tokens["id_token"])
    assert (claims["sub"], claims["amr"]) == (user["id"], ["pwd"])
    info = (await following.visitor.userinfo(tokens["access_token"])).json()
    assert (info["given_name"], info["family_name"], info["email"]) == ("New", "User", NEW)
    await following.begin()
    assert (await following.sign_in(NEW, PASSWORD)).interaction_code


async def test_a_user_who_has_to_prove_the_address_is_active_after_that(
    enrolling: Enrolling,
) -> None:
    await _on_the_form(enrolling, activation_email=True)
    await _register(enrolling)
    assert enrolling.document.screen == "enroll-authenticator"
    assert [each["status"] for each in await _users(enrolling.visitor)] == ["PROVISIONED"]
    assert (await enrolling.answer(passcode=await enrolling.passcode())).interaction_code
    assert [each["status"] for each in await _users(enrolling.visitor)] == ["ACTIVE"]


@pytest.mark.parametrize("activation_email", [True, False])
async def test_the_way_back_leads_to_a_sign_in(
    following: Following, *, activation_email: bool
) -> None:
    await _on_the_form(following, activation_email=activation_email)
    document = await following.take("select-identify")
    assert (document.screen, document.body["intent"]) == ("identify", "LOGIN")
    assert (await following.sign_in(LOGIN, PASSWORD)).interaction_code


async def test_a_taken_address_is_said_at_its_field(following: Following) -> None:
    await _on_the_form(following)
    document = await _register(following, email=LOGIN.upper())
    assert document.status == 400
    assert document.names == ["enroll-profile", "select-identify"]
    expected = [("registration.error.notUniqueWithinOrg", ["Email"])]
    assert _said_at(document, "userProfile", "email") == expected
    assert (await _register(following)).interaction_code


async def test_a_taken_login_is_said_at_the_field_of_the_login(following: Following) -> None:
    await _on_the_form(following, fields=[{"name": "login", "title": "Username"}])
    document = await _register(following, firstName=None, lastName=None, login=LOGIN)
    expected = [("registration.error.notUniqueWithinOrg", ["Username"])]
    assert _said_at(document, "userProfile", "login") == expected
    assert "messages" not in document.field("enroll-profile", "userProfile", "email")


@pytest.mark.parametrize(
    ("change", "field", "key"),
    [
        ({"firstName": ""}, "firstName", "registration.error.required"),
        ({"lastName": None}, "lastName", "registration.error.required"),
        ({"email": None}, "email", "registration.error.required"),
        ({"email": "new"}, "email", "registration.error.doesNotMatchPattern"),
        ({"firstName": 51 * "a"}, "firstName", "registration.error.invalid"),
        ({"firstName": ["a"]}, "firstName", "registration.error.invalid"),
    ],
)
async def test_what_is_wrong_is_said_at_the_field(
    following: Following, change: dict[str, Any], field: str, key: str
) -> None:
    await _on_the_form(following)
    document = await _register(following, **change)
    assert document.status == 400
    assert [each for each, _ in _said_at(document, "userProfile", field)] == [key]
    assert "messages" not in document.body
    assert await _users(following.visitor) == []
    assert (await _register(following)).interaction_code


@pytest.mark.parametrize("password", ["short", NEW + "1A"])
async def test_a_weak_password_is_said_at_its_field(following: Following, password: str) -> None:
    await _on_the_form(following)
    document = await _register(following, password)
    assert document.status == 400
    said = _said_at(document, "credentials", "passcode")
    assert {key for key, _ in said} == {"password.passwordRequirementsNotMet"}
    assert all(params for _, params in said)
    assert await _users(following.visitor) == []


async def test_a_password_left_out_is_said_at_its_field(following: Following) -> None:
    await _on_the_form(following)
    document = await following.take("enroll-profile", userProfile=PROFILE)
    expected = [("registration.error.required", [])]
    assert _said_at(document, "credentials", "passcode") == expected


async def test_an_attribute_that_is_not_in_the_form_is_refused(following: Following) -> None:
    await _on_the_form(following)
    document = await _register(following, isAdmin="true")
    assert (document.status, document.keys) == (400, ["oie.registration.is.not.enabled"])
    assert await _users(following.visitor) == []


@pytest.mark.parametrize("activation_email", [True, False])
async def test_of_many_who_want_one_login_one_gets_it(
    visitor: Visitor, *, activation_email: bool
) -> None:
    await _seed(visitor, activation_email=activation_email)
    everybody = [Following(visitor) for _ in range(64)]
    for each in everybody:
        await each.begin()
        await each.take("select-enroll-profile")
    documents = await asyncio.gather(*(_register(each) for each in everybody))
    refused = [each for each in documents if each.status == 400]
    assert len(refused) == 63
    assert {key for each in refused for key in each.keys} == {
        "registration.error.notUniqueWithinOrg"
    }
    assert len(await _users(visitor)) == 1


async def test_a_form_that_is_sent_many_times_at_once_makes_one_user(following: Following) -> None:
    document = await _on_the_form(following)
    everybody = [Following(following.visitor, [document]) for _ in range(16)]
    documents = await asyncio.gather(*(_register(each) for each in everybody))
    ends = [each for each in documents if "successWithInteractionCode" in each.body]
    assert len([each for each in documents if each.status == 200]) == 1
    assert len({each.interaction_code for each in ends}) == 1
    assert len(await _users(following.visitor)) == 1
