"""`PUT /_mock/seed` over HTTP: it adds what it names and nothing else; the org can change."""

import json
from typing import Any

import pytest

from mock_okta import Config, MockOkta, Org, Seed, SeedUser
from tests.storage.counting import counting
from tests.visiting import LOGIN, PASSWORD, USER_ID, Answer, Visitor, claims_of

JSON = {"Content-Type": "application/json"}


async def _seed(visitor: Visitor, document: Any) -> Any:
    answer = await visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text
    return answer.json()


async def _org(visitor: Visitor) -> Any:
    return (await visitor.ask("GET", "/_mock/org")).json()


async def _name(visitor: Visitor) -> str:
    """The org's name, where a client and somebody who is signed out see it: it is the same."""
    signed_in = list(visitor.http.cookie_jar)
    visitor.http.cookie_jar.clear()
    found = await visitor.ask("GET", "/.well-known/webfinger?resource=okta:acct:someone")
    name = json.loads(found.body)["links"][0]["titles"]["und"]
    for path in ("/login/login.htm", "/help/login"):
        assert f"<title>{name} - " in (await visitor.ask("GET", path)).text
    visitor.http.cookie_jar.update_cookies({each.key: each for each in signed_in})
    return str(name)


async def _id(visitor: Visitor) -> str:
    return str((await visitor.ask("GET", "/.well-known/okta-organization")).json()["id"])


async def _sends_mail(visitor: Visitor) -> bool:
    await visitor.ask("DELETE", "/_mock/outbox")
    visitor.http.cookie_jar.clear()  # a browser that nobody knows
    await visitor.sign_in()
    return bool((await visitor.ask("GET", "/_mock/outbox")).json()["messages"])


@pytest.mark.parametrize("document", [{}, {"users": []}, {"clients": []}, {"org": {}}])
async def test_what_is_not_named_is_not_added(visitor: Visitor, document: Any) -> None:
    before = await _org(visitor)
    seeded = await _seed(visitor, document)
    assert seeded == {"users": [], "clients": [], "authorization_servers": []}
    assert await _org(visitor) == before
    assert await _name(visitor) == "Mock Okta"


@pytest.mark.parametrize("engine", ["classic"], ids=["whose sessions name the org"])
async def test_the_org_gets_another_name_and_keeps_its_id(visitor: Visitor) -> None:
    org_id = await _id(visitor)
    await _seed(visitor, {"org": {"name": "Second"}})
    assert await _name(visitor) == "Second"
    assert await _id(visitor) == org_id
    assert claims_of((await visitor.tokens())["id_token"])["idp"] == org_id
    session = (await visitor.ask("GET", "/api/v1/sessions/me")).json()
    assert session["idp"]["id"] == org_id
    home = await visitor.ask("GET", "/app/UserHome")
    assert "<title>Second - " in home.text


async def test_a_setting_that_is_not_named_stays(visitor: Visitor) -> None:
    assert not await _sends_mail(visitor)
    await _seed(visitor, {"org": {"new_sign_on_emails": True}})
    assert await _sends_mail(visitor)
    await _seed(visitor, {"org": {"name": "Second"}})
    assert await _sends_mail(visitor)
    assert await _name(visitor) == "Second"
    await _seed(visitor, {"org": {"new_sign_on_emails": False}})
    assert not await _sends_mail(visitor)


async def test_an_org_keeps_the_engine_that_it_was_started_with(visitor: Visitor) -> None:
    engine = (await _org(visitor))["engine"]
    await _seed(visitor, {"org": {"engine": engine, "name": "Second"}})
    other = "classic" if engine == "identity" else "identity"
    answer = await visitor.ask("PUT", "/_mock/seed", json={"org": {"engine": other}})
    assert answer.status == 400
    assert f"org.engine: the org was started with '{engine}' and keeps it" in answer.text
    unknown = await visitor.ask("PUT", "/_mock/seed", json={"org": {"engine": "oie"}})
    assert unknown.status == 400
    await _seed(visitor, {"org": {"engine": None}})
    assert (await _org(visitor))["engine"] == engine
    assert await _name(visitor) == "Second"


async def test_a_reset_brings_the_orgs_first_settings_back(visitor: Visitor) -> None:
    org_id = await _id(visitor)
    await _seed(visitor, {"org": {"name": "Second", "new_sign_on_emails": True}})
    await visitor.ask("POST", "/_mock/reset")
    assert await _name(visitor) == "Mock Okta"
    assert await _id(visitor) == org_id
    assert not await _sends_mail(visitor)


