"""People who make themselves users: the form, and its being sent: facts/classic D."""

import asyncio
from typing import Any

import pytest

from mock_okta import (
    Complexity,
    Config,
    RegistrationField,
    Seed,
    SeedClient,
    SeedPasswordPolicy,
    SeedRegistration,
    SeedUser,
)
from tests.authn.signing import AUTHN, LOGIN, PASSWORD, Signing, error_of
from tests.visiting import Answer, Visitor

FORM = "/api/v1/registration/form"
NEW_LOGIN = "new@example.com"
GOOD = {"email": NEW_LOGIN, "password": "Fresh-Pass-1", "firstName": "New", "lastName": "User"}
APP, OTHER = "http://localhost:3000", "http://localhost:4000"


def _config(*policies: SeedPasswordPolicy, **registration: Any) -> Config:
    return Config(
        seed=Seed(
            users=(SeedUser(login=LOGIN, password=PASSWORD),),
            clients=(SeedClient(name="App", type="spa", base_uris=(APP,)),),
            password_policies=policies,
            registration=SeedRegistration(**registration),
        )
    )


@pytest.fixture
def config() -> Config:
    """Override: an org where people register, and are signed in at once."""
    return _config()


async def _form(visitor: Visitor) -> dict[str, Any]:
    answer = await visitor.ask("GET", FORM)
    assert answer.status == 200
    body: dict[str, Any] = answer.json()
    return body


async def _register(signing: Signing, change: dict[str, Any] | None = None) -> Answer:
    """Send the form filled in, but for the change; None leaves a field out."""
    policy_id = (await _form(signing.visitor))["policyId"]
    filled = {**GOOD, **(change or {})}
    profile = {name: value for name, value in filled.items() if value is not None}
    return await signing.post(f"/api/v1/registration/{policy_id}/register", userProfile=profile)


async def test_the_form_is_a_schema_with_order_and_checks(visitor: Visitor) -> None:
    form = await _form(visitor)
    assert list(form) == ["policyId", "lastUpdate", "profileSchema"]
    assert form["policyId"].startswith("reg")
    schema = form["profileSchema"]
    assert schema["required"] == ["email", "password", "firstName", "lastName"]
    assert schema["fieldOrder"] == ["email", "password", "firstName", "lastName"]
    assert schema["properties"] == {
        "firstName": {"type": "string", "title": "First name", "minLength": 1, "maxLength": 50},
        "lastName": {"type": "string", "title": "Last name", "minLength": 1, "maxLength": 50},
        "password": {
            "type": "string",
            "title": "Password",
            "allOf": [
                {"description": "At least 8 character(s)", "minLength": 8},
                {"description": "At least 1 number(s)", "format": "/[\\d]+/"},
                {"description": "At least 1 lowercase letter(s)", "format": "/[a-z]+/"},
                {"description": "At least 1 uppercase letter(s)", "format": "/[A-Z]+/"},
                {"description": "Does not contain part of username", "format": "/^[#/userName]/"},
            ],
        },
        "email": {"type": "email", "title": "Email", "format": "email"},
    }


STRICT = SeedPasswordPolicy(
    complexity=Complexity(
        min_length=12,
        min_number=0,
        min_lower_case=0,
        min_upper_case=0,
        min_symbol=1,
        exclude_username=False,
        exclude_attributes=("lastName",),
    )
)
NICKNAME = RegistrationField(name="nickName", title="Nickname", required=False)


@pytest.mark.parametrize("config", [_config(STRICT, fields=(NICKNAME,))], ids=["other form"])
async def test_the_form_follows_seed_and_password_policy(visitor: Visitor) -> None:
    schema = (await _form(visitor))["profileSchema"]
    assert schema["fieldOrder"] == ["email", "password", "nickName"]
    assert schema["required"] == ["email", "password"]
    described = [check["description"] for check in schema["properties"]["password"]["allOf"]]
    assert described == [
        "At least 12 character(s)",
        "At least 1 symbol(s)",
        "Does not contain 'Last name'",
    ]


