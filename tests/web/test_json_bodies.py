"""JSON bodies on Okta's own paths: what is read as a Java server reads it, and the refusals."""

from typing import Any, Literal

import msgspec
import pytest

from mock_okta import Config
from mock_okta.web.errors import MalformedBody, ValidationFailed
from mock_okta.web.json_bodies import read_leniently, wire_name
from tests.visiting import LOGIN, PASSWORD, SEED, Visitor

API_TOKEN = "00token"


class Inner(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    is_set: bool = False


class Outer(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    count: int = 3
    inner: Inner = Inner()
    other: Inner | None = None
    names: tuple[str, ...] = ()
    kind: Literal["a", "b"] = "a"
    free: dict[str, Any] = {}


def _read(text: str) -> Outer:
    return read_leniently(text.encode(), Outer)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"name": "n"}', Outer(name="n")),
        ('\ufeff {"name": "n"}', Outer(name="n")),
        ('{"name": "n", "more": [{}]}', Outer(name="n")),
        ('{"name": 12}', Outer(name="12")),
        ('{"name": 1.5}', Outer(name="1.5")),
        ('{"name": false}', Outer(name="false")),
        ('{"name": "null"}', Outer(name="null")),
        ('{"name": ""}', Outer(name="")),
        ('{"name": "n", "count": "7"}', Outer(name="n", count=7)),
        ('{"name": "n", "count": 7.9}', Outer(name="n", count=7)),
        ('{"name": "n", "count": ""}', Outer(name="n")),
        ('{"name": "n", "count": null}', Outer(name="n")),
        ('{"name": "n", "inner": null, "other": null, "names": null}', Outer(name="n")),
        ('{"name": "n", "inner": {"isSet": null}}', Outer(name="n")),
        ('{"name": "n", "inner": {"isSet": ""}}', Outer(name="n")),
        ('{"name": "n", "inner": {"isSet": "true"}}', Outer(name="n", inner=Inner(is_set=True))),
        ('{"name": "n", "inner": {"isSet": "True"}}', Outer(name="n", inner=Inner(is_set=True))),
        ('{"name": "n", "inner": {"isSet": "false"}}', Outer(name="n")),
        ('{"name": "n", "inner": {"isSet": 1}}', Outer(name="n", inner=Inner(is_set=True))),
        ('{"name": "n", "other": {"isSet": 0}}', Outer(name="n", other=Inner())),
        ('{"name": "n", "names": ["a", 1]}', Outer(name="n", names=("a", "1"))),
        ('{"name": "n", "kind": "b"}', Outer(name="n", kind="b")),
        ('{"name": "n", "free": {"a": [1]}}', Outer(name="n", free={"a": [1]})),
    ],
)
def test_what_a_java_server_reads_is_read(text: str, expected: Outer) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        ("{}", ["name: The field cannot be left blank"]),
        ('{"name": null}', ["name: The field cannot be left blank"]),
        ('{"name": ["n"]}', ["name: The field must be text"]),
        ('{"name": "n", "count": "x"}', ["count: The field must be a number"]),
        ('{"name": "n", "count": true}', ["count: The field must be a number"]),
        ('{"name": "n", "inner": []}', ["inner: The field must be an object"]),
        ('{"name": "n", "inner": ""}', ["inner: The field must be an object"]),
        ('{"name": "n", "names": "a"}', ["names: The field must be a list"]),
        ('{"name": "n", "names": [{}]}', ["names: The field must be text"]),
        ('{"name": "n", "kind": "c"}', ["kind: The field must be one of a, b"]),
        ('{"name": "n", "kind": []}', ["kind: The field must be one of a, b"]),
        ('{"name": "n", "free": 1}', ["free: The field must be an object"]),
        (
            '{"inner": {"isSet": "maybe"}, "other": {"isSet": {}}}',
            [
                "name: The field cannot be left blank",
                "inner.isSet: The field must be true or false",
                "other.isSet: The field must be true or false",
            ],
        ),
    ],
)
def test_every_field_that_does_not_fit_has_a_cause(text: str, causes: list[str]) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        _read(text)
    assert list(refusal.value.causes) == causes
    assert refusal.value.summary == f"Api validation failed: {causes[0].partition(':')[0]}"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"n"', '{"name": 1e999}', "{}{}"])
