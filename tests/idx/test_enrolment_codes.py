"""Enrolling what a passcode proves: e-mail, phone, Google Authenticator (facts/identity C14)."""

import base64
from datetime import timedelta

import pyotp
import pytest

from mock_okta import MockOkta
from mock_okta.storage import Storage
from tests.idx.enrolling import PHONE, Enrolling, shape
from tests.visiting import LOGIN, USER_ID, claims_of

INVALID = (401, ["api.authn.error.PASSCODE_INVALID"])


async def test_an_email_is_enrolled_by_its_code_and_signs_in(enrolling: Enrolling) -> None:
    await enrolling.offered("okta_email")
    document = await enrolling.choose("okta_email")
    assert document.names == ["enroll-authenticator", "select-authenticator-enroll", "skip"]
    assert shape(document.form("enroll-authenticator")["value"]) == ["credentials!(passcode!)"]
    assert document.form("enroll-authenticator")["relatesTo"] == ["$.currentAuthenticator"]
    assert document.current["contextualData"] == {"useEmailMagicLink": True}
    assert document.form("poll")["refresh"] == 4000
    assert document.form("resend")["href"].endswith("/challenge/resend")
    (message,) = await enrolling.outbox()
    assert message["to"] == LOGIN
    assert message["link"].startswith(f"{enrolling.visitor.org.url}/email/verify/")
    document = await enrolling.answer(passcode=message["passcode"])
    assert list(await enrolling.factors()) == ["okta_email"]
    assert claims_of((await enrolling.tokens())["id_token"])["amr"] == ["mfa", "email", "pwd"]


@pytest.mark.parametrize("factor", ["okta_email", "okta_sms", "google_otp"])
async def test_a_wrong_code_is_reported_at_its_field(enrolling: Enrolling, factor: str) -> None:
    await enrolling.offered(factor)
    await _begin(enrolling, factor)
    document = await enrolling.answer(passcode="000000")
    assert (document.status, document.keys) == INVALID
    assert document.field("enroll-authenticator", "credentials", "passcode")["messages"]
    assert document.current
    assert await enrolling.factors() == {}


@pytest.mark.parametrize("factor", ["okta_email", "okta_sms"])
async def test_a_code_that_is_too_old_gives_way_to_another(
    enrolling: Enrolling, org: MockOkta, factor: str
) -> None:
    await enrolling.offered(factor)
    await _begin(enrolling, factor)
    old = await enrolling.passcode()
    org.clock.advance(timedelta(minutes=6))
    document = await enrolling.answer(passcode=old)
    assert (document.status, document.keys) == INVALID
    await enrolling.take("resend")
    assert (await enrolling.answer(passcode=await enrolling.passcode())).interaction_code


async def test_a_code_is_sent_again_after_a_pause(enrolling: Enrolling, org: MockOkta) -> None:
    await enrolling.offered("okta_sms")
    await enrolling.by_phone()
    document = await enrolling.take("resend")
    assert (document.status, document.keys) == (429, ["tooManyRequests"])
    org.clock.advance(timedelta(seconds=31))
    assert (await enrolling.take("resend")).status == 200
    assert len(await enrolling.outbox()) == 2


async def test_polling_an_email_says_how_it_stands(enrolling: Enrolling) -> None:
    await enrolling.offered("okta_email")
    before = await enrolling.choose("okta_email")
    assert (await enrolling.take("poll")).names == before.names


async def test_a_phone_is_asked_for_its_number_first(enrolling: Enrolling) -> None:
    document = await enrolling.offered("okta_sms", "okta_call")
    (listed,) = shape(document.form("select-authenticator-enroll")["value"])
    assert listed == "authenticator(id!= methodType# phoneNumber)"
    document = await enrolling.choose("phone_number")
    assert document.names == [
        "authenticator-enrollment-data",
        "select-authenticator-enroll",
        "skip",
    ]
    form = document.form("authenticator-enrollment-data")
    assert shape(form["value"]) == ["authenticator(id!= methodType!# phoneNumber!)"]
    assert form["relatesTo"] == ["$.currentAuthenticator"]
    assert document.current["methods"] == [{"type": "sms"}, {"type": "voice"}]
    assert await enrolling.outbox() == []


@pytest.mark.parametrize(("method", "proof"), [("sms", "sms"), ("voice", "tel")])
async def test_a_phone_has_both_methods_once_one_is_proved(
    kept: list[Storage], enrolling: Enrolling, method: str, proof: str
) -> None:
    await enrolling.offered("okta_sms", "okta_call")
    document = await enrolling.by_phone(method)
    assert document.current["methods"] == [{"type": method}]
    await enrolling.answer(passcode=await enrolling.passcode())
    user = await kept[0].users.get(USER_ID)
    assert user is not None
    assert {(each.key, each.profile["phone_number"]) for each in user.factors} == {
        ("okta_sms", PHONE),
        ("okta_call", PHONE),
    }
    amr = claims_of((await enrolling.tokens())["id_token"])["amr"]
    assert set(amr) == {"mfa", "pwd", proof}


async def test_a_phone_has_no_method_that_the_policy_lacks(enrolling: Enrolling) -> None:
    await enrolling.offered("okta_sms")
    document = await enrolling.by_phone()
    await enrolling.answer(passcode=await enrolling.passcode())
    assert document.body["authenticators"]["value"][0]["methods"] == [{"type": "sms"}]
    assert list(await enrolling.factors()) == ["okta_sms"]


async def test_a_number_with_an_extension_gets_no_text_messages(enrolling: Enrolling) -> None:
    await enrolling.offered("okta_sms", "okta_call")
    await enrolling.by_phone("voice", phoneExtension="12")
    await enrolling.answer(passcode=await enrolling.passcode())
    assert list(await enrolling.factors()) == ["okta_call"]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"phoneNumber": "+1"}, "api.factors.error.sms.invalid_phone"),
        ({"phoneNumber": ""}, "registration.error.required"),
    ],
)
async def test_a_number_that_is_none_leaves_the_form(
    enrolling: Enrolling, given: dict[str, str], key: str
) -> None:
    await enrolling.offered("okta_sms")
    document = await enrolling.by_phone(**given)
    assert (document.status, document.screen) == (400, "authenticator-enrollment-data")
    above = [each["i18n"]["key"] for each in document.body.get("messages", {}).get("value", [])]
    assert (above or document.keys) == [key]
    assert document.current["key"] == "phone_number"


async def test_google_authenticator_is_set_up_by_its_picture(
    enrolling: Enrolling, org: MockOkta
) -> None:
    await enrolling.offered("google_otp")
    document = await enrolling.choose("google_otp")
    assert shape(document.form("enroll-authenticator")["value"]) == ["credentials!(passcode!)"]
    data = document.current["contextualData"]
    head, _, picture = data["qrcode"]["href"].partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(picture).startswith(b"\x89PNG")
    code = pyotp.TOTP(data["sharedSecret"]).at(org.clock.now())
    assert (await enrolling.answer(passcode=code)).interaction_code
    assert list(await enrolling.factors()) == ["google_otp"]
    assert (await enrolling.start()).interaction_code


async def _begin(enrolling: Enrolling, factor: str) -> None:
    if factor == "okta_sms":
        await enrolling.by_phone()
    else:
        await enrolling.choose(factor)
