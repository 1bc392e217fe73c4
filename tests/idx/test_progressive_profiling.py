"""Users whose profile lacks something are asked for it once they have proved who they are."""

from collections.abc import Mapping
from typing import Any

import pytest

from mock_okta.storage import Storage
from tests.idx.enrolling import Enrolling, shape
from tests.idx.following import Document, Following
from tests.visiting import LOGIN, PASSWORD, Visitor

DEPARTMENT = {"name": "department", "label": "Your department", "required": True}
SECOND = {"name": "secondEmail", "label": "Secondary email"}
COLOR = {"name": "color"}


async def _seed(visitor: Visitor, *attributes: dict[str, Any], **more: Any) -> None:
    user = {"login": LOGIN, "password": PASSWORD, "profile": {"firstName": "Test"}}
    asked = {"profile_enrollment": {"profile_attributes": attributes}}
    answer = await visitor.ask("PUT", "/_mock/seed", json={"users": [user]} | asked | more)
    assert answer.status == 200, answer.text


async def _asked(following: Following, *attributes: dict[str, Any], **more: Any) -> Document:
    await _seed(following.visitor, *attributes, **more)
    await following.begin()
    return await following.sign_in(LOGIN, PASSWORD)


async def _profile(kept: list[Storage]) -> Mapping[str, Any]:
    (user,) = [each for each in await kept[-1].users.values() if each.login == LOGIN]
    return user.profile


async def test_the_form_asks_for_what_is_missing_alone(following: Following) -> None:
    known = {"name": "firstName", "required": True}
    document = await _asked(following, known, DEPARTMENT, SECOND)
    assert document.names == ["profile-update"]
    form = document.form("profile-update")
    assert shape(form["value"]) == ["userProfile(department! secondEmail)"]
    assert form["href"].endswith("/idp/idx/enroll/update")
    assert document.field("profile-update", "userProfile", "department")["label"] == (
        "Your department"
    )
    assert document.body["user"]["value"]["identifier"] == LOGIN


async def test_what_is_given_is_kept_and_ends_the_sign_in(
    kept: list[Storage], following: Following
) -> None:
    await _asked(following, DEPARTMENT, SECOND)
    given = {"department": "Sales", "firstName": "Mallory", "login": "m@example.com"}
    document = await following.take("profile-update", userProfile=given)
    assert document.interaction_code
    profile = await _profile(kept)
    assert profile["department"] == "Sales"
    assert (profile["firstName"], profile.get("secondEmail")) == ("Test", None)
    await following.begin()
    document = await following.sign_in(LOGIN, PASSWORD)
    assert document.names == ["profile-update", "skip"]
    assert shape(document.form("profile-update")["value"]) == ["userProfile(secondEmail)"]


async def test_nobody_is_asked_whose_profile_is_whole(following: Following) -> None:
    document = await _asked(following, {"name": "firstName", "required": True})
    assert document.interaction_code


async def test_what_is_optional_may_be_skipped(following: Following) -> None:
    document = await _asked(following, SECOND, COLOR)
    assert document.names == ["profile-update", "skip"]
    assert (await following.take("skip")).interaction_code
    await following.begin()
    assert (await following.sign_in(LOGIN, PASSWORD)).screen == "profile-update"


async def test_what_is_optional_may_be_left_blank(
    kept: list[Storage], following: Following
) -> None:
    await _asked(following, SECOND, COLOR)
    document = await following.take("profile-update", userProfile={"color": ""})
    assert document.interaction_code
    assert "color" not in await _profile(kept)


async def test_what_is_required_cannot_be_skipped(following: Following) -> None:
    first = await _asked(following, DEPARTMENT, SECOND)
    handle = {"stateHandle": first.body["stateHandle"]}
    document = await following.post("/idp/idx/skip", handle)
    assert (document.status, document.names) == (400, ["profile-update"])


@pytest.mark.parametrize(
    ("attribute", "given", "key"),
    [
        (DEPARTMENT, {}, "registration.error.required"),
        (DEPARTMENT, {"department": ""}, "registration.error.required"),
        (DEPARTMENT, {"department": {"a": 1}}, "registration.error.invalid"),
        (SECOND, {"secondEmail": "nowhere"}, "registration.error.doesNotMatchPattern"),
    ],
)
async def test_what_will_not_do_is_said_at_its_field(
    kept: list[Storage],
    following: Following,
    attribute: dict[str, Any],
    given: dict[str, Any],
    key: str,
) -> None:
    await _asked(following, attribute)
    document = await following.take("profile-update", userProfile=given)
    assert (document.status, document.keys) == (400, [key])
    field = document.field("profile-update", "userProfile", attribute["name"])
    assert field["messages"]["value"][0]["i18n"]["key"] == key
    assert attribute["name"] not in await _profile(kept)


async def test_somebody_else_may_sign_in_instead(following: Following) -> None:
    await _asked(following, DEPARTMENT)
    document = await following.take("cancel")
    assert (document.screen, "user" in document.body) == ("identify", False)


async def test_the_profile_comes_after_every_proof(enrolling: Enrolling) -> None:
    factors = [{"factor": "okta_email", "email": LOGIN}]
    user = {"login": LOGIN, "password": PASSWORD, "factors": factors}
    rules = [{"rules": [{"require_factor": True}]}]
    document = await _asked(enrolling, DEPARTMENT, users=[user], sign_on_policies=rules)
    assert document.screen == "authenticator-verification-data"
    given = {"stateHandle": document.body["stateHandle"], "userProfile": {"department": "Sales"}}
    document = await enrolling.post("/idp/idx/enroll/update", given)
    assert (document.status, document.screen) == (400, "authenticator-verification-data")
    id_ = document.field("authenticator-verification-data", "authenticator", "id")["value"]
    chosen = {"id": id_, "methodType": "email"}
    await enrolling.take("authenticator-verification-data", authenticator=chosen)
    proof = {"passcode": await enrolling.passcode()}
    document = await enrolling.take("challenge-authenticator", credentials=proof)
    assert document.screen == "profile-update"


async def test_a_user_who_registers_is_asked_too(following: Following) -> None:
    await _seed(following.visitor, DEPARTMENT, registration={"enabled": True})
    await following.begin()
    await following.take("select-enroll-profile")
    profile = {"firstName": "New", "lastName": "User", "email": "new@example.com"}
    document = await following.take(
        "enroll-profile", userProfile=profile, credentials={"passcode": PASSWORD}
    )
    assert document.screen == "profile-update"
    given = {"department": "Sales"}
    assert (await following.take("profile-update", userProfile=given)).interaction_code


async def test_classic_sign_ins_ask_for_nothing(visitor: Visitor) -> None:
    await _seed(visitor, DEPARTMENT)
    assert await visitor.session_token()
