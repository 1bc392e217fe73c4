"""Builders contain what was set, and never change."""

import msgspec
import pytest

from mock_okta import Seed
from mock_okta_harness.builders import UserBuilder, a_user, an_app
from mock_okta_harness.control import Control, seed_document


def test_a_user_has_all_that_an_org_needs_to_know() -> None:
    assert a_user("ann@example.com").seed_document() == {
        "users": [
            {
                "login": "ann@example.com",
                "password": "mock-Password-1",
                "profile": {"firstName": "Test", "lastName": "User", "email": "ann@example.com"},
                "groups": ["Everyone"],
            }
        ]
    }


def test_a_user_is_what_its_methods_say() -> None:
    user = a_user().with_password("another-1").named("First", "Last").in_groups("Admins")
    document = user.with_profile(department="Sales").seed_document()["users"][0]
    assert document["password"] == "another-1"
    assert document["profile"]["firstName"] == "First"
    assert document["profile"]["department"] == "Sales"
    assert document["groups"] == ["Everyone", "Admins"]


@pytest.mark.parametrize("kind", ["spa", "web", "native", "service"])
def test_an_app_is_of_the_asked_type(kind: str) -> None:
    app = getattr(an_app("My app"), kind)()
    assert app.seed_document() == {"clients": [{"name": "My app", "type": kind}]}


def test_an_app_gathers_its_addresses() -> None:
    app = an_app().at("http://localhost:3000").redirecting_to("http://localhost:3000/callback")
    app = app.redirecting_to("http://localhost:3000/").signing_out_to("http://localhost:3000/")
    client = app.granted("implicit").with_client_id("0oa1").seed_document()["clients"][0]
    assert client["base_uris"] == ["http://localhost:3000"]
    assert client["login_redirect_uris"] == [
        "http://localhost:3000/callback",
        "http://localhost:3000/",
    ]
    assert client["logout_redirect_uris"] == ["http://localhost:3000/"]
    assert client["grant_types"] == ["implicit"]
    assert client["client_id"] == "0oa1"


def test_an_app_signs_users_in_on_its_own_page() -> None:
    plain = an_app().with_interaction_code().seed_document()["clients"][0]
    assert plain["grant_types"] == ["authorization_code", "refresh_token", "interaction_code"]
    named = an_app().granted("implicit").with_interaction_code().seed_document()["clients"][0]
    assert named["grant_types"] == ["implicit", "interaction_code"]


def test_an_app_says_whom_it_lets_in_and_how() -> None:
    app = an_app().assigned_to("ann@example.com").assigned_to("second@example.com")
    app = app.assigned_to_groups("Admins").requiring_consent().requiring_factor()
    client = app.seed_document()["clients"][0]
    assert client["assigned_users"] == ["ann@example.com", "second@example.com"]
    assert client["assigned_groups"] == ["Admins"]
    assert client["consent_method"] == "REQUIRED"
    assert client["requires_factor"] is True


def test_all_that_builders_say_is_taken_by_an_org(okta_control: Control) -> None:
    users = [
        a_user("locked@example.com").locked_out(),
        a_user("suspended@example.com").suspended(),
        a_user("gone@example.com").deactivated(),
        a_user("expired@example.com").with_expired_password(),
        a_user("old@example.com").with_password_age(89.5),
        a_user("new@example.com").staged(),
        a_user("asked@example.com").with_recovery_question("Which food?", "Soup"),
        a_user("factors@example.com")
        .with_factor("okta_sms", phone_number="+1 555 0100")
        .with_factor("okta_question", question="disliked_food", answer="Soup")
        .with_factor("google_otp", secret="ABCDEFGHIJKLMNOPQRSTUVWX"),
    ]
    apps = [
        an_app("Page").spa().at("http://localhost:3000").granted("authorization_code"),
        an_app("Site").web().redirecting_to("http://localhost:3000/a").requiring_consent(),
        an_app("Phone").native().requiring_factor().signing_out_to("http://localhost:3000/"),
        an_app("Job").service().with_client_secret("a-secret").assigned_to_groups("Everyone"),
    ]
    seeded = okta_control.seed(*users, *apps)
    assert [user.login for user in seeded.users] == [user.login for user in users]
    assert [client.name for client in seeded.clients] == [app.name for app in apps]


def test_a_builder_stays_as_it_was() -> None:
    root = an_app().at("http://localhost:3000")
    root.at("http://localhost:4000").web()
    assert root == an_app().at("http://localhost:3000")


def test_parts_of_a_seed_are_joined_in_order() -> None:
    joined = seed_document(a_user("a@example.com"), {"users": [{"login": "b"}]}, an_app("My app"))
    assert [user["login"] for user in joined["users"]] == ["a@example.com", "b"]
    assert [client["name"] for client in joined["clients"]] == ["My app"]


@pytest.mark.parametrize(
    ("user", "fields"),
    [
        (a_user().locked_out(), {"status": "LOCKED_OUT"}),
        (a_user().suspended(), {"status": "SUSPENDED"}),
        (a_user().deactivated(), {"status": "DEPROVISIONED"}),
        (a_user().with_expired_password(), {"status": "PASSWORD_EXPIRED"}),
        (a_user().with_password_age(80), {"password_age_days": 80}),
        (a_user().staged(), {"status": "STAGED", "password": ""}),
        (
            a_user().with_recovery_question("What?", "That"),
            {"recovery_question": {"question": "What?", "answer": "That"}},
        ),
        (
            a_user().with_factor("okta_sms", phone_number="+14155550100").with_factor("okta_otp"),
            {
                "factors": [
                    {"factor": "okta_sms", "phone_number": "+14155550100"},
                    {"factor": "okta_otp"},
                ]
            },
        ),
    ],
)
def test_a_user_has_a_life(user: UserBuilder, fields: dict[str, object]) -> None:
    document = user.seed_document()
    assert {name: document["users"][0][name] for name in fields} == fields
    msgspec.convert(document, Seed)
