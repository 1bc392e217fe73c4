"""Enrolling what is known, or held: security question, password, security key, Okta Verify."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from mock_okta import MockOkta
from mock_okta.storage import Storage
from tests.authn.security_keys import SecurityKey
from tests.idx.enrolling import PHONE, Enrolling, shape
from tests.visiting import APP, LOGIN, PASSWORD, USER_ID

OWN = {"questionKey": "custom", "question": "Who am I?", "answer": "Nobody"}
LISTED = {"questionKey": "disliked_food", "answer": "Beetroot"}


@pytest.mark.parametrize(
    ("given", "asked"),
    [(LISTED, "What is the food you least liked as a child?"), (OWN, "Who am I?")],
)
async def test_a_question_is_enrolled_and_asked(
    enrolling: Enrolling, given: dict[str, str], asked: str
) -> None:
    await enrolling.offered("okta_question")
    document = await enrolling.choose("security_question")
    assert shape(document.form("enroll-authenticator")["value"]) == [
        "credentials!(questionKey!# answer!* | questionKey!= question! answer!*)"
    ]
    assert document.current["contextualData"]["questionKeys"][0] == "custom"
    assert (await enrolling.answer(**given)).interaction_code
    await enrolling.begin()
    await enrolling.change(primary_factor="PASSWORD_IDP_ANY_FACTOR")
    await enrolling.take("identify", identifier=LOGIN)
    if enrolling.document.screen.startswith("select"):
        await enrolling.choose("security_question")
    question = enrolling.document.current["contextualData"]["enrolledQuestion"]
    assert question == {"questionKey": given["questionKey"], "question": asked}
    credentials = {"questionKey": given["questionKey"], "answer": "  " + given["answer"].upper()}
    document = await enrolling.take("challenge-authenticator", credentials=credentials)
    assert document.status == 200


@pytest.mark.parametrize(
    ("given", "field", "key"),
    [
        (LISTED | {"answer": "abc"}, "answer", "securityQuestion.answer.tooShort.arg"),
        (LISTED | {"answer": "food"}, "answer", "securityQuestion.answer.invalid"),
        (LISTED | {"questionKey": "made_up"}, "questionKey", "registration.error.invalid"),
        (OWN | {"question": " "}, "question", "registration.error.required"),
        (OWN | {"question": "<b>Who?</b>"}, "question", "tagsNotAllowed"),
    ],
)
async def test_a_wrong_question_or_answer_is_reported_at_its_field(
    enrolling: Enrolling, given: dict[str, str], field: str, key: str
) -> None:
    await enrolling.offered("okta_question")
    await enrolling.choose("security_question")
    document = await enrolling.answer(**given)
    assert document.status == 400
    (credentials, _) = document.form("enroll-authenticator")["value"]
    told = {
        (each["name"], message["i18n"]["key"])
        for option in credentials["options"]
        for each in option["value"]["form"]["value"]
        for message in each.get("messages", {}).get("value", [])
    }
    assert told == {(field, key)}
    assert await enrolling.factors() == {}


async def test_a_first_password_is_set_where_the_policy_asks_for_one_by_now(
    kept: list[Storage], enrolling: Enrolling
) -> None:
    any_factor, password = ({"primary_factor": f"PASSWORD_IDP{end}"} for end in ("_ANY_FACTOR", ""))
    await enrolling.seed({"factor": "okta_email"}, required=("okta_question",), **any_factor)
    await kept[0].users.update(USER_ID, lambda user: structs.replace(user, password=""))
    await enrolling.begin()
    await enrolling.take("identify", identifier=LOGIN)
    form = "authenticator-verification-data"
    id_ = enrolling.document.field(form, "authenticator", "id")["value"]
    await enrolling.take(form, authenticator={"id": id_, "methodType": "email"})
    given = {"passcode": await enrolling.passcode()}
    document = await enrolling.take("challenge-authenticator", credentials=given)
    assert document.options == ["security_question"]
    await enrolling.change(**password)
    document = await enrolling.introspect(stateHandle=document.body["stateHandle"])
    assert document.names == ["select-authenticator-enroll"]
    assert document.options == ["okta_password", "security_question"]
    document = await enrolling.choose("okta_password")
    assert shape(document.form("enroll-authenticator")["value"]) == ["credentials!(passcode*)"]
    assert document.current["settings"]["complexity"]["minLength"] == 8
    document = await enrolling.answer(passcode="short")
    assert (document.status, document.keys) == (400, ["password.passwordRequirementsNotMet"])
    assert (await enrolling.answer(passcode=PASSWORD)).options == ["security_question"]
    await enrolling.choose("security_question")
    assert (await enrolling.answer(**LISTED)).interaction_code
    assert (await enrolling.start()).interaction_code


async def test_a_security_key_is_enrolled_and_signs_in(enrolling: Enrolling) -> None:
    key = SecurityKey(APP)
    await enrolling.offered("fido_webauthn")
    document = await enrolling.choose("webauthn")
    assert shape(document.form("enroll-authenticator")["value"]) == [
        "credentials!(clientData!? attestation!? transports!? clientExtensions!?)"
    ]
    asked = document.current["contextualData"]["activationData"]
    assert [each["alg"] for each in asked["pubKeyCredParams"]] == [-7, -257]
    assert asked["user"]["name"] == LOGIN
    assert (await enrolling.answer(**key.register(asked["challenge"]))).interaction_code
    await enrolling.change(require_factor=True)
    document = await enrolling.start()
    assert document.screen == "challenge-authenticator"
    challenge = document.current["contextualData"]["challengeData"]["challenge"]
    document = await enrolling.take("challenge-authenticator", credentials=key.sign(challenge))
    assert document.interaction_code


@pytest.mark.parametrize("wrong", ["challenge", "origin", "late", "nothing"])
async def test_a_key_that_signs_something_else_is_not_enrolled(
    enrolling: Enrolling, org: MockOkta, wrong: str
) -> None:
    await enrolling.offered("fido_webauthn")
    document = await enrolling.choose("webauthn")
    challenge = document.current["contextualData"]["activationData"]["challenge"]
    key = SecurityKey("http://evil.example" if wrong == "origin" else APP)
    if wrong == "late":
        org.clock.advance(timedelta(minutes=6))
    made = key.register("bm90aGluZw" if wrong == "challenge" else challenge)
    document = await enrolling.answer(**({} if wrong == "nothing" else made))
    assert (document.status, document.screen) == (401, "enroll-authenticator")
    assert await enrolling.factors() == {}
    document = await enrolling.choose("webauthn")
    challenge = document.current["contextualData"]["activationData"]["challenge"]
    assert (await enrolling.answer(**SecurityKey(APP).register(challenge))).interaction_code


async def test_okta_verify_is_enrolled_on_a_device(enrolling: Enrolling) -> None:
    document = await enrolling.offered("okta_push", "okta_otp")
    (listed,) = shape(document.form("select-authenticator-enroll")["value"])
    assert listed == "authenticator(id!= channel#)"
    document = await enrolling.choose("okta_verify")
    assert document.names == [
        "enroll-poll",
        "select-enrollment-channel",
        "select-authenticator-enroll",
        "skip",
    ]
    assert document.form("enroll-poll")["refresh"] == 4000
    channels = document.form("select-enrollment-channel")["value"]
    assert shape(channels) == ["authenticator(id!=? channel!#)"]
    assert document.current["contextualData"]["selectedChannel"] == "qrcode"
    assert document.current["contextualData"]["qrcode"]["href"].startswith("data:image/png;")
    assert (await enrolling.take("enroll-poll")).body["remediation"] == document.body["remediation"]
    await _scan(enrolling)
    assert (await enrolling.take("enroll-poll")).interaction_code
    assert set(await enrolling.factors()) == {"okta_push", "okta_otp"}


@pytest.mark.parametrize(
    ("channel", "field", "to", "wrong"),
    [
        ("email", "email", "joy@example.com", "joy"),
        ("sms", "phoneNumber", PHONE, "12"),
    ],
)
async def test_a_link_stands_in_for_the_picture(
    enrolling: Enrolling, channel: str, field: str, to: str, wrong: str
) -> None:
    await enrolling.offered("okta_push")
    await enrolling.choose("okta_verify")
    document = await _by_channel(enrolling, channel)
    assert document.names == [
        "enrollment-channel-data",
        "select-enrollment-channel",
        "select-authenticator-enroll",
        "skip",
    ]
    assert shape(document.form("enrollment-channel-data")["value"]) == [f"{field}!"]
    assert document.current["contextualData"] == {"selectedChannel": channel}
    document = await enrolling.take("enrollment-channel-data", **{field: wrong})
    assert (document.status, document.screen) == (400, "enrollment-channel-data")
    assert document.keys == ["registration.error.invalid"]
    document = await enrolling.take("enrollment-channel-data", **{field: to})
    assert document.names[:2] == ["enroll-poll", "select-enrollment-channel"]
    assert document.current["contextualData"] == {"selectedChannel": channel, field: to}
    await enrolling.take("resend")
    first, second = await enrolling.outbox()
    assert (first["to"], first["channel"], first["link"]) == (to, channel, second["link"])
    await _scan(enrolling)
    assert (await enrolling.take("enroll-poll")).interaction_code


async def test_a_picture_that_is_too_old_gives_way_to_another(
    enrolling: Enrolling, org: MockOkta
) -> None:
    await enrolling.offered("okta_push")
    before = await enrolling.choose("okta_verify")
    org.clock.advance(timedelta(minutes=6))
    document = await enrolling.take("enroll-poll")
    assert document.names == before.names
    assert document.current["contextualData"] != before.current["contextualData"]
    await _scan(enrolling)
    assert (await enrolling.take("enroll-poll")).interaction_code


async def test_who_has_the_push_gets_its_code(enrolling: Enrolling) -> None:
    await enrolling.seed({"factor": "okta_push"}, required=("okta_otp",))
    await enrolling.start()
    await enrolling.choose("okta_verify")
    await _scan(enrolling)
    assert (await enrolling.take("enroll-poll")).interaction_code
    assert set(await enrolling.factors()) == {"okta_push", "okta_otp"}


async def _by_channel(enrolling: Enrolling, channel: str) -> Any:
    form = enrolling.document.form("select-enrollment-channel")
    (choice, _) = form["value"]
    (id_, _) = choice["value"]["form"]["value"]
    given = {"id": id_["value"], "channel": channel}
    return await enrolling.take("select-enrollment-channel", authenticator=given)


async def _scan(enrolling: Enrolling) -> None:
    """Set Okta Verify up on the device, by the newest code."""
    pushes = (await enrolling.visitor.ask("GET", "/_mock/push")).json()["pushes"]
    path = f"/_mock/push/{pushes[-1]['id']}"
    assert (await enrolling.visitor.ask("POST", path, json={"answer": "approve"})).status == 200