async def test_who_registers_signs_in_by_the_token_and_then_by_password(signing: Signing) -> None:
    answer = await _register(signing)
    assert (answer.status, list(answer.json())) == (200, ["activationToken"])
    token = answer.json()["activationToken"]
    success = (await signing.post(AUTHN, token=token)).json()
    assert (success["status"], "sessionToken" in success) == ("SUCCESS", True)
    profile = success["_embedded"]["user"]["profile"]
    assert (profile["login"], profile["firstName"]) == (NEW_LOGIN, "New")
    assert error_of(await signing.post(AUTHN, token=token)) == (401, "E0000004", [])
    assert (await signing.sign_in(NEW_LOGIN, GOOD["password"])).status == 200
    assert await signing.outbox() == []


@pytest.mark.parametrize("config", [_config(activation_email=True)], ids=["by e-mail"])
async def test_who_has_to_prove_the_address_is_sent_a_link(signing: Signing) -> None:
    answer = await _register(signing)
    assert (answer.status, answer.json()) == (200, {"activationToken": None})
    assert error_of(await signing.sign_in(NEW_LOGIN, GOOD["password"])) == (401, "E0000004", [])
    (message,) = await signing.outbox()
    assert (message["to"], message["template"]) == (NEW_LOGIN, "activation")
    assert (await signing.post(AUTHN, token=await signing.token())).json()["status"] == "SUCCESS"
    assert (await signing.sign_in(NEW_LOGIN, GOOD["password"])).status == 200


async def test_an_address_may_be_at_a_host_without_a_dot(signing: Signing) -> None:
    assert (await _register(signing, {"email": "new@localhost"})).status == 200


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"email": "no address"}, "email: Does not match required pattern"),
        ({"email": None}, "email: The field cannot be left blank"),
        ({"email": ""}, "email: The field cannot be left blank"),
        ({"password": None}, "password: The field cannot be left blank"),
        ({"firstName": ""}, "firstName: The field cannot be left blank"),
        ({"lastName": [1]}, "lastName: The field must be text"),
        ({"lastName": "a" * 51}, "lastName: The field must have at most 50 characters"),
        (
            {"password": "weak"},
            (
                "password: Password requirements were not met. Password requirements: "
                "at least 8 characters, a lowercase letter, an uppercase letter, a number, "
                "no parts of your username."
            ),
        ),
    ],
)
async def test_a_form_that_is_not_filled_in_right_names_the_field(
    signing: Signing, change: dict[str, Any], cause: str
) -> None:
    assert error_of(await _register(signing, change)) == (400, "E0000001", [cause])
    users = (await signing.visitor.ask("GET", "/_mock/org")).json()["users"]
    assert [user["login"] for user in users] == [LOGIN]


@pytest.mark.parametrize("attribute", ["groups", "login", "favouriteTeam"])
async def test_an_attribute_that_the_form_lacks_is_refused_in_oktas_words(
    signing: Signing, attribute: str, caplog: pytest.LogCaptureFixture
) -> None:
    """As a real org was seen to answer (okta/samples-js-react, issue 109)."""
    caplog.set_level("INFO", "mock_okta")
    refused = await _register(signing, {attribute: "other@example.com"})
    assert (refused.status, refused.json()["errorCode"]) == (400, "E0000001")
    assert refused.json()["errorSummary"] == "Api validation failed: null"
    assert refused.json()["errorCauses"] == [
        {
            "domain": "registration request",
            "errorSummary": "Registration cannot be completed at this time",
            "reason": "UNKNOWN",
        }
    ]
    assert f"the form has no field '{attribute}': see registration.fields" in caplog.text
    users = (await signing.visitor.ask("GET", "/_mock/org")).json()["users"]
    assert [user["login"] for user in users] == [LOGIN]


async def test_scalars_stand_for_text_and_null_for_what_is_left_out(signing: Signing) -> None:
    change = {"firstName": 7, "lastName": True}
    policy_id = (await _form(signing.visitor))["policyId"]
    profile = {**GOOD, **change, "favouriteTeam": None}
    path = f"/api/v1/registration/{policy_id}/register"
    token = (await signing.post(path, userProfile=profile, relayState=None)).json()
    success = (await signing.post(AUTHN, token=token["activationToken"])).json()
    shown = success["_embedded"]["user"]["profile"]
    assert (shown["firstName"], shown["lastName"]) == ("7", "true")


def _taken(title: str) -> dict[str, str]:
    return {
        "domain": "registration request",
        "errorSummary": f"A user with this {title} already exists",
        "location": title,
        "locationType": "body",
        "reason": "UNIQUE_CONSTRAINT",
    }


