"""Mistakes in seeds: all at once, each with its place and with what was meant."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mock_okta import Config, ConfigError, Seed, SeedClient, SeedError
from mock_okta.model.seed import parse_seed, read_seed

Lines = Callable[[str, str], list[str]]

MANY = """\
org: {nam: X}
users:
  - login: tester@example.com
    passwort: x
  - login: second@example.com
    password: 123
clients:
  - name: My app
    type: spaa
  - name: Other
    type: web
    redirectUris: [localhost:3000/cb, http://localhost/#b, com.example:/cb]
    base_uris: [http://localhost:3000/]
    colour: red
trusted_origins: [http://localhost:9000, localhost]
"""
EXPECTED = """\
1:7: org: unknown field `nam`, did you mean 'name'?
4:5: users[0]: unknown field `passwort`, did you mean 'password'?
6:15: users[1].password: Expected `str`, got `int`
9:11: clients[0].type: Invalid enum value 'spaa', expected one of 'native', 'service', 'spa', \
'web', did you mean 'spa'?
12:5: clients[1]: unknown field `redirectUris`, did you mean 'login_redirect_uris'?
12:20: clients[1].redirectUris[0]: expected an absolute URI without a fragment, not \
'localhost:3000/cb', did you mean 'http://localhost:3000/cb'?
12:39: clients[1].redirectUris[1]: expected an absolute URI without a fragment, not \
'http://localhost/#b'
13:17: clients[1].base_uris[0]: expected an origin such as http://localhost:3000 (no path), not \
'http://localhost:3000/'
14:5: clients[1]: unknown field `colour`
15:42: trusted_origins[1]: expected an origin such as http://localhost:3000 (no path), not \
'localhost'
""".splitlines()

TWICE = """\
users:
- {login: a@example.com, password: b, profile: {x: 1, x: 2}}
- {login: c@example.com, login: d@example.com, password: e}
"""


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    """Write a seed file of that name, and return a line for each mistake, from its place on."""

    def told(name: str, text: str) -> list[str]:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SeedError) as error:
            read_seed(path)
        assert all(each.message for each in error.value.mistakes)
        first, *rest = str(error.value).splitlines()
        if not rest:
            return [first.removeprefix(f"{path}:").strip()]
        assert first == f"{path}: {len(rest)} mistakes"
        assert len(rest) == len(error.value.mistakes)
        return [line.removeprefix(f"  {path}:").strip() for line in rest]

    return told


def test_all_mistakes_are_reported_at_once_with_line_column_and_what_was_meant(
    lines: Lines,
) -> None:
    assert lines("seed.yaml", MANY) == EXPECTED


def test_the_value_of_a_key_that_resembles_none_much_is_not_read_as_another_s(lines: Lines) -> None:
    text = "clients: [{name: A, type: spa, groups: [Testers]}]"
    assert lines("seed.yaml", text) == [
        "1:32: clients[0]: unknown field `groups`, did you mean 'groups_claim'?"
    ]


def test_json_is_reported_with_line_and_column_too(lines: Lines) -> None:
    text = (
        '{\n\t"users": [],\n\t"clients": [\n\t\t{"name": "A\\"]", "type": "spaa"}],\n "orgs": {}}'
    )
    assert [line.partition(": ")[0] for line in lines("seed.json", text)] == ["4:28", "5:2"]


def test_toml_is_reported_with_the_path_alone(lines: Lines) -> None:
    told = lines("seed.toml", '[org]\nnam = "X"\n[[users]]\nlogin = "a"\npassword = 1')
    assert told == [
        "org: unknown field `nam`, did you mean 'name'?",
        "users[0].password: Expected `str`, got `int`",
    ]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.yaml", "org: {}\nusers: [\n", "3:1: "),
        ("a.toml", "a = 1\nb = ]", "is not valid TOML: "),
        ("a.json", '{"users": [}', "is not valid JSON: "),
    ],
)
def test_a_file_that_cannot_be_parsed_is_reported_with_the_parsers_place(
    lines: Lines, name: str, text: str, place: str
) -> None:
    (line,) = lines(name, text)
    assert line.startswith(place)
    assert re.search(r"\d+:\d+|line \d+, column \d+|byte \d+", line)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.yaml", "users: []\nclients: []\nusers: []", ["3:1: field `users` is given twice"]),
        (
            "a.yaml",
            TWICE,
            [
                "2:55: users[0].profile: field `x` is given twice",
                "3:26: users[1]: field `login` is given twice",
            ],
        ),
        (
            "a.json",
            '{"org": {"name": "A",\n"n\\u0061me": "B"}}',
            ["2:1: org: field `name` is given twice"],
        ),
    ],
)
def test_a_key_given_twice_is_a_mistake(
    lines: Lines, name: str, text: str, expected: list[str]
) -> None:
    assert lines(name, text) == expected


def test_toml_refuses_a_key_given_twice_by_itself(lines: Lines) -> None:
    (line,) = lines("a.toml", "trusted_origins = []\ntrusted_origins = []\n[org]")
    assert "is not valid TOML: Cannot overwrite a value (at line 2" in line


def test_yaml_may_use_anchors_and_replace_what_a_merge_key_brings(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text(
        "users:\n- &first {login: a@example.com, password: x, groups: &all [Everyone, Testers]}\n"
        "- {<<: *first, login: b@example.com}\n"
        "- {login: c@example.com, password: y, groups: *all}\n"
    )
    users = read_seed(path).users
    assert [(user.login, user.password) for user in users] == [
        ("a@example.com", "x"),
        ("b@example.com", "x"),
        ("c@example.com", "y"),
    ]
    assert users[1].groups == users[2].groups == ("Everyone", "Testers")


def test_a_mistake_that_a_merge_key_brings_is_reported_where_it_stands(lines: Lines) -> None:
    text = (
        "users:\n- &first {login: a@example.com, password: 1}\n- {<<: *first, login: b@example.com}"
    )
    assert [line.partition(" E")[0] for line in lines("a.yaml", text)] == [
        "2:43: users[0].password:",
        "2:43: users[1].password:",
    ]


@pytest.mark.parametrize(
    ("uri", "is_one"),
    [
        ("localhost:3000/callback", False),
        ("localhost:3000", False),
        ("LOCALHOST:3000/callback", False),
        ("app.example.com:8443/cb?x=1", False),
        ("localhost/callback", False),
        ("localhost:/callback", False),
        ("//localhost:3000/callback", False),
        ("example.com/callback", False),
        ("com.example.app:/callback", True),
        ("com.example.app://callback", True),
        ("myapp:callback", True),
        ("urn:ietf:wg:oauth:2.0:oob", True),
        ("http://localhost:3000/callback", True),
        ("http://[::1]:3000/callback", True),
    ],
)
@pytest.mark.parametrize("field", ["login_redirect_uris", "logout_redirect_uris"])
def test_a_redirect_uri_has_a_scheme(field: str, uri: str, is_one: object) -> None:
    document = {"clients": [{"name": "A", "type": "native", field: [uri]}]}
    if is_one:
        assert getattr(parse_seed(document).clients[0], field) == (uri,)
    else:
        with pytest.raises(SeedError, match=rf"clients\[0\].{field}\[0\]: expected an absolute"):
            parse_seed(document)


@pytest.mark.parametrize("uri", ["localhost:9000/jwks", "/jwks", "file:///jwks", "jwks"])
def test_the_place_of_a_key_set_is_a_url(uri: str) -> None:
    client = {
        "name": "A",
        "type": "service",
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": uri,
    }
    issuers = [{"issuer": "https://issuer.example", "jwks_uri": uri}]
    server = {"id": "default", "trusted_assertion_issuers": issuers}
    with pytest.raises(SeedError) as error:
        parse_seed({"clients": [client], "authorization_servers": [server]})
    assert [each.path for each in error.value.mistakes] == [
        "clients[0].jwks_uri",
        "authorization_servers[0].trusted_assertion_issuers[0].jwks_uri",
    ]


NAMES_OF_NOTHING = {
    "clients": [
        {"name": "A", "type": "web", "client_id": "a", "assigned_users": ["testr@example.com"]}
    ],
    "authorization_servers": [
        {
            "id": "default",
            "trusted_servers": ["defaults"],
            "policies": [{"clients": ["a", "b"], "rules": [{"users": ["nobody"]}]}],
        }
    ],
    "sign_on_policies": [{"rules": [{"users": ["testr@example.com"]}]}],
    "api_tokens": [{"token": "t", "user": "tester@exmple.com"}],
}


UNKNOWN = """\
clients[0].assigned_users[0]: there is no user 'testr@example.com', did you mean \
'tester@example.com'?
authorization_servers[0].trusted_servers[0]: there is no authorization server 'defaults', did you \
mean 'default'?
authorization_servers[0].policies[0].clients[1]: there is no client 'b'
authorization_servers[0].policies[0].rules[0].users[0]: there is no user 'nobody'
sign_on_policies[0].rules[0].users[0]: there is no user 'testr@example.com', did you mean \
'tester@example.com'?
api_tokens[0].user: there is no user 'tester@exmple.com', did you mean 'tester@example.com'?
""".splitlines()


def test_a_name_of_nothing_is_a_mistake() -> None:
    with pytest.raises(SeedError) as error:
        parse_seed(NAMES_OF_NOTHING)
    assert [str(each) for each in error.value.mistakes] == UNKNOWN


def test_a_rule_leads_to_an_identity_provider_that_is_there() -> None:
    document = {
        "identity_providers": [{"name": "Corporate", "type": "SAML2", "id": "0oa1"}],
        "routing_rules": [
            {"idp": "Corporat"},
            *({"idp": name} for name in ("Corporate", "0oa1", "OKTA")),
        ],
    }
    with pytest.raises(SeedError) as error:
        parse_seed(document)
    assert [str(each) for each in error.value.mistakes] == [
        "routing_rules[0].idp: there is no identity provider 'Corporat', did you mean 'Corporate'?"
    ]


@pytest.mark.parametrize(
    "more", [{"identity_providers": [{"name": "Corporate"}]}, {"registration": {}}]
)
def test_users_who_come_by_themselves_may_be_named_before(more: dict[str, object]) -> None:
    client = {"name": "A", "type": "web", "assigned_users": ["later@example.com"]}
    rules = [{"users": ["later@example.com"], "access": "DENY"}, {}]
    policies = [{"rules": [{"name": str(at), **rule} for at, rule in enumerate(rules)]}]
    parse_seed({"clients": [client], "sign_on_policies": policies, **more})
    with pytest.raises(SeedError, match=r"there is no user 'later@example.com'"):
        parse_seed({"clients": [client], "registration": {"enabled": False}})


def test_a_list_with_mistakes_of_its_own_makes_no_names_unknown() -> None:
    users = [{"login": "a@example.com", "password": 1}, {"login": "b@example.com"}]
    client = {"name": "A", "type": "web", "assigned_users": ["a@example.com", "c@example.com"]}
    with pytest.raises(SeedError) as error:
        parse_seed({"users": users, "clients": [{"type": "web"}, client]})
    assert [each.path for each in error.value.mistakes] == [
        "users[0].password",
        "users[1]",
        "clients[0]",
    ]


def test_a_mistake_after_one_that_is_left_out_has_its_own_index() -> None:
    client = {"name": "A", "type": "web", "assigned_users": ["nobody@example.com"]}
    twice = {"name": "B", "type": "web"}
    with pytest.raises(SeedError) as error:
        parse_seed({"clients": [{"type": "web"}, client, twice, twice]})
    assert [each.path for each in error.value.mistakes] == [
        "clients[0]",
        "clients[3]",
        "clients[1].assigned_users[0]",
    ]


def test_names_of_nothing_are_reported_for_an_org_made_in_python_too() -> None:
    client = SeedClient(name="A", type="web", assigned_users=("nobody@example.com",))
    with pytest.raises(ConfigError, match=r"seed: .* there is no user 'nobody@example.com'"):
        Config(seed=Seed(clients=(client,)))


def test_all_mistakes_of_one_thing_are_reported() -> None:
    user = {
        "login": " ",
        "password_age_days": -1,
        "profile": {"firstName": 1, "lastName": 2},
    }
    with pytest.raises(SeedError) as error:
        parse_seed({"users": [user]})
    assert [each.message for each in error.value.mistakes] == [
        "'login' must not be empty",
        "'password' must not be empty",
        "'password_age_days' is from 0 to 36500",
        "'profile.firstName' must be text",
        "'profile.lastName' must be text",
    ]