def test_what_is_no_object_is_malformed(text: str) -> None:
    with pytest.raises(MalformedBody) as refusal:
        _read(text)
    assert refusal.value.summary == "The request body was not well-formed."
    assert refusal.value.causes == ()


# Every JSON body on Okta's own paths.

PATHS = [
    "/api/v1/authn",
    "/api/v1/authn/introspect",
    "/api/v1/authn/credentials/change_password",
    "/api/v1/authn/recovery/password",
    "/api/v1/authn/recovery/token",
    "/api/v1/authn/factors",
    "/api/v1/authn/consent",
    "/api/v1/sessions",
    "/api/v1/registration/{policy}/register",
    "/oauth2/v1/global-token-revocation",
]
WRONG = {
    "username": [],
    "password": {},
    "options": "text",
    "profile": [],
    "consent": 1,
    "stateToken": [],
    "recoveryToken": {},
    "sessionToken": {},
    "userProfile": [],
    "sub_id": "text",
}


@pytest.fixture
def config() -> Config:
    seed = {"registration": {}, "api_tokens": [{"token": API_TOKEN}]}
    given = msgspec.convert(seed, type(SEED))
    return Config(
        seed=msgspec.structs.replace(
            SEED, registration=given.registration, api_tokens=given.api_tokens
        )
    )


async def _post(visitor: Visitor, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    form = (await visitor.ask("GET", "/api/v1/registration/form")).json()
    headers = {"Content-Type": "application/json", "Authorization": f"SSWS {API_TOKEN}"}
    answer = await visitor.ask(
        "POST", path.replace("{policy}", form["policyId"]), data=body, headers=headers
    )
    return answer.status, answer.json()


@pytest.mark.parametrize("path", PATHS)
async def test_every_body_is_refused_in_oktas_words(visitor: Visitor, path: str) -> None:
    status, error = await _post(visitor, path, msgspec.json.encode(WRONG))
    assert (status, error["errorCode"]) == (400, "E0000001")
    causes = [cause["errorSummary"] for cause in error["errorCauses"]]
    assert causes
    assert all(": The field must be " in cause for cause in causes)
    for body in (b"", b"{", b"[]", b"null"):
        status, error = await _post(visitor, path, body)
        assert (status, error["errorCode"], error["errorCauses"]) == (400, "E0000003", [])
        assert error["errorSummary"] == MalformedBody.summary


async def test_options_may_be_text_or_null(visitor: Visitor) -> None:
    for options in ({"warnBeforePasswordExpired": "true"}, {"multiOptionalFactorEnroll": 0}, None):
        body = {"username": LOGIN, "password": PASSWORD, "options": options, "context": None}
        status, state = await _post(visitor, "/api/v1/authn", msgspec.json.encode(body))
        assert (status, state["status"]) == (200, "SUCCESS")


async def test_a_subject_s_member_may_be_null(visitor: Visitor) -> None:
    users = (await visitor.ask("GET", "/_mock/org")).json()["users"]
    subject = {"format": "opaque", "id": users[0]["id"], "iss": None, "sub": None}
    headers = {"Authorization": f"SSWS {API_TOKEN}"}
    path = "/oauth2/v1/global-token-revocation"
    answer = await visitor.ask("POST", path, json={"sub_id": subject}, headers=headers)
    assert answer.status == 204


@pytest.mark.parametrize(
    ("name", "expected"),
    [("email", "email"), ("phone_number", "phoneNumber"), ("a_b_c", "aBC")],
)
def test_a_members_name_on_the_wire_is_in_camel_case(name: str, expected: str) -> None:
    assert wire_name(name) == expected
