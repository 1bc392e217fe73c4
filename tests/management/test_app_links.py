"""GET /api/v1/users/me/appLinks and the links in it: contract I.3."""

from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from mock_okta import Config, MockOkta, SeedClient
from tests.visiting import APP, LOGIN, OTHER_LOGIN, SEED, SERVICE, SPA, Visitor

PATH = "/api/v1/users/me/appLinks"
OWN, OF_GROUP, FOREIGN = "0oa1own00000000000h7", "0oa1grp00000000000h7", "0oa1for00000000000h7"


def _assigned(client_id: str, **assigned: tuple[str, ...]) -> SeedClient:
    return SeedClient(
        name=client_id,
        type="web",
        client_id=client_id,
        login_redirect_uris=("https://app.example:8443/deep/callback", f"{APP}/callback"),
        **assigned,
    )


@pytest.fixture
def config() -> Config:
    more = (
        _assigned(OWN, assigned_users=(LOGIN,)),
        _assigned(OF_GROUP, assigned_groups=("Developers",)),
        _assigned(FOREIGN, assigned_users=(OTHER_LOGIN,)),
    )
    return Config(seed=msgspec.structs.replace(SEED, clients=(*SEED.clients, *more)))


async def test_there_are_none_without_a_session(visitor: Visitor) -> None:
    answer = await visitor.ask("GET", PATH)
    assert (answer.status, answer.json()["errorCode"]) == (403, "E0000005")


async def test_they_are_the_apps_that_the_user_is_assigned_to(
    org: MockOkta, visitor: Visitor
) -> None:
    await visitor.sign_in()
    links = (await visitor.ask("GET", PATH)).json()
    listed = {link["appInstanceId"] for link in links}
    assert {SPA, OWN, OF_GROUP} <= listed
    assert listed.isdisjoint({SERVICE, FOREIGN})
    assert [link["sortOrder"] for link in links] == list(range(len(links)))
    assert len({link["id"] for link in links}) == len(links)
    (spa,) = (link for link in links if link["appInstanceId"] == SPA)
    assert list(spa) == [
        "id",
        "label",
        "linkUrl",
        "logoUrl",
        "appName",
        "appInstanceId",
        "appAssignmentId",
        "credentialsSetup",
        "hidden",
        "sortOrder",
    ]
    assert (spa["label"], spa["appName"]) == ("SPA", "oidc_client")
    assert spa["linkUrl"].startswith(f"{org.url}/home/oidc_client/{SPA}/aln")


async def test_a_link_goes_to_the_app(visitor: Visitor) -> None:
    await visitor.sign_in()
    links = (await visitor.ask("GET", PATH)).json()
    urls = {link["appInstanceId"]: link["linkUrl"] for link in links}
    assert (await visitor.ask("GET", urls[SPA])).location == f"{APP}/"
    assert (await visitor.ask("GET", urls[OWN])).location == "https://app.example:8443/"


async def test_a_link_asks_to_sign_in_first(org: MockOkta, visitor: Visitor) -> None:
    path = f"/home/oidc_client/{SPA}/aln177a159h7Zf52X0g8"
    sign_in = urlsplit((await visitor.ask("GET", path)).location)
    assert f"{sign_in.scheme}://{sign_in.netloc}" == org.url
    assert sign_in.path == "/login/login.htm"
    assert parse_qs(sign_in.query) == {"fromURI": [path]}


@pytest.mark.parametrize("client_id", [FOREIGN, SERVICE, "0oa-made-up"])
async def test_a_link_to_an_app_that_is_not_the_user_s_leads_nowhere(
    visitor: Visitor, client_id: str
) -> None:
    await visitor.sign_in()
    answer = await visitor.ask("GET", f"/home/oidc_client/{client_id}/aln177a159h7Zf52X0g8")
    assert (answer.status, answer.json()["errorCode"]) == (404, "E0000007")