async def test_a_login_that_somebody_has_is_reported_in_the_forms_own_words(
    signing: Signing,
) -> None:
    refused = await _register(signing, {"email": LOGIN.upper()})
    assert (refused.status, refused.json()["errorCode"]) == (400, "E0000001")
    assert refused.json()["errorSummary"] == "Api validation failed: null"
    assert refused.json()["errorCauses"] == [_taken("Email")]
    users = (await signing.visitor.ask("GET", "/_mock/org")).json()["users"]
    assert [user["login"] for user in users] == [LOGIN]


LOGIN_FIELD = RegistrationField(name="login", title="Username")


@pytest.mark.parametrize("config", [_config(fields=(LOGIN_FIELD,))], ids=["login field"])
async def test_the_login_may_be_a_field_of_its_own(signing: Signing) -> None:
    names = {"firstName": None, "lastName": None}
    bad = await _register(signing, {**names, "login": "no address"})
    assert error_of(bad)[2] == ["login: Username must be in the form of an email address"]
    taken = await _register(signing, {**names, "login": LOGIN})
    assert taken.json()["errorCauses"] == [_taken("Username")]
    good = await _register(signing, {**names, "login": "chosen@example.com"})
    assert good.status == 200
    assert (await signing.sign_in("chosen@example.com", GOOD["password"])).status == 200
    assert (await signing.sign_in(NEW_LOGIN, GOOD["password"])).status == 401


@pytest.mark.parametrize("body", [{}, {"userProfile": None}, {"userProfile": "a"}])
async def test_a_body_without_a_profile_is_refused(signing: Signing, body: dict[str, Any]) -> None:
    policy_id = (await _form(signing.visitor))["policyId"]
    answer = await signing.post(f"/api/v1/registration/{policy_id}/register", **body)
    assert error_of(answer)[:2] == (400, "E0000001")


async def test_of_many_who_want_one_login_one_gets_it(signing: Signing) -> None:
    answers = await asyncio.gather(*(_register(signing) for _ in range(16)))
    assert sorted(answer.status for answer in answers) == [200, *(15 * [400])]


async def test_another_policy_is_not_found(signing: Signing) -> None:
    answer = await signing.post("/api/v1/registration/regNone/register", userProfile=GOOD)
    assert error_of(answer)[:2] == (404, "E0000007")


CLOSED = (Config(seed=Seed()), _config(enabled=False))


@pytest.mark.parametrize("config", CLOSED, ids=["nothing said", "disabled"])
async def test_nobody_registers_where_the_seed_does_not_say_so(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", FORM)
    assert error_of(answer)[:2] == (404, "E0000007")


async def test_registration_is_closed_and_opened_by_seeds(visitor: Visitor) -> None:
    for enabled, status in ((False, 404), (True, 200)):
        document = {"registration": {"enabled": enabled}}
        await visitor.ask("PUT", "/_mock/seed", json=document)
        assert (await visitor.ask("GET", FORM)).status == status


async def test_who_registers_is_in_the_groups_of_the_policy(visitor: Visitor) -> None:
    document = {"registration": {"default_groups": ["Everyone", "Newcomers"]}}
    strict = {"name": "Newcomers", "groups": ["Newcomers"], "complexity": {"min_length": 20}}
    await visitor.ask("PUT", "/_mock/seed", json={**document, "password_policies": [strict]})
    answer = await _register(Signing(visitor))
    assert "at least 20 characters" in error_of(answer)[2][0]


@pytest.mark.parametrize(("origin", "allowed"), [(APP, APP), (OTHER, None)])
async def test_pages_of_trusted_origins_register_people_without_cookies(
    visitor: Visitor, origin: str, allowed: str | None
) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-okta-xsrftoken",
    }
    policy_id = (await _form(visitor))["policyId"]
    path = f"/api/v1/registration/{policy_id}/register"
    preflight = await visitor.ask("OPTIONS", path, headers=asked)
    shown = await visitor.ask("GET", FORM, headers={"Origin": origin})
    for answer in (preflight, shown):
        assert answer.headers.get("Access-Control-Allow-Origin") == allowed
        assert "Access-Control-Allow-Credentials" not in answer.headers
    if allowed is not None:
        assert "x-okta-xsrftoken" in preflight.headers["Access-Control-Allow-Headers"]
