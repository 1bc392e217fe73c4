"""Builders say what they were told, and nothing changes under one's hands."""

import pytest

from mock_okta_harness.builders import a_user, an_app
from mock_okta_harness.control import seed_document


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


def test_a_builder_stays_as_it_was() -> None:
    root = an_app().at("http://localhost:3000")
    root.at("http://localhost:4000").web()
    assert root == an_app().at("http://localhost:3000")


def test_parts_of_a_seed_are_joined_in_order() -> None:
    joined = seed_document(a_user("a@example.com"), {"users": [{"login": "b"}]}, an_app("My app"))
    assert [user["login"] for user in joined["users"]] == ["a@example.com", "b"]
    assert [client["name"] for client in joined["clients"]] == ["My app"]
