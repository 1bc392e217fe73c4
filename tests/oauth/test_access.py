"""Who gets tokens, and for how long: policies, assignment (facts/oauth C.1, C.5, F.7)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from mock_okta import (
    Config,
    MockOkta,
    Scope,
    Seed,
    SeedAuthorizationServer,
    SeedClient,
    SeedPolicy,
    SeedRule,
    SeedUser,
)
from tests.visiting import CALLBACK, LOGIN, PASSWORD, SPA, Visitor, claims_of

POLICY_REFUSED = (
    "Policy evaluation failed for this request, please check the policy configurations."
)


def _config(
    rules: tuple[SeedRule, ...], clients: tuple[str, ...] | None = None, **app: Any
) -> Config:
    return Config(
        seed=Seed(
            users=(
                SeedUser(login=LOGIN, password=PASSWORD, groups=("Everyone", "Testers")),
                SeedUser(login="somebody@example.com", password=PASSWORD),
            ),
            clients=(
                SeedClient(
                    name="SPA",
                    type="spa",
                    client_id=SPA,
                    login_redirect_uris=(CALLBACK,),
                    grant_types=("authorization_code", "implicit", "refresh_token"),
                    **app,
                ),
                SeedClient(name="Another app", type="web", client_id="0oa9"),
            ),
            authorization_servers=(
                SeedAuthorizationServer(
                    id="default",
                    scopes=(Scope(name="read"), Scope(name="write")),
                    policies=(SeedPolicy(clients=clients, rules=rules),),
                ),
            ),
        )
    )


@pytest.mark.parametrize(
    ("rule", "is_covered"),
    [
        ({}, True),
        ({"grant_types": ("authorization_code",)}, True),
        ({"grant_types": ("implicit",)}, False),
        ({"users": (LOGIN,)}, True),
        ({"users": ("somebody@example.com",)}, False),
        ({"groups": ("Testers",)}, True),
        ({"groups": ("Admins",)}, False),
        ({"users": ("somebody@example.com",), "groups": ("Testers",)}, True),
        ({"scopes": ("openid", "read")}, True),
        ({"scopes": ("openid",)}, False),
    ],
)
async def test_a_rule_covers_grant_user_and_all_scopes(
    shared_pool: Any, rule: Mapping[str, Any], is_covered: object
) -> None:
    async with MockOkta(_config((SeedRule(**rule),)), key_pool=shared_pool) as org:
        answer = await _signed_in(org)
    if is_covered:
        assert "code" in answer
    else:
        assert answer["error"] == "access_denied"
        assert answer["error_description"] == POLICY_REFUSED
        assert answer["state"] == "state-1"


async def _signed_in(org: MockOkta, scope: str = "openid read", **change: str) -> dict[str, str]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        visitor = Visitor(org, http)
        await visitor.sign_in()
        return (await visitor.authorize({"scope": scope, **change})).returned


@pytest.mark.parametrize(
    ("clients", "is_covered"), [((SPA,), True), (("0oa9",), False), ((), False)]
)
async def test_a_policy_is_for_its_clients(
    shared_pool: Any, clients: tuple[str, ...], is_covered: object
) -> None:
    async with MockOkta(_config((SeedRule(),), clients), key_pool=shared_pool) as org:
        assert ("code" in await _signed_in(org)) == is_covered


@pytest.mark.parametrize(
    ("app", "is_assigned"),
    [
        ({}, True),
        ({"assigned_users": (LOGIN,)}, True),
        ({"assigned_groups": ("Testers",)}, True),
        ({"assigned_users": ("somebody@example.com",)}, False),
        ({"assigned_groups": ("Admins",)}, False),
    ],
)
async def test_a_user_must_be_assigned_to_the_app(
    shared_pool: Any, app: Mapping[str, Any], is_assigned: object
) -> None:
    async with MockOkta(_config((SeedRule(),), **app), key_pool=shared_pool) as org:
        answer = await _signed_in(org)
    if is_assigned:
        assert "code" in answer
    else:
        assert answer["error"] == "access_denied"
        assert answer["error_description"] == "User is not assigned to the client application."


@pytest.fixture
def config() -> Config:
    return _config(
        (
            SeedRule(scopes=("openid", "write"), access_token_lifetime_minutes=5),
            SeedRule(
                grant_types=("authorization_code", "refresh_token"),
                access_token_lifetime_minutes=120,
                refresh_token_lifetime_minutes=600,
                refresh_token_window_minutes=60,
            ),
        )
    )


async def test_the_first_rule_that_fits_gives_the_lifetimes(visitor: Visitor) -> None:
    for scope, seconds in (("openid write", 300), ("openid read", 7200)):
        tokens = await visitor.tokens({"scope": scope})
        claims = claims_of(tokens["access_token"])
        assert tokens["expires_in"] == claims["exp"] - claims["iat"] == seconds
        identity = claims_of(tokens["id_token"])
        assert identity["exp"] - identity["iat"] == 3600


async def test_implicit_tokens_need_a_rule_for_the_implicit_grant(visitor: Visitor) -> None:
    await visitor.sign_in()
    implicit = {"response_type": "token", "scope": "openid read"}
    refused = (await visitor.authorize(implicit)).returned
    assert refused["error_description"] == POLICY_REFUSED
    short = (await visitor.authorize(implicit | {"scope": "openid write"})).returned
    assert short["expires_in"] == "300"


async def test_refresh_tokens_end_when_idle_and_at_their_absolute_end(
    org: MockOkta, visitor: Visitor
) -> None:
    org.clock.freeze()
    token = (await visitor.tokens({"scope": "openid read offline_access"}))["refresh_token"]
    for _ in range(10):
        org.clock.advance(timedelta(minutes=59))
        answer = await visitor.refresh(token)
        assert answer.status == 200
        token = answer.json()["refresh_token"]
    org.clock.advance(timedelta(minutes=10))
    assert (await visitor.refresh(token)).status == 400
    idle = (await visitor.tokens({"scope": "openid read offline_access"}))["refresh_token"]
    org.clock.advance(timedelta(minutes=60))
    assert (await visitor.refresh(idle)).status == 400


@pytest.mark.parametrize(
    ("asked", "acr"),
    [
        ("urn:okta:loa:1fa:any", "urn:okta:loa:1fa:any"),
        ("urn:okta:loa:1fa:pwd", "urn:okta:loa:1fa:pwd"),
        ("urn:okta:loa:2fa:any:ifpossible", "urn:okta:loa:2fa:any:ifpossible"),
        ("urn:okta:loa:2fa:any urn:okta:loa:1fa:pwd", "urn:okta:loa:1fa:pwd"),
        ("made:up", None),
    ],
)
async def test_both_tokens_say_which_level_of_assurance_was_reached(
    visitor: Visitor, asked: str, acr: str | None
) -> None:
    tokens = await visitor.tokens({"scope": "openid read offline_access", "acr_values": asked})
    for token in (tokens["access_token"], tokens["id_token"]):
        assert claims_of(token).get("acr") == acr
    refreshed = (await visitor.refresh(tokens["refresh_token"])).json()
    assert claims_of(refreshed["access_token"]).get("acr") == acr
    if acr is not None:
        keys = list(claims_of(tokens["access_token"]))
        assert keys[keys.index("exp") + 1] == "acr"


@pytest.mark.parametrize("asked", ["urn:okta:loa:2fa:any", "phr", "phrh"])
async def test_a_password_alone_does_not_reach_higher_levels(visitor: Visitor, asked: str) -> None:
    await visitor.sign_in()
    answer = await visitor.authorize({"scope": "openid read", "acr_values": asked})
    assert answer.returned["error"] == "unmet_authentication_requirements"


@pytest.mark.parametrize(
    "change",
    [
        {"assigned_users": (LOGIN.upper(),)},
        {"assigned_groups": ("TESTERS",)},
        {"rules": (SeedRule(users=(LOGIN.upper(),)),)},
        {"rules": (SeedRule(groups=("testers",)),)},
    ],
)
async def test_the_case_of_logins_and_group_names_makes_no_difference(
    shared_pool: Any, change: dict[str, Any]
) -> None:
    config = _config(**{"rules": (SeedRule(),), **change})
    async with MockOkta(config, key_pool=shared_pool) as org:
        assert "code" in await _signed_in(org)
