"""What a seed leaves out is the default org's; what it gives as empty is empty."""

import pytest

from mock_okta import Config, MockOkta, Org, Seed, SeedAuthorizationServer, SeedUser
from mock_okta.model.seed import default_seed, parse_seed
from tests.visiting import Visitor

ANN = SeedUser(login="ann@example.com", password="mock-Password-1")


@pytest.mark.parametrize(
    "seed",
    [Seed(users=(ANN,)), parse_seed({"users": [{"login": ANN.login, "password": ANN.password}]})],
    ids=["python", "document"],
)
def test_users_alone_leave_the_apps_and_the_server(seed: Seed) -> None:
    assert seed.users == (ANN,)
    assert seed.clients == default_seed().clients
    assert seed.authorization_servers == default_seed().authorization_servers
    assert seed.org == Org(name="Mock Okta")


@pytest.mark.parametrize("name", ["users", "clients", "authorization_servers"])
def test_what_is_given_as_empty_is_empty(name: str) -> None:
    for seed in (parse_seed({name: []}), Seed(**{name: ()})):
        assert getattr(seed, name) == ()
        for other in {"users", "clients", "authorization_servers"} - {name}:
            assert getattr(seed, other) == getattr(default_seed(), other)


def test_what_is_given_replaces_the_default() -> None:
    seed = parse_seed({"authorization_servers": [{"id": "other"}]})
    assert [server.id for server in seed.authorization_servers] == ["other"]


def test_a_null_is_not_empty() -> None:
    with pytest.raises(ValueError, match=r"users: Expected `array`, got `null`"):
        parse_seed({"users": None})


def test_a_default_user_may_be_named() -> None:
    client = {"name": "A", "type": "web", "assigned_users": ["tester@example.com"]}
    assert parse_seed({"clients": [client]}).clients[0].assigned_users == ("tester@example.com",)


def test_a_seed_made_in_python_says_what_was_given_alone() -> None:
    assert Seed().seed_document() == {}
    assert list(Seed(users=(ANN,)).seed_document()) == ["users"]
    assert Seed(clients=()).seed_document() == {"clients": ()}
    document = Seed(authorization_servers=(SeedAuthorizationServer(id="a"),)).seed_document()
    assert parse_seed(document).authorization_servers[0] == SeedAuthorizationServer(id="a")


class TestAnOrgOfUsersAlone:
    @pytest.fixture
    def config(self) -> Config:
        return Config(seed=Seed(users=(ANN,)))

    async def test_its_user_gets_tokens_by_the_default_app(
        self, org: MockOkta, visitor: Visitor
    ) -> None:
        described = (await visitor.ask("GET", "/_mock/org")).json()
        assert [user["login"] for user in described["users"]] == [ANN.login]
        assert described["issuers"]["default"] == org.issuer()
        body = {"username": ANN.login, "password": ANN.password}
        token = (await visitor.ask("POST", "/api/v1/authn", json=body)).json()["sessionToken"]
        answer = await visitor.authorize({"sessionToken": token})
        assert "code" in answer.returned
