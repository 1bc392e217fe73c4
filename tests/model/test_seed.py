"""Seed documents: what they may contain, and how mistakes are reported."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import aiohttp
import pytest
import yaml
from packaging.version import Version

from mock_okta import Config, KeyPool, MockOkta, Seed, SeedClient, SeedError, SeedUser
from mock_okta.model.seed import default_seed, parse_seed, read_seed, with_addresses
from tests.visiting import CALLBACK, LOGIN, PASSWORD, SPA, Visitor, claims_of

# libyaml counts brackets from PyYAML 6.0.4 on; before, it misses what should stand in them.
IS_COUNTED = Version(yaml.__version__) >= Version("6.0.4")
BRACKETS = "is nested too deeply" if IS_COUNTED else "is not valid YAML"

Write = Callable[[str, str], Path]

YAML = """
org: {name: My org, new_sign_on_emails: true}
users:
  - login: tester@example.com
    password: mock-Password-1
    id: 00u1
    profile: {firstName: Test, hired: 2020-01-02, at: 2020-01-02T03:04:05Z}
    groups: [Everyone, Admins]
clients:
  - name: My SPA
    type: spa
    base_uris: [http://localhost:3000]
    login_redirect_uris: [http://localhost:3000/callback]
    logout_redirect_uris: [http://localhost:3000]
authorization_servers:
  - id: default
    audiences: [api://default]
    scopes: [{name: messages.read, default: true}]
    claims: [{name: department, token: access_token, attribute: department}]
trusted_origins: [http://localhost:9000]
"""
TOML = """
trusted_origins = ["http://localhost:9000"]
[org]
name = "My org"
new_sign_on_emails = true
[[users]]
login = "tester@example.com"
password = "mock-Password-1"
id = "00u1"
groups = ["Everyone", "Admins"]
profile = {firstName = "Test", hired = 2020-01-02, at = 2020-01-02T03:04:05Z}
[[clients]]
name = "My SPA"
type = "spa"
base_uris = ["http://localhost:3000"]
login_redirect_uris = ["http://localhost:3000/callback"]
logout_redirect_uris = ["http://localhost:3000"]
[[authorization_servers]]
id = "default"
audiences = ["api://default"]
scopes = [{name = "messages.read", default = true}]
claims = [{name = "department", token = "access_token", attribute = "department"}]
"""
JSON = """{"org": {"name": "My org", "new_sign_on_emails": true},
"users": [{"login": "tester@example.com", "password": "mock-Password-1", "id": "00u1",
  "profile": {"firstName": "Test", "hired": "2020-01-02", "at": "2020-01-02T03:04:05Z"},
  "groups": ["Everyone", "Admins"]}],
"clients": [{"name": "My SPA", "type": "spa", "base_uris": ["http://localhost:3000"],
  "login_redirect_uris": ["http://localhost:3000/callback"],
  "logout_redirect_uris": ["http://localhost:3000"]}],
"authorization_servers": [{"id": "default", "audiences": ["api://default"],
  "scopes": [{"name": "messages.read", "default": true}],
  "claims": [{"name": "department", "token": "access_token", "attribute": "department"}]}],
"trusted_origins": ["http://localhost:9000"]}"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of that name, and return where it is."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.yaml", YAML), ("a.yml", YAML), ("A.YAML", YAML), ("a.toml", TOML), ("a.json", JSON)],
)
def test_yaml_toml_and_json_say_the_same(write: Write, name: str, text: str) -> None:
    seed = read_seed(write(name, text))
    assert seed == read_seed(write("other.json", JSON))
    (user,) = seed.users
    assert user.profile == {
        "firstName": "Test",
        "hired": "2020-01-02",
        "at": "2020-01-02T03:04:05Z",
    }
    assert seed.clients[0].login_redirect_uris == ("http://localhost:3000/callback",)
    assert seed.authorization_servers[0].scopes[0].default


@pytest.mark.parametrize(("name", "text"), [("a.yaml", ""), ("a.toml", ""), ("a.json", "{}")])
def test_an_empty_file_is_the_default_org(write: Write, name: str, text: str) -> None:
    assert read_seed(write(name, text)) == default_seed()


USER = "users:\n- {login: a@example.com, password: x, profile: {%s}}"


@pytest.mark.parametrize(
    ("name", "text", "expectation"),
    [
        ("a.yaml", "users: [", "is not valid YAML: "),
        ("a.yaml", "users:\n\t- a", "is not valid YAML: "),
        ("a.yaml", "---\n{}\n---\n{}", "is not valid YAML: "),
        ("a.yaml", "!!python/object/apply:os.system [echo]", "is not valid YAML: "),
        ("a.yaml", USER % "hired: 2020-02-31", "is not valid YAML: day is out of range"),
        ("a.yaml", "users: &a\n- *a\n", "is nested too deeply"),
        ("a.yaml", "[" * 5000, BRACKETS),
        ("a.toml", "a = ", "is not valid TOML: "),
        ("a.json", "", "is not valid JSON: "),
        ("a.json", "{", "is not valid JSON: "),
        ("a.json", '{"users":' + "[" * 100_000, "is nested too deeply"),
        ("a.txt", "{}", "ends in .yaml, .toml or .json, not '.txt'"),
        ("a", "{}", "ends in .yaml, .toml or .json, not ''"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    write: Write, name: str, text: str, expectation: str
) -> None:
    file = write(name, text)
    with pytest.raises(SeedError) as mistake:
        read_seed(file)
    assert re.match(rf"{re.escape(str(file))}(:\d+:\d+)?: ", str(mistake.value))
    assert expectation in str(mistake.value)
    assert "\n" not in str(mistake.value)


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.yaml", tmp_path):
        with pytest.raises(SeedError, match=r"cannot be read|no seed in this folder"):
            read_seed(path)
    (tmp_path / "utf16.json").write_bytes("{}".encode("utf-16"))
    with pytest.raises(SeedError, match="cannot be read: 'utf-8'"):
        read_seed(tmp_path / "utf16.json")


def test_a_document_that_is_nothing_is_the_default_org() -> None:
    assert parse_seed(None) == Seed() == default_seed()


def test_mistakes_in_python_are_reported_too() -> None:
    with pytest.raises(ValueError, match="'login' must not be empty"):
        SeedUser(login="", password="x")
    with pytest.raises(ValueError, match="'profile' must be JSON data"):
        SeedUser(login="a", password="x", profile={"what": object()})
    with pytest.raises(ValueError, match="expected an origin"):
        SeedClient(name="A", type="spa", base_uris=("http://localhost/",))


@pytest.mark.parametrize(
    ("kind", "grant_types"),
    [
        ("spa", ("authorization_code", "refresh_token")),
        ("web", ("authorization_code", "refresh_token")),
        ("native", ("authorization_code", "refresh_token")),
        ("service", ("client_credentials",)),
    ],
)
def test_grant_types_left_out_are_the_types(kind: str, grant_types: tuple[str, ...]) -> None:
    seed = parse_seed({"clients": [{"name": "A", "type": kind}]})
    assert seed.clients[0].allowed_grant_types == grant_types


def test_the_default_org_has_what_a_newcomer_needs() -> None:
    seed = default_seed()
    assert [(user.login, user.password) for user in seed.users] == [(LOGIN, PASSWORD)]
    clients = {client.type: client for client in seed.clients}
    assert clients["spa"].client_id == SPA
    assert set(clients["spa"].allowed_grant_types) == {
        "authorization_code",
        "implicit",
        "refresh_token",
        "interaction_code",
    }
    assert "interaction_code" in clients["web"].allowed_grant_types
    assert clients["web"].client_id == "0oa1web00000000000h7"
    assert clients["service"].client_id == "0oa1svc00000000000h7"
    assert "http://localhost:8080" in clients["spa"].base_uris
    for client in (clients["spa"], clients["web"]):
        assert CALLBACK in client.login_redirect_uris
        assert "https://localhost:3000/login/callback" in client.login_redirect_uris
    (server,) = seed.authorization_servers
    assert (server.id, server.audiences) == ("default", ("api://default",))
    assert [scope.name for scope in server.scopes] == ["messages.read"]


def test_more_addresses_are_given_to_every_client_with_any_use_for_them() -> None:
    origin = "http://localhost:4444"
    uri = f"{origin}/in"
    seed = with_addresses(default_seed(), (uri, uri, CALLBACK), (origin,))
    for client in seed.clients:
        has_use = client.type != "service"
        assert client.login_redirect_uris.count(uri) == has_use
        assert client.base_uris.count(origin) == has_use
        assert (origin in client.logout_redirect_uris) is has_use
        assert (f"{origin}/" in client.logout_redirect_uris) is has_use
        assert client.login_redirect_uris.count(CALLBACK) == has_use


def test_no_more_addresses_change_nothing() -> None:
    assert with_addresses(default_seed(), (), ()) == default_seed()


@pytest.mark.parametrize(
    ("redirect_uris", "origins", "expectation"),
    [
        (("/in",), (), "expected an absolute URI without a fragment, not '/in'"),
        ((), ("localhost:3000",), "expected an origin such as"),
        ((), ("http://localhost:3000/",), "(no path), not 'http://localhost:3000/'"),
    ],
)
def test_bad_addresses_are_reported(
    redirect_uris: tuple[str, ...], origins: tuple[str, ...], expectation: str
) -> None:
    with pytest.raises(SeedError) as mistake:
        with_addresses(default_seed(), redirect_uris, origins)
    assert expectation in str(mistake.value)


@pytest.fixture
def config(write: Write, request: pytest.FixtureRequest) -> Config:
    """An org whose user's profile, as YAML, is the test's parameter."""
    text = USER.replace("a@example.com", LOGIN).replace("password: x", f"password: {PASSWORD}")
    seed = read_seed(write("seed.yaml", f"{text % request.param}\n{DEPARTMENT}"))
    clients = default_seed().clients
    return Config(
        seed=Seed(
            users=seed.users, authorization_servers=seed.authorization_servers, clients=clients
        )
    )


DEPARTMENT = """
authorization_servers:
- id: default
  claims: [{name: odd, token: access_token, attribute: odd}]
"""


@pytest.mark.parametrize(
    ("config", "claim"),
    [
        ("odd: 2020-01-02", "2020-01-02"),
        ("odd: 2020-01-02T03:04:05Z", "2020-01-02T03:04:05Z"),
        ("odd: 1.5", 1.5),
        ("odd: 1000000000000000000000000000000", 10**30),
        ("odd: [a, {b: c}]", ["a", {"b": "c"}]),
        ("odd: !!binary aGk=", "aGk="),
        ("odd: ~", None),
        ("odd: .inf", None),
    ],
    indirect=["config"],
)
async def test_whatever_yaml_holds_in_a_profile_makes_good_tokens(
    visitor: Visitor, claim: object
) -> None:
    tokens = await visitor.tokens({"scope": "openid profile"})
    assert claims_of(tokens["access_token"]).get("odd") == claim
    assert (await visitor.userinfo(tokens["access_token"])).status == 200
    await visitor.sign_in()
    assert (await visitor.ask("GET", "/api/v1/users/me")).status == 200


async def test_dates_given_from_python_make_good_tokens_too(shared_pool: KeyPool) -> None:
    user = SeedUser(login=LOGIN, password=PASSWORD, profile={"birthdate": date(2000, 2, 29)})
    seed = Seed(
        users=(user,),
        clients=default_seed().clients,
        authorization_servers=default_seed().authorization_servers,
    )
    async with (
        MockOkta(Config(seed=seed), key_pool=shared_pool) as org,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        visitor = Visitor(org, http)
        tokens = await visitor.tokens({"scope": "openid profile"})
        userinfo = await visitor.userinfo(tokens["access_token"])
        assert userinfo.json()["birthdate"] == "2000-02-29"
