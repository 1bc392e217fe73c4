"""An app's groups claim filter, only at the org authorization server (facts/oauth F.5)."""

from typing import Any

import msgspec
import pytest

from mock_okta import Config, GroupsClaim
from tests.visiting import CALLBACK, SEED, SPA, USER_ID, Visitor, claims_of

FILTERED, UNFILTERED = SPA, "0oa2spa00000000000h7"
SCOPE = "openid groups"


@pytest.fixture
def groups_claim() -> GroupsClaim:
    """Override: the filter of the app."""
    return GroupsClaim(starts_with="De")


@pytest.fixture
def config(groups_claim: GroupsClaim) -> Config:
    first, *others = SEED.clients
    filtered = msgspec.structs.replace(first, groups_claim=groups_claim)
    return Config(seed=msgspec.structs.replace(SEED, clients=(filtered, *others)))


async def told(
    visitor: Visitor, client_id: str = FILTERED, *, server: str = "org", scope: str = SCOPE
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What ID token, access token and userinfo say."""
    tokens = await visitor.tokens({"client_id": client_id, "scope": scope}, server=server)
    userinfo = (await visitor.userinfo(tokens["access_token"], server=server)).json()
    return claims_of(tokens["id_token"]), claims_of(tokens["access_token"]), userinfo


async def test_id_token_and_userinfo_list_the_groups_that_fit(visitor: Visitor) -> None:
    id_token, access_token, userinfo = await told(visitor)
    assert id_token["groups"] == ["Developers", "Designers"]
    assert userinfo == {"sub": USER_ID, "groups": ["Developers", "Designers"]}
    assert "groups" not in access_token


@pytest.mark.parametrize("response_type", ["id_token", "id_token token", "code id_token"])
async def test_so_do_id_tokens_of_the_authorize_endpoint(
    visitor: Visitor, response_type: str
) -> None:
    token = {"sessionToken": await visitor.session_token()}
    asked = {"response_type": response_type, "scope": SCOPE, "redirect_uri": CALLBACK}
    answer = await visitor.authorize(token | asked, server="org")
    assert claims_of(answer.returned["id_token"])["groups"] == ["Developers", "Designers"]


async def test_an_app_without_a_filter_gets_no_groups(visitor: Visitor) -> None:
    id_token, access_token, userinfo = await told(visitor, UNFILTERED)
    assert all("groups" not in each for each in (id_token, access_token, userinfo))


async def test_the_claim_needs_the_scope(visitor: Visitor) -> None:
    id_token, _, userinfo = await told(visitor, scope="openid")
    assert "groups" not in id_token
    assert "groups" not in userinfo


async def test_a_custom_server_has_claims_of_its_own_instead(visitor: Visitor) -> None:
    id_token, _, userinfo = await told(visitor, server="default", scope="openid")
    assert "groups" not in id_token
    assert "groups" not in userinfo


@pytest.mark.parametrize(
    ("groups_claim", "name", "groups"),
    [
        (GroupsClaim(equals="Everyone"), "groups", ["Everyone"]),
        (GroupsClaim(contains="sign"), "groups", ["Designers"]),
        (GroupsClaim(regex="D.*"), "groups", ["Developers", "Designers"]),
        (GroupsClaim(regex="eve"), "groups", []),
        (GroupsClaim(name="teams", regex=".*"), "teams", [*SEED.users[0].groups]),
    ],
)
async def test_the_filter_is_one_of_four_and_the_claim_has_a_name_of_its_own(
    visitor: Visitor, name: str, groups: list[str]
) -> None:
    id_token, _, userinfo = await told(visitor)
    assert id_token[name] == userinfo[name] == groups
    assert {"groups", "teams"} & id_token.keys() == {name}
