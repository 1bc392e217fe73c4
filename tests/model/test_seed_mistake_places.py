"""Each mistake in a seed is reported with its place, and with what was expected there."""

import re
from pathlib import Path

import pytest

from mock_okta import SeedError
from mock_okta.model.seed import read_seed

USER = "users:\n- {login: a@example.com, password: x, profile: {%s}}"
CLIENT = "clients:\n- {name: A, %s}"
SERVER = "authorization_servers:\n- {id: a, %s}"


@pytest.mark.parametrize(
    ("text", "path", "expectation"),
    [
        ("- a", "", "Expected `object`, got `array`"),
        ("hello", "", "Expected `object`, got `str`"),
        ("people: []", "", "unknown field `people`"),
        ("1: 2", "", "unknown field `1`"),
        ("org: {colour: red}", "org: ", "unknown field `colour`"),
        ("users: {}", "users: ", "Expected `array`, got `object`"),
        ("users: [{login: a}]", "users[0]: ", "'password' must not be empty"),
        ("users: [{password: a}]", "users[0]: ", "missing required field `login`"),
        ("users: [{login: a, password: 12345}]", "users[0].password: ", "Expected `str`"),
        ("users: [{login: '', password: a}]", "users[0]: ", "'login' must not be empty"),
        ("users: [{login: a, password: ''}]", "users[0]: ", "'password' must not be empty"),
        ("users: [{login: a, password: b, mail: c}]", "users[0]: ", "unknown field `mail`"),
        ("users: [{login: a, password: b, groups: all}]", "users[0].groups: ", "Expected `array`"),
        (USER % "login: b@example.com", "users[0]: ", "'profile.login'"),
        (USER % "firstName: 1", "users[0]: ", "'profile.firstName' must be text"),
        (USER % "1: 2", "users[0].profile: ", "a key is wrong: Expected `str`, got `int`"),
        (
            "users: [{login: a, password: b}, {login: A, password: c}]",
            "users[1]: ",
            "'login' 'a' is given twice",
        ),
        (
            "users: [{login: a, password: b, id: x}, {login: c, password: d, id: x}]",
            "users[1]: ",
            "'id' 'x' is given twice",
        ),
        ("clients: [{name: A}]", "clients[0]: ", "missing required field `type`"),
        (
            CLIENT % "type: robot",
            "clients[0].type: ",
            "Invalid enum value 'robot', expected one of 'native', 'service', 'spa', 'web'",
        ),
        (
            "authorization_servers: [{id: a, policies: [{rules: [{grant_types: [all]}]}]}]",
            "authorization_servers[0].policies[0].rules[0].grant_types[0]: ",
            "expected one of 'authorization_code'",
        ),
        (CLIENT % "type: spa, client_secret: s", "clients[0]: ", "has no secret"),
        (CLIENT % "type: web, grant_types: [all]", "clients[0].grant_types[0]: ", "'all'"),
        (
            CLIENT % "type: service, grant_types: [implicit]",
            "clients[0]: ",
            "a service client cannot have the grant type 'implicit'",
        ),
        (
            CLIENT % "type: spa, grant_types: [client_credentials]",
            "clients[0]: ",
            "a spa client cannot have the grant type 'client_credentials'",
        ),
        (
            CLIENT % "type: web, token_endpoint_auth_method: none, "
            "grant_types: [client_credentials]",
            "clients[0]: ",
            "is for clients that authenticate themselves",
        ),
        (CLIENT % "type: spa, okta_scopes: [openid]", "clients[0]: ", "such as okta.users.read"),
        (CLIENT % "type: spa, pkce_required: false", "clients[0]: ", "always needs PKCE"),
        (
            CLIENT % "type: spa, refresh_token: {rotation_type: STATIC, leeway: 61}",
            "clients[0].refresh_token: ",
            "from 0 to 60 seconds",
        ),
        (
            CLIENT % "type: spa, groups_claim: {starts_with: a, equals: b}",
            "clients[0].groups_claim: ",
            "exactly one of 'starts_with', 'equals', 'contains', 'regex'",
        ),
        (
            CLIENT % "type: spa, groups_claim: {regex: '('}",
            "clients[0].groups_claim: ",
            "expected a regular expression",
        ),
        (
            CLIENT % "type: spa, initiate_login_uri: /login",
            "clients[0]: ",
            "initiate_login_uri: expected a URI such as",
        ),
        (CLIENT % "type: spa, logo_uri: 'data:,'", "clients[0]: ", "logo_uri: expected a URI"),
        (
            CLIENT % "type: spa, login_redirect_uris: ['https://*.a.test/']",
            "clients[0]: ",
            "needs wildcard_redirect 'SUBDOMAIN'",
        ),
        *(
            (
                CLIENT % f"type: spa, wildcard_redirect: SUBDOMAIN, login_redirect_uris: ['{uri}']",
                "clients[0]: ",
                "one '*' may be in the first label",
            )
            for uri in (
                "https://*.test/",
                "https://a.*.b.test/",
                "https://**.a.test/",
                "https://*.*.a.test/",
                "https://*@b.a.test/",
                "https://*/",
            )
        ),
        (
            "authorization_servers: [{id: a, trusted_assertion_issuers: [{issuer: b}]}]",
            "authorization_servers[0].trusted_assertion_issuers[0]: ",
            "exactly one of 'jwks', 'jwks_uri'",
        ),
        (
            "authorization_servers: [{id: a, trusted_servers: [org]}]",
            "authorization_servers[0]: ",
            "are custom ones",
        ),
        (
            CLIENT % "type: service, login_redirect_uris: ['http://localhost/a']",
            "clients[0]: ",
            "no redirect URIs",
        ),
        (
            CLIENT % "type: spa, login_redirect_uris: [/a]",
            "clients[0].login_redirect_uris[0]: ",
            "absolute URI",
        ),
        (
            CLIENT % "type: spa, login_redirect_uris: ['http://localhost/a#b']",
            "clients[0].login_redirect_uris[0]: ",
            "without a fragment",
        ),
        (
            CLIENT % 'type: spa, logout_redirect_uris: ["http://localhost/\\0"]',
            "clients[0].logout_redirect_uris[0]: ",
            "absolute URI",
        ),
        (
            CLIENT % "type: spa, base_uris: ['http://localhost/']",
            "clients[0].base_uris[0]: ",
            "(no path)",
        ),
        (
            "clients: [{name: A, type: spa}, {name: A, type: web}]",
            "clients[1]: ",
            "'name' 'A' is given twice",
        ),
        (
            "clients: [{name: A, type: spa, client_id: x}, {name: B, type: web, client_id: x}]",
            "clients[1]: ",
            "'client_id' 'x' is given twice",
        ),
        (
            "trusted_origins: ['*']",
            "trusted_origins[0]: ",
            "expected an origin such as http://localhost:3000",
        ),
        ("trusted_origins: ['http://LOCALHOST']", "trusted_origins[0]: ", "not 'http://LOCALHOST'"),
        (
            "trusted_origins: ['http://localhost:80']",
            "trusted_origins[0]: ",
            "not 'http://localhost:80'",
        ),
        (
            "trusted_origins: ['http://a@localhost']",
            "trusted_origins[0]: ",
            "not 'http://a@localhost'",
        ),
        (
            "trusted_origins: ['http://localhost:99999']",
            "trusted_origins[0]: ",
            "not 'http://localhost:99999'",
        ),
        ("trusted_origins: ['localhost:3000']", "trusted_origins[0]: ", "not 'localhost:3000'"),
        ("trusted_origins: [{origin: 'a.test'}]", "trusted_origins[0].origin: ", "not 'a.test'"),
        (
            "trusted_origins: [{origin: 'http://a.test', scopes: [FRAME]}]",
            "trusted_origins[0].scopes[0]: ",
            "expected one of 'CORS', 'IFRAME_EMBED', 'REDIRECT'",
        ),
        (
            "trusted_origins: [{origin: 'http://a.test', allowed_okta_apps: [OKTA_ENDUSER]}]",
            "trusted_origins[0]: ",
            "IFRAME_EMBED",
        ),
        ("authorization_servers: [{id: org}]", "authorization_servers[0]: ", "'org' names"),
        ("authorization_servers: [{id: a/b}]", "authorization_servers[0]: ", "letters, digits"),
        ("authorization_servers: [{id: ''}]", "authorization_servers[0]: ", "letters, digits"),
        (
            "authorization_servers: [{id: a}, {id: a}]",
            "authorization_servers[1]: ",
            "'id' 'a' is given twice",
        ),
        (SERVER % "audiences: []", "authorization_servers[0]: ", "exactly one audience"),
        (
            SERVER % "scopes: [{name: a b}]",
            "authorization_servers[0].scopes[0]: ",
            "'name' is one word",
        ),
        (
            SERVER % "scopes: [{name: a}, {name: a}]",
            "authorization_servers[0].scopes[1]: ",
            "'name' 'a' is given twice",
        ),
        (
            SERVER % "claims: [{name: a, token: id_token}]",
            "authorization_servers[0].claims[0]: ",
            "exactly one of 'value', 'attribute', 'groups'",
        ),
        (
            SERVER % "claims: [{name: a, token: other, value: 1}]",
            "authorization_servers[0].claims[0].token: ",
            "'other'",
        ),
        (
            SERVER % "claims: [{name: a, token: id_token, groups: {equals: a, contains: b}}]",
            "authorization_servers[0].claims[0].groups: ",
            "exactly one of 'starts_with'",
        ),
        (
            SERVER % "claims: [{name: a, token: id_token, groups: {matches: '('}}]",
            "authorization_servers[0].claims[0].groups: ",
            "expected a regular expression",
        ),
        (
            SERVER % f"claims: [{{name: a, token: id_token, groups: {{matches: {'a' * 1001}}}}}]",
            "authorization_servers[0].claims[0].groups: ",
            "expected a regular expression of at most 1000 characters",
        ),
    ],
)
def test_a_mistake_is_reported_with_its_path_and_what_was_expected(
    tmp_path: Path, text: str, path: str, expectation: str
) -> None:
    file = tmp_path / "seed.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SeedError) as mistake:
        read_seed(file)
    message = str(mistake.value)
    assert re.match(rf"{re.escape(str(file))}:\d+:\d+: {re.escape(path)}", message)
    assert expectation in message
    assert "\n" not in message
