"""Which claims a profile gives, by scope: plain calls (facts/oauth F.5)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mock_okta.model.authorization_servers import AuthorizationServer, Claim, GroupsFilter
from mock_okta.model.directory import User
from mock_okta.services.tokens.claims import CLAIMS, custom_claims, user_claims

LAST_UPDATE = datetime(2031, 1, 1, tzinfo=UTC)


def a_user(**profile: Any) -> User:
    return User(
        id="00u1",
        login="tester@example.com",
        password="mock-Password-1",
        profile=profile,
        group_ids=(),
        created_at=LAST_UPDATE,
        last_updated_at=LAST_UPDATE,
        password_changed_at=LAST_UPDATE,
    )


@pytest.mark.parametrize(
    ("profile", "scope", "claims"),
    [
        ({}, "email", {}),
        ({"email": "a@b.c"}, "email", {"email": "a@b.c", "email_verified": True}),
        ({"primaryPhone": "+1"}, "phone", {"phone_number": "+1"}),
        ({}, "phone", {}),
        ({"city": "Testville"}, "address", {"address": {"locality": "Testville"}}),
        ({"city": ""}, "address", {}),
        (
            {"streetAddress": "1", "city": "2", "state": "3", "zipCode": "4", "countryCode": "5"},
            "address",
            {
                "address": {
                    "street_address": "1",
                    "locality": "2",
                    "region": "3",
                    "postal_code": "4",
                    "country": "5",
                }
            },
        ),
        ({"email": "a@b.c"}, "openid", {}),
    ],
)
def test_a_scope_brings_what_the_profile_has(
    profile: dict[str, Any], scope: str, claims: dict[str, Any]
) -> None:
    assert user_claims(a_user(**profile), {scope}) == claims


@pytest.mark.parametrize(
    ("attribute", "value", "claim", "expected"),
    [
        ("firstName", "Test", "given_name", "Test"),
        ("middleName", "M", "middle_name", "M"),
        ("lastName", "User", "family_name", "User"),
        ("nickName", "T", "nickname", "T"),
        ("profileUrl", "https://example.com", "profile", "https://example.com"),
        ("locale", "en_US", "locale", "en-US"),
        ("timezone", "Europe/Berlin", "zoneinfo", "Europe/Berlin"),
    ],
)
def test_the_scope_profile_renames_okta_s_attributes(
    attribute: str, value: str, claim: str, expected: str
) -> None:
    assert user_claims(a_user(**{attribute: value}), {"profile"})[claim] == expected


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ({"firstName": "Test", "lastName": "User"}, "Test User"),
        ({"firstName": "Test"}, "Test"),
        ({"lastName": "User"}, "User"),
        ({"displayName": "Tester"}, "Tester"),
        ({}, None),
    ],
)
def test_the_name_is_made_of_what_there_is(profile: dict[str, str], name: str | None) -> None:
    assert user_claims(a_user(**profile), {"profile"}).get("name") == name


def test_every_user_has_a_user_name_and_a_last_update() -> None:
    assert user_claims(a_user(), {"profile"}) == {
        "preferred_username": "tester@example.com",
        "updated_at": int(LAST_UPDATE.timestamp()),
    }


def test_every_claim_belongs_to_one_of_oidc_s_scopes() -> None:
    assert {scope for scope, _ in CLAIMS.values()} == {"profile", "email", "address", "phone"}


def server_with(*claims: Claim) -> AuthorizationServer:
    return AuthorizationServer(
        id="default", name="default", issuer="i", audience="a", scopes={}, claims=claims
    )


@pytest.mark.parametrize(
    ("kind", "pattern", "groups"),
    [
        ("starts_with", "Dev", ["Dev", "DevOps"]),
        ("equals", "Dev", ["Dev"]),
        ("contains", "ev", ["Dev", "DevOps"]),
        ("matches", ".*ev", ["Dev"]),
        ("matches", "(?i)e.*", ["Everyone", "Everest"]),
        ("equals", "Nobody", []),
    ],
)
def test_groups_are_filtered(kind: Any, pattern: str, groups: list[str]) -> None:
    claim = Claim(name="groups", token="id_token", groups=GroupsFilter(**{kind: pattern}))
    names = ("Everyone", "Dev", "DevOps", "Everest")
    server = server_with(claim)
    found = custom_claims(server, "id_token", a_user(), (), thin=False, groups=names)
    assert found["groups"] == groups


@pytest.mark.parametrize("value", [0, False, "", [], {}, 1.5, [1, {"a": None}]])
def test_a_static_value_may_be_any_json_but_null(value: Any) -> None:
    claim = Claim(name="own", token="access_token", value=value)
    found = custom_claims(server_with(claim), "access_token", None, (), thin=False)
    assert found == {"own": value}


@pytest.mark.parametrize(
    ("asked", "present"),
    [((), False), (("other",), False), (("one",), True), (("other", "two"), True)],
)
def test_any_of_a_claim_s_scopes_brings_it(*, asked: tuple[str, ...], present: bool) -> None:
    claim = Claim(name="own", token="access_token", value=1, scopes=("one", "two"))
    found = custom_claims(server_with(claim), "access_token", None, asked, thin=False)
    assert ("own" in found) is present


def test_a_claim_is_in_its_own_kind_of_token_alone() -> None:
    claim = Claim(name="own", token="access_token", value=1)
    assert custom_claims(server_with(claim), "id_token", a_user(), (), thin=False) == {}
