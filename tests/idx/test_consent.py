"""Consent: what users are asked to agree to before an app gets a code."""

import dataclasses
from typing import Any

import msgspec
import pytest

from mock_okta import Config, Scope, Seed, SeedAuthorizationServer, SeedClient
from tests.idx.conftest import identity
from tests.idx.enrolling import shape
from tests.idx.following import Document, Following
from tests.visiting import LOGIN, OTHER_LOGIN, PASSWORD, SEED, SPA, claims_of

ASKED = "openid must may free"
SCOPES = tuple(
    Scope(name=name, display_name=title, description=text, consent=consent)
    for name, title, text, consent in (
        ("must", "Must", "To must", "REQUIRED"),
        ("may", "", "", "FLEXIBLE"),
        ("a.b", "", "To dot", "FLEXIBLE"),
        ("free", "Free", "To be free", "IMPLICIT"),
    )
)


def _seed(*, granular: bool = False) -> Seed:
    clients = tuple(
        msgspec.structs.replace(each, consent_method="REQUIRED", granular_consent=granular)
        if each.client_id == SPA
        else each
        for each in SEED.clients
    )
    servers = (SeedAuthorizationServer(id="default", scopes=SCOPES),)
    return identity(msgspec.structs.replace(SEED, clients=clients, authorization_servers=servers))


@pytest.fixture
def config() -> Config:
    return Config(seed=_seed())


async def _asked(following: Following, scope: str = ASKED, **changes: str) -> Document:
    await following.begin(scope=scope, **changes)
    return await following.sign_in(LOGIN, PASSWORD)


async def _scopes(following: Following) -> list[str]:
    tokens = await following.tokens()
    assert claims_of(tokens["access_token"])["scp"] == tokens["scope"].split()
    return list(tokens["scope"].split())


async def test_the_user_is_asked_before_there_is_a_code(following: Following) -> None:
    document = await _asked(following)
    assert document.names == ["consent"]
    form = document.form("consent")
    assert form["scopes"] == [
        {"name": "must", "label": "Must", "value": "must", "desc": "To must"},
        {"name": "may", "label": "may", "value": "may"},
    ]
    assert shape(form["value"]) == ["consent!#"]
    issuer = document.body["authentication"]["value"]["issuer"]
    assert issuer["uri"].endswith("/oauth2/default")
    assert document.body["app"]["value"]["label"] == "SPA"
    assert document.body["user"]["value"]["identifier"] == LOGIN
    assert "successWithInteractionCode" not in document.body


async def test_a_user_who_agrees_is_not_asked_again(following: Following) -> None:
    await _asked(following)
    document = await following.take("consent", consent=True)
    assert document.interaction_code
    assert await _scopes(following) == ASKED.split()
    assert (await _asked(following)).interaction_code
    await following.begin(scope=ASKED)
    document = await following.sign_in(OTHER_LOGIN, PASSWORD)
    assert document.screen == "consent"


async def test_a_scope_that_is_new_is_asked_for_alone(following: Following) -> None:
    await _asked(following, "openid may")
    await following.take("consent", consent=True)
    document = await _asked(following)
    assert [each["name"] for each in document.form("consent")["scopes"]] == ["must"]


async def test_a_user_who_denies_gets_no_code(following: Following) -> None:
    await _asked(following)
    document = await following.take("consent", consent=False)
    assert (document.names, document.keys) == ([], ["access_denied"])
    assert "successWithInteractionCode" not in document.body
    handle = {"stateHandle": document.body["stateHandle"]}
    again = await following.introspect(**handle)
    assert again.keys == ["access_denied"]
    assert (await following.post("/idp/idx/consent", handle | {"consent": True})).status == 400
    assert (await _asked(following)).screen == "consent"


async def test_no_answer_is_said_at_the_field(following: Following) -> None:
    await _asked(following)
    document = await following.take("consent")
    assert (document.status, document.keys) == (400, ["registration.error.required"])
    assert (await following.take("consent", consent=True)).interaction_code


async def test_somebody_else_may_sign_in_instead(following: Following) -> None:
    await _asked(following)
    assert (await following.take("cancel")).screen == "identify"
    assert (await following.sign_in(OTHER_LOGIN, PASSWORD)).screen == "consent"


async def test_nothing_is_asked_for_scopes_that_need_no_consent(following: Following) -> None:
    assert (await _asked(following, "openid email free")).interaction_code


