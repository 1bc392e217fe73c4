"""`GET /_mock/seed`: the running org as a seed, with which another org is the same."""

from typing import Any

import pytest
import yaml

from mock_okta import Config, KeyPool, MockOkta, Seed
from mock_okta.model.seed import default_seed, parse_seed
from tests.visiting import LOGIN, SEED, SPA, Visitor

RICH: dict[str, Any] = {
    "org": {"name": "Rich"},
    "users": [
        {
            "login": "a@example.com",
            "password": "mock-Password-1",
            "status": "SUSPENDED",
            "groups": ["Everyone", "Admins"],
            "profile": {"firstName": "A"},
            "factors": [
                {"factor": "okta_sms", "phone_number": "+15550100123"},
                {"factor": "google_otp"},
                {"factor": "okta_push", "number_challenge": True},
                {"factor": "okta_question", "question": "disliked_food", "answer": "kale"},
                {"factor": "okta_email"},
            ],
            "password_age_days": 3,
        },
        {"login": "b@example.com", "status": "STAGED"},
    ],
    "clients": [
        {
            "name": "Web",
            "type": "web",
            "base_uris": ["http://localhost:3000"],
            "login_redirect_uris": ["http://localhost:3000/cb"],
            "consent_method": "REQUIRED",
            "assigned_users": ["a@example.com"],
            "assigned_groups": ["Admins"],
            "authentication_policy": "Strong",
            "pkce_required": True,
        },
        {"name": "Service", "type": "service", "okta_scopes": ["okta.users.read"]},
    ],
    "authorization_servers": [
        {
            "id": "orders",
            "audiences": ["api://orders"],
            "scopes": [{"name": "orders.read", "consent": "REQUIRED"}],
            "claims": [{"name": "tier", "token": "access_token", "value": "gold"}],
            "policies": [
                {
                    "name": "P",
                    "rules": [
                        {
                            "name": "R",
                            "users": ["a@example.com"],
                            "groups": ["Admins"],
                            "access_token_lifetime_minutes": 7,
                            "refresh_token_lifetime_minutes": 600,
                        }
                    ],
                }
            ],
        }
    ],
    "trusted_origins": ["http://localhost:4000"],
    "api_tokens": [{"token": "t1", "user": "a@example.com"}],
    "rate_limits": [{"path": "/api/v1/authn", "limit": 5}],
    "password_policies": [{"name": "Own", "groups": ["Admins"], "lockout": {"max_attempts": 3}}],
    "sign_on_policies": [{"rules": [{"require_factor": True, "max_session_idle_minutes": 5}]}],
    "enrollment_policies": [{"name": "Enroll", "optional": ["okta_sms"]}],
    "authentication_policies": [
        {"name": "Strong", "rules": [{"factor_mode": "2FA", "reauthenticate_in": "PT7200S"}]}
    ],
    "authenticators": [{"key": "okta_email", "settings": {"allowed_for": "any"}}],
    "registration": {"default_groups": ["Admins"]},
    "profile_enrollment": {"profile_attributes": [{"name": "city"}]},
    "identity_providers": [{"name": "Corp", "type": "SAML2"}],
    "routing_rules": [{"idp": "Corp", "domains": ["corp.example"]}],
}


async def _export(visitor: Visitor) -> Any:
    answer = await visitor.ask("GET", "/_mock/seed")
    assert answer.status == 200, answer.text
    return answer.json()


async def _export_of(seed: Seed, pool: KeyPool, visitor: Visitor) -> Any:
    async with MockOkta(Config(seed=seed), key_pool=pool) as org:
        return await _export(Visitor(org, visitor.http))


@pytest.mark.parametrize("seed", [Seed(), SEED, parse_seed(RICH)], ids=["default", "test", "rich"])
async def test_an_org_made_of_the_export_has_the_same_export(
    seed: Seed, shared_pool: KeyPool, visitor: Visitor
) -> None:
    first = await _export_of(seed, shared_pool, visitor)
    again = parse_seed(first)
    assert await _export_of(again, shared_pool, visitor) == first
    assert {each.login for each in again.users} == {each.login for each in seed.users}


async def test_it_says_what_the_seed_said(shared_pool: KeyPool, visitor: Visitor) -> None:
    found = await _export_of(parse_seed(RICH), shared_pool, visitor)
    user, given = found["users"][0], RICH["users"][0]
    for name in ("login", "password", "status", "groups", "profile", "password_age_days"):
        assert user[name] == given[name], name
    assert [each["factor"] for each in user["factors"]] == [e["factor"] for e in given["factors"]]
    assert found["authorization_servers"] == RICH["authorization_servers"]
    for name in ("password_policies", "enrollment_policies", "authentication_policies"):
        assert found[name] == RICH[name], name
    assert found["clients"][0]["assigned_groups"] == ["Admins"]
    assert found["clients"][0]["authentication_policy"] == "Strong"


@pytest.mark.parametrize("config", [Config()])
async def test_another_default_org_has_the_same_servers_and_clients(visitor: Visitor) -> None:
    again, first = parse_seed(await _export(visitor)), default_seed()
    assert again.authorization_servers == first.authorization_servers
    assert [each.login_redirect_uris for each in again.clients] == [
        each.login_redirect_uris for each in first.clients
    ]


async def test_it_can_be_had_as_yaml(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", "/_mock/seed?format=yaml")
    assert answer.headers["Content-Type"].startswith("application/yaml")
    assert yaml.safe_load(answer.text) == await _export(visitor)
    assert (await visitor.ask("GET", "/_mock/seed?format=xml")).status == 400


async def test_it_has_what_was_added_to_the_running_org(visitor: Visitor) -> None:
    added = {"users": [{"login": "new@example.com", "password": "x"}]}
    assert (await visitor.ask("PUT", "/_mock/seed", json=added)).status == 200
    assert "new@example.com" in {each["login"] for each in (await _export(visitor))["users"]}


async def test_names_of_what_was_removed_are_left_out(visitor: Visitor) -> None:
    policy = {"clients": [SPA], "rules": [{"users": [LOGIN]}]}
    added = {"authorization_servers": [{"id": "x", "policies": [policy]}]}
    assert (await visitor.ask("PUT", "/_mock/seed", json=added)).status == 200
    await visitor.ask("DELETE", f"/_mock/clients/{SPA}")
    await visitor.ask("DELETE", f"/_mock/users/{LOGIN}")
    found = await _export(visitor)
    (server,) = [each for each in found["authorization_servers"] if each["id"] == "x"]
    assert server["policies"][0]["clients"] == []
    parse_seed(found)
