"""POST /api/v1/authn over HTTP: facts/classic A.2, A.4; facts/oauth G."""

import io
import re
from datetime import timedelta

import pytest

from mock_okta import MockOkta
from mock_okta.clock import wire_instant
from tests.visiting import LOGIN, PASSWORD, USER_ID, Visitor

AUTHN = "/api/v1/authn"
JSON = {"Content-Type": "application/json"}
ERROR_KEYS = ["errorCode", "errorSummary", "errorLink", "errorId", "errorCauses"]


async def test_right_password_is_success_with_a_session_token(
    visitor: Visitor, org: MockOkta
) -> None:
    org.clock.freeze()
    body = {"username": LOGIN, "password": PASSWORD}
    answer = await visitor.ask("POST", AUTHN, json=body)
    assert answer.status == 200
    success = answer.json()
    assert list(success) == ["expiresAt", "status", "sessionToken", "_embedded"]
    assert success["status"] == "SUCCESS"
    assert success["expiresAt"] == wire_instant(org.clock.now() + timedelta(minutes=5))
    assert re.fullmatch(r"20111[\w-]{50}", success["sessionToken"])
    user = success["_embedded"]["user"]
    assert list(user) == ["id", "passwordChanged", "profile"]
    assert user["id"] == USER_ID
    assert user["profile"] == {
        "login": LOGIN,
        "firstName": "Test",
        "lastName": "User",
        "locale": "en_US",
        "timeZone": "America/Los_Angeles",
    }
    assert "Set-Cookie" not in answer.headers


async def test_every_sign_in_has_a_session_token_of_its_own(visitor: Visitor) -> None:
    assert await visitor.session_token() != await visitor.session_token()


@pytest.mark.parametrize(
    ("login", "password"),
    [
        (LOGIN, "wrong"),
        (LOGIN, PASSWORD.lower()),
        (LOGIN, f"{PASSWORD} "),
        (LOGIN, ""),
        ("nobody@example.com", PASSWORD),
        ("", PASSWORD),
        (f" {LOGIN}", PASSWORD),
        ("\x00", "\x00"),
    ],
)
async def test_wrong_password_and_unknown_user_are_reported_alike(
    visitor: Visitor, login: str, password: str
) -> None:
    answer = await visitor.ask("POST", AUTHN, json={"username": login, "password": password})
    assert answer.status == 401
    body = answer.json()
    assert list(body) == ERROR_KEYS
    assert re.fullmatch(r"oae[\w-]{22}", body.pop("errorId"))
    assert body == {
        "errorCode": "E0000004",
        "errorSummary": "Authentication failed",
        "errorLink": "E0000004",
        "errorCauses": [],
    }


@pytest.mark.parametrize("login", [LOGIN.upper(), "Tester@Example.com"])
async def test_login_is_case_insensitive(visitor: Visitor, login: str) -> None:
    answer = await visitor.ask("POST", AUTHN, json={"username": login, "password": PASSWORD})
    assert answer.status == 200
    assert answer.json()["_embedded"]["user"]["profile"]["login"] == LOGIN


async def test_what_the_widget_and_other_callers_add_is_let_pass(visitor: Visitor) -> None:
    body = {
        "password": PASSWORD,
        "username": LOGIN,
        "options": {"warnBeforePasswordExpired": True, "multiOptionalFactorEnroll": False},
        "context": {"deviceToken": "a-device"},
        "relayState": "/here",
        "audience": None,
    }
    assert (await visitor.ask("POST", AUTHN, json=body)).status == 200


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"username=a", id="no JSON"),
        pytest.param(b'{"username":"a","password":"b"} {}', id="more after it"),
        pytest.param(b'{"username":"\\ud800","password":"x"}', id="lone surrogate"),
        pytest.param(b'{"username":"\xff","password":"x"}', id="no UTF-8"),
        pytest.param(b'{"username":NaN,"password":"x"}', id="NaN"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"text"', id="text"),
        pytest.param(b"null", id="null"),
        pytest.param(b"1", id="a number"),
        pytest.param(b'{"x":' + b"[" * 100_000, id="deep"),
        pytest.param(b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="deep, closed"),
    ],
)
async def test_a_body_that_is_no_json_is_malformed(visitor: Visitor, body: bytes) -> None:
    answer = await visitor.ask("POST", AUTHN, data=body, headers=JSON)
    assert (answer.status, answer.json()["errorCode"]) == (400, "E0000003")
    assert answer.json()["errorSummary"] == "The request body was not well-formed."


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{}", "username"),
        (b'{"username":"a"}', "password"),
        (b'{"password":"a"}', "username"),
        (b'{"username":{},"password":"b"}', "username"),
        (b'{"username":"a","password":["b"]}', "password"),
        (b'{"username":null,"password":"b"}', "username"),
    ],
)
async def test_a_body_that_does_not_fit_names_the_field(
    visitor: Visitor, body: bytes, field: str
) -> None:
    answer = await visitor.ask("POST", AUTHN, data=body, headers=JSON)
    assert answer.status == 400
    error = answer.json()
    assert list(error) == ERROR_KEYS
    assert error["errorCode"] == "E0000001"
    assert error["errorSummary"].startswith("Api validation failed: ")
    (cause,) = error["errorCauses"]
    assert field in cause["errorSummary"]


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "text/plain", "", "application/xml", "nonsense"],
)
async def test_another_content_type_is_refused(visitor: Visitor, content_type: str) -> None:
    answer = await visitor.ask(
        "POST",
        AUTHN,
        data=b'{"username":"a","password":"b"}',
        headers={"Content-Type": content_type},
    )
    assert (answer.status, answer.json()["errorCode"]) == (400, "E0000021")


async def test_a_charset_beside_the_content_type_is_fine(visitor: Visitor) -> None:
    answer = await visitor.ask(
        "POST",
        AUTHN,
        data=f'{{"username":"{LOGIN}","password":"{PASSWORD}"}}'.encode(),
        headers={"Content-Type": "application/json; charset=UTF-8"},
    )
    assert answer.status == 200


async def test_a_huge_body_is_refused(visitor: Visitor) -> None:
    body = io.BytesIO(b'{"username":"' + b"a" * 2_000_000 + b'","password":"b"}')
    answer = await visitor.ask("POST", AUTHN, data=body, headers=JSON)
    assert (answer.status, answer.json()["errorCode"]) == (400, "E0000001")
    assert "too large" in answer.json()["errorCauses"][0]["errorSummary"]


async def test_a_body_that_cannot_be_unpacked_is_malformed(visitor: Visitor) -> None:
    packed = {**JSON, "Content-Encoding": "gzip"}
    answer = await visitor.ask("POST", AUTHN, data=b'{"username":"a"}', headers=packed)
    assert (answer.status, answer.json()["errorCode"]) == (400, "E0000003")


async def test_the_log_says_what_the_answer_does_not(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mock_okta")
    for login in (LOGIN, "nobody@example.com"):
        await visitor.ask("POST", AUTHN, json={"username": login, "password": "a wrong one"})
    wrong, unknown = (message for message in caplog.messages if "/api/v1/authn 401" in message)
    assert f"WrongPassword: {LOGIN}" in wrong
    assert "NoSuchUser: nobody@example.com" in unknown
    assert "a wrong one" not in caplog.text