async def test_an_app_may_have_the_user_asked_again(following: Following) -> None:
    for _ in range(2):
        assert (await _asked(following, prompt="consent")).screen == "consent"
        assert (await following.take("consent", consent=True)).interaction_code


async def test_a_session_is_asked_too(following: Following) -> None:
    document = await _asked(following, "openid")
    path = f"/login/token/redirect?stateToken={document.body['stateHandle']}"
    await following.visitor.ask("GET", path)
    document = await following.begin(scope=ASKED)
    assert document.screen == "consent"
    assert (await following.take("consent", consent=True)).interaction_code


async def test_consent_cannot_be_given_before_the_sign_in(following: Following) -> None:
    document = await following.begin(scope=ASKED)
    body = {"stateHandle": document.body["stateHandle"], "consent": True}
    refused = await following.post("/idp/idx/consent", body)
    assert (refused.status, refused.screen) == (400, "identify")


def test_granular_consent_is_for_apps_that_need_consent() -> None:
    with pytest.raises(ValueError, match="goes with the consent_method 'REQUIRED'"):
        SeedClient(name="App", type="spa", granular_consent=True)


class TestGranular:
    @pytest.fixture
    def config(self) -> Config:
        return Config(seed=_seed(granular=True))

    async def test_each_scope_has_a_box_of_its_own(self, following: Following) -> None:
        document = await _asked(following, f"{ASKED} a.b")
        assert document.names == ["granular-consent"]
        form = document.form("granular-consent")
        assert form["href"].endswith("/idp/idx/consent")
        assert shape(form["value"]) == [
            "consent!?",
            "optedScopes(openid!= free!= must!= may! a.b!)",
        ]
        assert document.field("granular-consent", "optedScopes", "a.b") == {
            "name": "a.b",
            "label": "a.b",
            "desc": "To dot",
            "type": "boolean",
            "required": True,
            "value": True,
            "visible": True,
            "mutable": True,
        }

    async def test_what_is_declined_is_left_out_of_the_tokens(self, following: Following) -> None:
        await _asked(following, f"{ASKED} a.b")
        opted = {"openid": True, "free": True, "must": True, "may": False, "a.b": True}
        await following.take("granular-consent", consent=True, optedScopes=opted)
        assert await _scopes(following) == ["openid", "must", "free", "a.b"]
        document = await _asked(following)
        assert shape(document.form("granular-consent")["value"])[1] == (
            "optedScopes(openid!= must!= free!= may!)"
        )

    @pytest.mark.parametrize(
        "opted",
        [
            {},
            {"may": True},
            {"must": False, "openid": False, "free": False, "unknown": False},
            {"may": "no"},
        ],
    )
    async def test_only_an_optional_scope_that_is_unticked_is_left_out(
        self, following: Following, opted: dict[str, Any]
    ) -> None:
        await _asked(following)
        await following.take("granular-consent", consent=True, optedScopes=opted)
        assert await _scopes(following) == ASKED.split()

    async def test_a_user_who_denies_gets_no_code(self, following: Following) -> None:
        await _asked(following)
        document = await following.take("granular-consent", consent=False, optedScopes={})
        assert (document.names, document.keys) == ([], ["access_denied"])


class TestOnTheOrgsOwnPage:
    @pytest.fixture
    def config(self, hosted_config: Config) -> Config:
        return dataclasses.replace(hosted_config, seed=_seed(granular=True))

    async def _ended(self, following: Following, **answer: Any) -> dict[str, str]:
        """Answer the question on the page; what the app is told."""
        visitor = following.visitor
        await visitor.sign_in()
        change = {"scope": f"{ASKED} a.b"}
        page = await visitor.authorize(change)
        await following.introspect(stateToken=following.state_token_of(page))
        document = await following.take("granular-consent", **answer)
        left = await visitor.ask("GET", document.body["success"]["href"])
        return (await visitor.ask("GET", left.location)).returned

    async def test_what_is_declined_is_left_out_of_the_tokens(self, following: Following) -> None:
        told = await self._ended(following, consent=True, optedScopes={"may": False})
        tokens = (await following.visitor.redeem(told["code"])).json()
        assert tokens["scope"].split() == ["openid", "must", "free", "a.b"]

    async def test_a_user_who_denies_is_denied_at_the_app(self, following: Following) -> None:
        told = await self._ended(following, consent=False)
        assert (told["error"], told["state"]) == ("access_denied", "state-1")