async def test_a_snapshot_has_the_orgs_settings(visitor: Visitor) -> None:
    await _seed(visitor, {"org": {"name": "Second", "new_sign_on_emails": True}})
    await visitor.ask("PUT", "/_mock/snapshots/second")
    await _seed(visitor, {"org": {"name": "Third", "new_sign_on_emails": False}})
    await visitor.ask("POST", "/_mock/snapshots/second/restore")
    assert await _name(visitor) == "Second"
    assert await _sends_mail(visitor)


class TestAnOrgWithSettings:
    @pytest.fixture
    def config(self) -> Config:
        user = SeedUser(login=LOGIN, password=PASSWORD)
        return Config(seed=Seed(org=Org(name="First", new_sign_on_emails=True), users=(user,)))

    async def test_it_starts_and_restarts_with_them(self, org: MockOkta, visitor: Visitor) -> None:
        for _ in range(2):
            assert await _name(visitor) == "First"
            assert await _sends_mail(visitor)
            await visitor.ask("POST", "/_mock/reset")
        assert org.config.seed.org.name == "First"


async def test_names_of_the_org_and_of_the_document_are_known(visitor: Visitor) -> None:
    client = {"name": "A", "type": "web", "assigned_users": [LOGIN, "new@example.com"]}
    user = {"login": "new@example.com", "password": "x"}
    token = {"token": "t", "user": USER_ID}
    await _seed(visitor, {"clients": [client], "users": [user], "api_tokens": [token]})


async def test_each_mistake_is_a_cause(visitor: Visitor) -> None:
    client = {"name": "A", "type": "web", "assigned_users": ["xyz"]}
    document = {"clients": [client], "orgs": {"name": "A"}}
    before = await _org(visitor)
    answer = await visitor.ask("PUT", "/_mock/seed", json=document)
    assert (answer.status, answer.json()["errorCode"]) == (400, "E0000001")
    assert [each["errorSummary"] for each in answer.json()["errorCauses"]] == [
        "clients[0].assigned_users[0]: there is no user 'xyz'",
        "unknown field `orgs`, did you mean 'org'?",
    ]
    assert await _org(visitor) == before


async def test_a_key_given_twice_is_refused(visitor: Visitor) -> None:
    body = b'{"users": [], "users": [{"login": "new@example.com", "password": "x"}]}'
    answer = await visitor.ask("PUT", "/_mock/seed", data=body, headers=JSON)
    assert answer.status == 400
    (cause,) = answer.json()["errorCauses"]
    assert cause["errorSummary"] == "field `users` is given twice"


YAML = {"Content-Type": "application/yaml"}


async def _put_yaml(visitor: Visitor, text: str | bytes) -> Answer:
    return await visitor.ask("PUT", "/_mock/seed", data=text, headers=YAML)


async def test_yaml_adds_as_json_does(visitor: Visitor) -> None:
    before = await _org(visitor)
    answer = await _put_yaml(
        visitor, "users:\n  - {login: new@example.com, password: mock-Pass1}\n"
    )
    assert answer.status == 200, answer.text
    logins = [each["login"] for each in (await _org(visitor))["users"]]
    assert logins == [*(each["login"] for each in before["users"]), "new@example.com"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("users:\n  - {login: a@example.com, pasword: x}", "line 2, column 28"),
        ("users: [", "is not valid YAML"),
        ("", "is not a mapping"),
        ("- users", "is not a mapping"),
        (b"users: \xff", "is not UTF-8"),
        ("users: &a\n- *a\n", "is nested too deeply"),
    ],
)
async def test_a_wrong_yaml_says_where(visitor: Visitor, text: str | bytes, said: str) -> None:
    before = await _org(visitor)
    answer = await _put_yaml(visitor, text)
    assert answer.status == 400
    assert said in answer.text
    assert "None" not in answer.text
    assert await _org(visitor) == before


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the org asks of its storage, in order."""
    asked: list[str] = []
    monkeypatch.setattr("mock_okta.process.server.in_memory", counting(asked))
    return asked


async def test_an_addition_reads_all_users_only_if_it_refers_to_some(
    asked: list[str], visitor: Visitor
) -> None:
    rule = {"name": "Some", "users": [LOGIN]}
    server = {"id": "s", "audiences": ["api://s"], "policies": [{"name": "P", "rules": [rule]}]}
    for document, reads in (
        ({"users": [{"login": "new@example.com", "password": PASSWORD}]}, False),
        ({"authorization_servers": [server]}, True),
    ):
        asked.clear()
        await _seed(visitor, document)
        assert ("users.values" in asked) is reads
